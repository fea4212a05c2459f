"""What is probably the same: scored by time, place, type and words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from incidents.models import Incident, PublicReport
from incidents.queries.distances import Point, kilometres
from portal.access.actor import Actor
from portal.registry.models.region import regency_code

AROUND = timedelta(days=2)
LOOKED_AT = 300
ALIKE = 7.0
NEAR_KM = 1.0
WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True)
class Trait:
    """What two accounts of one event have in common."""

    type: str
    region: str
    at: datetime
    words: frozenset[str]
    point: tuple[float, float] | None


def words_of(*texts: str) -> frozenset[str]:
    return frozenset(WORD.findall(" ".join(texts).lower()))


def likeness(one: Trait, other: Trait) -> float:
    """0 to 13: type 2, place 3 (1 for the same kabupaten/kota), nearness 1, time 3, words 4."""
    score = 2.0 if one.type == other.type else 0.0
    same_place = one.region == other.region and one.region.count(".") > 1
    if same_place or _near(one.point, other.point):
        score += 3
    elif regency_code(one.region) == regency_code(other.region):
        score += 1
    apart = abs(one.at - other.at)
    score += 3 if apart <= timedelta(hours=2) else 2 if apart <= timedelta(hours=6) else 0
    fewer = min(len(one.words), len(other.words))
    if fewer:
        score += 4 * len(one.words & other.words) / fewer
    return score + (1 if same_place and _near(one.point, other.point) else 0)


def _near(one: tuple[float, float] | None, other: tuple[float, float] | None) -> bool:
    if one is None or other is None:
        return False
    return kilometres(Point(*one, exact=True), Point(*other, exact=True)) <= NEAR_KM


def trait_of(report: PublicReport) -> Trait:
    return Trait(
        report.subject.type_id,
        report.region_id,
        report.occurred_at,
        words_of(report.text),
        _point(report),
    )


def _point(row: Any) -> tuple[float, float] | None:
    return None if row.latitude is None else (row.latitude, row.longitude)


def similar_reports(
    rows: QuerySet[PublicReport], trait: Trait, *, apart_from: int | None = None, limit: int = 5
) -> list[PublicReport]:
    """Of those rows the ones that probably tell of the same, the likeliest first."""
    near = rows.filter(
        region__code__startswith=regency_code(trait.region),
        occurred_at__range=(trait.at - AROUND, trait.at + AROUND),
    ).exclude(pk=apart_from)
    near = near.select_related("subject").defer("stems").order_by("-received_at", "-pk")
    return _likeliest(((trait_of(row), row) for row in near[:LOOKED_AT]), trait, limit)


def similar_incidents(actor: Actor, trait: Trait, *, limit: int = 5) -> list[Incident]:
    """Incidents in sight that a report probably tells of, the likeliest first."""
    near = Incident.objects.visible_to(actor).filter(
        region__code__startswith=regency_code(trait.region),
        occurred_at__range=(trait.at - AROUND, trait.at + AROUND),
    )
    near = near.defer("stems").order_by("-reported_at", "-pk")
    return _likeliest(
        (
            (
                Trait(
                    row.type_id,
                    row.region_id,
                    row.occurred_at,
                    words_of(row.title, row.chronology),
                    _point(row),
                ),
                row,
            )
            for row in near[:LOOKED_AT]
        ),
        trait,
        limit,
    )


def _likeliest(known: Iterable[tuple[Trait, Any]], trait: Trait, limit: int) -> list[Any]:
    scored = [(likeness(trait, other), row) for other, row in known]
    scored = [pair for pair in scored if pair[0] >= ALIKE]
    scored.sort(key=lambda pair: -pair[0])
    return [row for _score, row in scored[:limit]]
