"""The commander's numbers: the same selectors as the map, the lists and the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from deployments.enums import LIGHT_BADGE, Light
from deployments.maps import words
from deployments.queries import ReadinessSummary, StrengthTable, readiness_summary, strength_table
from deployments.queries.strength import StrengthRow, longest_silent
from portal.access.actor import Actor
from portal.registry.models import Operation

TOP = 3


@dataclass(frozen=True)
class Place:
    """A region that needs a look, with the figure that says why; without a page of its own where
    it is the units of the whole province."""

    name: str
    url: str
    figure: str
    note: str


@dataclass(frozen=True)
class LightCount:
    badge: str
    label: str
    count: int


@dataclass(frozen=True)
class Situation:
    strength: StrengthTable
    readiness: ReadinessSummary
    lights: list[LightCount]
    short: list[Place]
    silent: list[Place]
    silent_count: int


def situation(actor: Actor, operation: Operation, at: datetime) -> Situation:
    """Strength by agency, lights of the regencies, the greatest gaps, and who is silent."""
    table = strength_table(operation, at)
    whole = list(table.totals.by_agency.values()) if table.totals else []
    regencies = [row for row in table.rows if not row.undistributed]
    short = sorted(
        (row for row in regencies if (row.gap or 0) > 0), key=lambda row: -(row.gap or 0)
    )
    silent = longest_silent(row for row in table.rows if row.silent)
    return Situation(
        strength=table,
        readiness=readiness_summary(operation, at, whole),
        lights=light_counts(regencies),
        short=[
            _place(row, words.short_or_over(row.gap), words.say_gap(row)) for row in short[:TOP]
        ],
        silent=[_place(row, words.reports(row), words.say_reports(row)) for row in silent],
        silent_count=table.totals.silent if table.totals else 0,
    )


def light_counts(rows: Sequence[StrengthRow]) -> list[LightCount]:
    """How many regions stand at each light, silent ones named as such; what is held in quarantine
    only where there is any."""
    return [
        LightCount(LIGHT_BADGE[light], str(light.label), sum(row.light == light for row in rows))
        for light in Light
        if light != Light.HELD or any(row.light == light for row in rows)
    ]


def _place(row: StrengthRow, figure: str, note: str) -> Place:
    url = "" if row.undistributed else reverse("deployments:map_panel", args=[row.region])
    return Place(words.silent_name(row), url, figure, note)
