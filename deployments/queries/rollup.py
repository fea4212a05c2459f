"""The one selector behind every figure of strength and readiness per region and agency."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q, Subquery

from deployments.enums import AccountPart, Light
from deployments.models import (
    ExpectedReport,
    ReadinessReport,
    StrengthDeclaration,
)
from deployments.queries.changes import Changes
from deployments.queries.group_lights import Groups, held_of, place_light
from deployments.queries.ledger import positions
from deployments.queries.lights import scales
from deployments.queries.needs import guard_needs
from deployments.queries.places import parent_code
from deployments.queries.reported import Reported
from deployments.queries.rows import RollupRow
from deployments.queries.shares import spread
from portal import clock
from portal.registry.enums import PROVINCE
from portal.registry.models import Agency, Operation, Region

LEVELS = (Region.Level.PROVINCE, Region.Level.REGENCY, Region.Level.DISTRICT)
DEPTH = {level: depth for depth, level in enumerate(LEVELS)}


def latest_cut_off(operation: Operation, at: datetime) -> datetime | None:
    """The newest cut-off that has passed at that moment."""
    passed = ExpectedReport.objects.filter(operation=operation, cut_off_at__lte=at)
    return passed.aggregate(newest=Max("cut_off_at"))["newest"]


def rollup_rows(
    operation: Operation,
    *,
    level: str,
    agency_slug: str | None = None,
    at: datetime,
    within: str | None = None,
) -> list[RollupRow]:
    """The figures of every region of the level, by agency and region code.

    `agency_slug`: only that agency; else every agency that declared, placed or reports anybody.
    `within`: only regions inside that code. Regions without anybody have their row of zeros.
    """
    return rollup_levels(operation, levels=[level], agency_slug=agency_slug, at=at, within=within)[
        level
    ]


def rollup_levels(
    operation: Operation,
    *,
    levels: Sequence[str],
    agency_slug: str | None = None,
    at: datetime,
    within: str | None = None,
) -> dict[str, list[RollupRow]]:
    """The rows of several levels out of one reading, so that they cannot disagree."""
    reader = _Reader(
        operation, at, agency_slug, max(DEPTH[Region.Level(level)] for level in levels)
    )
    return {level: reader.rows(level, within) for level in levels}


@dataclass
class _Place:
    """What one agency has at exactly one region code, parts of it not included."""

    engaged: int = 0
    standby: int = 0
    reserve: int = 0

    @property
    def people(self) -> int:
        return self.engaged + self.standby + self.reserve


class _Reader:
    """Reads everything once, whatever the number of rows."""

    def __init__(self, operation: Operation, at: datetime, agency_slug: str | None, depth: int):
        self.operation = operation
        self.at = at
        agencies = Agency.objects.order_by("position")
        if agency_slug is not None:
            agencies = agencies.filter(slug=agency_slug)
        self.agencies = {agency.pk: agency for agency in agencies}
        self.cut_off = latest_cut_off(operation, at)
        inside = Q(code=PROVINCE) | Q(code__startswith=f"{PROVINCE}.")
        regions = Region.objects.filter(inside, level__in=LEVELS[: depth + 1]).order_by("code")
        self.regions = {region.code: region for region in regions}
        self.declared = {
            declaration.agency_id: declaration
            for declaration in StrengthDeclaration.objects.newest(self.operation, self.at).filter(
                agency__in=self.agencies
            )
        }
        self.places = self._places()
        self.needs = guard_needs(self.operation, self.at)
        self.reported = Reported(operation, at, self.cut_off, self.agencies, self.regions)
        self.silent = self._silent()
        self.changes = Changes(operation, at, self.cut_off, self.agencies)
        self.scales = scales(at)

    def rows(self, level: str, within: str | None) -> list[RollupRow]:
        """The level's regions, then what the regions around them have not distributed."""
        depth = DEPTH[Region.Level(level)]
        inside = [
            region
            for code, region in self.regions.items()
            if DEPTH[Region.Level(region.level)] <= depth
            if within is None or code == within or code.startswith(f"{within}.")
        ]
        return [
            self._row(region, agency, own_only=DEPTH[Region.Level(region.level)] < depth)
            for agency in self._in_play()
            for region in sorted(inside, key=lambda region: (region.level != level, region.code))
            if region.level == level or self._has_own(region.code, agency.pk)
        ]

    def _in_play(self) -> list[Agency]:
        present = set(self.declared) | {agency for agency, _code in self.places}
        present |= {agency for agency, _code in self.reported.rows}
        return [agency for pk, agency in self.agencies.items() if pk in present]

    def _has_own(self, code: str, agency: int) -> bool:
        """The province's own row always stands, so that the columns visibly add up."""
        if code == PROVINCE or self.places.get((agency, code)):
            return True
        return any(self.reported.own(agency, code).values())

    def _places(self) -> dict[tuple[int, str], _Place]:
        found: dict[tuple[int, str], _Place] = defaultdict(_Place)
        day = clock.local(self.at).date()
        for position in spread(positions(self.operation, day, self.at, self.agencies), self.at):
            if position.part == AccountPart.NOT_ITEMISED:
                continue
            place = found[position.agency, self._known(position.region)]
            setattr(place, position.part, getattr(place, position.part) + position.people)
        return dict(found)

    def _known(self, code: str) -> str:
        """The region itself, or the nearest one around it that this level looks at."""
        while code not in self.regions:
            code = parent_code(code)
        return code

    def _silent(self) -> dict[tuple[int, str], datetime]:
        """Since when the longest-silent missing unit has said nothing, by agency and region."""
        standing = ReadinessReport.objects.standing_at(self.at).filter(unit=OuterRef("unit"))
        before = standing.filter(cut_off_at__lt=self.cut_off or self.at).order_by("-cut_off_at")
        missing = ExpectedReport.objects.filter(
            ~Exists(standing.filter(cut_off_at=self.cut_off)),
            operation=self.operation,
            cut_off_at=self.cut_off,
            agency__in=self.agencies,
            region__in=list(self.regions),
        ).annotate(last=Subquery(before.values("submitted_at")[:1]))
        found: dict[tuple[int, str], datetime] = {}
        for agency, code, last in missing.values_list("agency_id", "region_id", "last"):
            if last is not None:
                key = (agency, code)
                found[key] = min(found.get(key, last), last)
        return found

    def _below(self, code: str, keys: Iterable[tuple[int, str]], agency: int) -> list[str]:
        prefix = f"{code}."
        return [c for a, c in keys if a == agency and (c == code or c.startswith(prefix))]

    def _row(self, region: Region, agency: Agency, *, own_only: bool) -> RollupRow:
        code, pk = region.code, agency.pk
        codes = [code] if own_only else self._below(code, self.places, pk)
        places = [self.places[pk, part] for part in codes if (pk, part) in self.places]
        whole = self.reported.rows.get((pk, code))
        reports = self.reported.own(pk, code) if own_only else self.reported.whole(pk, code)
        groups = self.reported.groups(pk, code, own_only=own_only)
        states = self.reported.states(pk, code, own_only=own_only)
        declaration = self.declared.get(pk)
        people = sum(place.people for place in places)
        missing_people = self._not_itemised(pk) if code == PROVINCE else 0
        engaged = sum(place.engaged for place in places)
        need = None if own_only else self._need(region, pk)
        silent_codes = [code] if own_only else self._below(code, self.silent, pk)
        # Of what stands in none of its parts only this is known: whether there is any.
        reported = whole if reports["received"] or reports["total"] else None
        since = min(
            (self.silent[pk, c] for c in silent_codes if (pk, c) in self.silent), default=None
        )
        moments = filter(None, (self.changes.newest(pk, code), since))
        return RollupRow(
            region=code,
            region_name=region.name,
            region_level=region.level,
            undistributed=own_only,
            agency=agency.slug,
            agency_short=agency.short_name,
            declared=people + missing_people,
            engaged=engaged,
            standby=sum(place.standby for place in places),
            reserve=sum(place.reserve for place in places),
            not_itemised=missing_people,
            need=need,
            gap=None if need is None or self._unplaced(region, pk) else need - engaged,
            expected_reports=reports["expected"],
            received_reports=reports["received"],
            late_reports=reports["late"],
            missing_reports=reports["missing"],
            verified_reports=reports["verified"],
            states=states,
            groups=groups,
            scales=self.scales,
            total=reports["total"],
            present=reports["present"],
            reported_engaged=reports["engaged"],
            reported_standby=reports["standby"],
            reported_reserve=reports["reserve"],
            light=self._light(region, pk, reports, groups, states),
            silent_since=since,
            conflicts=reports["conflicts"],
            as_of=max(moments, default=None),
            reports_as_of=reported["as_of"] if reported else None,
            final=bool(declaration and declaration.final)
            and reports["received"] == reports["expected"],
            cut_off_at=self.cut_off,
        )

    def _not_itemised(self, agency: int) -> int:
        declaration = self.declared.get(agency)
        if declaration is None:
            return 0
        parts = sum(
            place.people for (owner, _code), place in self.places.items() if owner == agency
        )
        return declaration.total - parts

    def _unplaced(self, region: Region, agency: int) -> bool:
        """Whether people are engaged in the regency around a district without saying in which: then
        nobody knows what the district lacks."""
        if region.level != Region.Level.DISTRICT:
            return False
        around = self.places.get((agency, parent_code(region.code)))
        return bool(around and around.engaged)

    def _need(self, region: Region, agency: int) -> int | None:
        return self.needs.get((agency, region.code))

    def _light(
        self,
        region: Region,
        agency: int,
        reports: dict[str, int],
        groups: Groups,
        states: dict[str, int] | None,
    ) -> str:
        if region.level == Region.Level.DISTRICT and not reports["total"]:
            # No report is expected from a district; it is silent with the regency around it.
            above = self.reported.rows.get((agency, parent_code(region.code)))
            if not above or not above["expected"]:
                return ""
            return self._silence(agency, region).value
        return place_light(reports, groups, self.scales, states)

    def _silence(self, agency: int, district: Region) -> Light:
        states = self.reported.states(agency, parent_code(district.code), own_only=False)
        around = self.reported.whole(agency, parent_code(district.code))
        return Light.HELD if held_of(states) == around["expected"] else Light.SILENT
