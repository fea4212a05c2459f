"""What units were to report, what came, what is silent and what contradicts."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.urls import reverse

from deployments.enums import COUNTED, EXPECTED_BADGE, ConflictState, ExpectedState, Light
from deployments.models import (
    Conflict,
    ExpectedReport,
    ReadinessLine,
    ReadinessReport,
    UnitLatest,
)
from deployments.queries.rollup import rollup_rows
from deployments.queries.rows import RollupRow, came_late
from deployments.queries.strength import add_states
from portal.access import scope
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.accounts.enums import Role
from portal.registry.models import Operation, Region, Unit

STILL_ASKED = timedelta(hours=24)
"""A report is asked for until its cut-off is a day old; after that it only counts as late."""


@dataclass(frozen=True)
class DueReport:
    """A report that a unit still owes, as the dashboard shows it."""

    expected_id: int
    unit: str
    unit_name: str
    cut_off_at: datetime
    due_at: datetime
    overdue: bool
    state: str
    label: str
    badge: str
    url: str


@dataclass(frozen=True)
class ReadinessSummary:
    """The newest cut-off in numbers of reports, and in units by light."""

    cut_off_at: datetime | None
    expected: int
    received: int
    late: int
    missing: int
    verified: int
    present: int
    total: int
    conflicts: bool
    lights: dict[str, int]
    states: dict[str, int]
    """Expected reports by ExpectedState, each counted apart; they add up to `expected`."""
    tallies: dict[str, int] | None
    """The same by Tally, as the roll-up has them."""
    by_agency: list[RollupRow]

    @property
    def came_late(self) -> int:
        return came_late(self.tallies, self.late)


def create_url(unit: str, cut_off_at: datetime) -> str:
    """The form, filled with the unit and the cut-off."""
    query = urlencode({"unit": unit, "cut_off": cut_off_at.isoformat()})
    return f"{reverse('deployments:readiness_create')}?{query}"


def standing_url(unit: str) -> str:
    """The list, with the lines of the unit alone."""
    return f"{reverse('deployments:readiness_list')}?{urlencode({'unit': unit})}"


def reports_due(actor: Actor, at: datetime, limit: int = 50) -> list[DueReport]:
    """What the actor's own unit, and those below it, still owe; overdue first, then by time.

    Who watches over reports without sending them is led to the list, not to a closed form.
    """
    if Role.LIAISON in actor.roles:
        own = scope.own_agency(actor)
    else:
        own = scope.in_unit(actor)
    submits = may(actor, Permission.READINESS_SUBMIT)
    owed = (
        ExpectedReport.objects.filter(own, cut_off_at__gt=at - STILL_ASKED)
        .open()
        .select_related("unit")
        .order_by("due_at", "unit__path")[:limit]
    )
    return [
        DueReport(
            expected_id=row.pk,
            unit=row.unit.slug,
            unit_name=row.unit.short_name,
            cut_off_at=row.cut_off_at,
            due_at=row.due_at,
            overdue=row.due_at < at,
            state=row.state,
            label=str(ExpectedState(row.state).label),
            badge=EXPECTED_BADGE[row.state],
            url=create_url(row.unit.slug, row.cut_off_at)
            if submits
            else standing_url(row.unit.slug),
        )
        for row in owed
    ]


def readiness_summary(
    operation: Operation, at: datetime, rows: list[RollupRow] | None = None
) -> ReadinessSummary:
    """Sums of the roll-up of the province; units by light, the silent ones included. `rows`: those
    of the province at that moment, where the caller has them already."""
    if rows is None:
        rows = rollup_rows(operation, level=Region.Level.PROVINCE, at=at)
    cut_off = rows[0].cut_off_at if rows else None
    reports = ReadinessReport.objects.filter(operation=operation, cut_off_at=cut_off)
    counted = Counter(reports.filter(state__in=COUNTED).values_list("light", flat=True))
    states = expected_states(operation, cut_off)
    expected = sum(row.expected_reports for row in rows)
    received = sum(row.received_reports for row in rows)
    return ReadinessSummary(
        cut_off_at=cut_off,
        expected=expected,
        received=received,
        late=sum(row.late_reports for row in rows),
        missing=sum(row.missing_reports for row in rows),
        verified=sum(row.verified_reports for row in rows),
        present=sum(row.present for row in rows),
        total=sum(row.total for row in rows),
        conflicts=any(row.conflict for row in rows),
        lights={light.value: counted.get(light.value, 0) for light in Light}
        | {
            Light.SILENT.value: expected - received - states[ExpectedState.QUARANTINED],
            Light.HELD.value: states[ExpectedState.QUARANTINED],
        },
        states=states,
        tallies=add_states(row.states for row in rows),
        by_agency=rows,
    )


def expected_states(operation: Operation, cut_off_at: datetime | None) -> dict[str, int]:
    """How many of the cut-off's expected reports are in each state, those with none included."""
    found = ExpectedReport.objects.filter(operation=operation, cut_off_at=cut_off_at)
    counted = Counter(found.values_list("state", flat=True))
    return {state.value: counted.get(state.value, 0) for state in ExpectedState}


def conflicts_of(actor: Actor) -> QuerySet[Conflict]:
    """The contradictions that the actor may see, the undecided first."""
    return (
        Conflict.objects.visible_to(actor)
        .exclude(state=ConflictState.DISSOLVED)
        .select_related("region", "agency", "standing")
        .prefetch_related("sides__unit")
        .order_by("-state", "-cut_off_at", "region_id")
    )


def expected_rows(actor: Actor) -> QuerySet[ExpectedReport]:
    """Every expected report the actor may see, silence included, newest cut-off first."""
    return (
        ExpectedReport.objects.visible_to(actor)
        .select_related("unit", "agency", "region", "report")
        .order_by("-cut_off_at", "agency__position", "unit__path")
    )


def last_report(unit: Unit, before: datetime) -> ReadinessReport | None:
    """The unit's newest counted report of an earlier cut-off, to copy from."""
    latest = UnitLatest.objects.filter(unit=unit).select_related("report").first()
    if latest is not None and latest.cut_off_at < before:
        return latest.report
    earlier = ReadinessReport.objects.filter(unit=unit, cut_off_at__lt=before).counted()
    return earlier.order_by("-cut_off_at").first()


def conflict_rows(cut_off_at: datetime, agency_id: int | None = None) -> list[ReadinessLine]:
    """Lines in which two units of one agency give different numbers for the same district."""
    lines = (
        ReadinessLine.objects.filter(cut_off_at=cut_off_at, report__state__in=COUNTED, split=False)
        .select_related("report__unit", "region")
        .order_by("region_id", F("covered").desc(), "report__unit__path")
    )
    if agency_id is not None:
        lines = lines.filter(agency_id=agency_id)
    places: dict[tuple[int, str], list[ReadinessLine]] = {}
    for line in lines:
        places.setdefault((line.agency_id, line.region_id), []).append(line)
    return [
        line
        for rivals in places.values()
        if len({figures(rival) for rival in rivals}) > 1
        for line in rivals
    ]


def figures(line: ReadinessLine) -> tuple[int, ...]:
    """What two units must agree on."""
    return (line.total, line.present, line.engaged, line.standby, line.reserve)
