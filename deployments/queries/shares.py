"""How the people of a unit over several districts are split: by the share that its agency declared,
whole persons by the largest remainder, and what no share accounts for stays undistributed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count

from deployments.models import DistrictShare
from deployments.queries.ledger import Position
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.registry.models import Region, Unit, UnitDistrict

Shares = Mapping[str, Decimal]
"""Parts of a unit by district code; together at most 1."""
REST = "\uffff"
"""Who is in no district; last where remainders are equal."""


def split(number: int, shares: Mapping[str, Decimal | Fraction]) -> dict[str, int]:
    """Whole persons by district, by the largest remainder; of equal remainders the smaller code is
    served first. What the shares leave open is one more claimant and not in the answer, so the
    districts never exceed `number`."""
    given = _with_rest(number, shares)
    del given[REST]
    return given


def _with_rest(number: int, shares: Mapping[str, Decimal | Fraction]) -> dict[str, int]:
    rest = 1 - sum((Fraction(share) for share in shares.values()), Fraction(0))
    claims = {code: number * Fraction(share) for code, share in sorted(shares.items())}
    claims[REST] = number * rest
    given = {code: int(claim) for code, claim in claims.items()}
    order = sorted(claims, key=lambda code: (given[code] - claims[code], code))
    for code in order[: number - sum(given.values())]:
        given[code] += 1
    return given


def split_report(values: Mapping[str, int], shares: Shares) -> list[dict[str, Any]]:
    """A report's people by district. Rounding alone could put one more present into a district than
    there are; he goes to the first one that has room."""
    total = _with_rest(values["total"], shares)
    wanted = _with_rest(values["present"], shares)
    present = {code: min(wanted[code], total[code]) for code in total}
    left = values["present"] - sum(present.values())
    for code in total:
        more = min(left, total[code] - present[code])
        present[code] += more
        left -= more
    others = {name: split(values[name], shares) for name in ("engaged", "standby", "reserve")}
    return [
        {
            "region": code,
            "total": total[code],
            "present": present[code],
            **{name: parts[code] for name, parts in others.items()},
        }
        for code in sorted(shares)
    ]


def declared_shares(units: Iterable[int], at: datetime) -> dict[int, dict[str, Decimal]]:
    """Per unit id the shares that held at that moment."""
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    rows = DistrictShare.objects.declared(at).filter(unit__in=set(units))
    for unit, district, share in rows.values_list("unit_id", "district_id", "share"):
        found[unit][district] = share
    return dict(found)


def spread(positions: Collection[Position], at: datetime) -> Iterator[Position]:
    """The positions, those of a wider region split over the districts inside it by their unit's
    shares; nobody is lost and nobody counted twice."""
    units = {position.unit for position in positions if position.unit}
    shares = declared_shares(units, at)
    for position in positions:
        known = shares.get(position.unit or 0, {})
        inside = {c: Fraction(s) for c, s in known.items() if c.startswith(f"{position.region}.")}
        if not inside:
            yield position
            continue
        # Who is known to be in this region is in none of the unit's districts outside it.
        within = sum(inside.values()) + 1 - sum(Fraction(share) for share in known.values())
        parts = split(position.people, {code: share / within for code, share in inside.items()})
        for code, people in parts.items():
            if people:
                yield replace(position, region=code, people=people)
        if rest := position.people - sum(parts.values()):
            yield replace(position, people=rest)


@dataclass(frozen=True)
class UnitShares:
    """A unit over several districts, and how much of it is declared. Per cent."""

    slug: str
    name: str
    agency: str
    districts: int
    percent: Decimal

    @property
    def rest(self) -> Decimal:
        return 100 - self.percent


def shared_units(actor: Actor, at: datetime) -> list[UnitShares]:
    """The units that cover several districts and whose split the actor may declare."""
    rows = (
        Unit.objects.filter(is_active=True)
        .select_related("agency")
        .annotate(number=Count("coverage"))
        .filter(number__gt=1)
        .order_by("agency__position", "path")
    )
    units = [unit for unit in rows if may(actor, Permission.DEPLOYMENT_EDIT, unit)]
    shares = declared_shares((unit.pk for unit in units), at)
    return [
        UnitShares(
            slug=unit.slug,
            name=unit.short_name,
            agency=unit.agency.short_name,
            districts=unit.number,
            percent=sum(shares.get(unit.pk, {}).values(), Decimal(0)) * 100,
        )
        for unit in units
    ]


def covered_districts(unit: Unit) -> list[Region]:
    """The districts over which the unit may be split, by code."""
    codes = UnitDistrict.objects.filter(unit=unit).values("district")
    return list(Region.objects.filter(pk__in=codes).select_related("parent").order_by("code"))
