"""A unit with nobody below it has no row in the roll-up: its figures are its report's.

What it was at a past moment follows from the times of its reports: sent, reviewed, contradicted.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from deployments.enums import (
    ARRIVED,
    COUNTED,
    TALLY_OF,
    ConflictState,
    ExpectedState,
    Light,
    ReportState,
)
from deployments.models import Conflict, ExpectedReport, ReadinessLine, ReadinessReport
from deployments.queries.readiness import figures
from portal.registry.models import Unit

Place = tuple[int, str, datetime]
"""Agency id, region code, cut-off."""


@dataclass(frozen=True)
class LeafState:
    """One unit at one cut-off, counted as the roll-up counts. `light`: its report's own; `report`:
    the version that was the newest, though it may have been sent back; `standing`: the one that
    counts, None while none does; `home`: the code of the region it is due from."""

    unit: Unit
    region: str
    home: str
    cut_off_at: datetime
    state: ExpectedState
    counts: dict[str, int]
    states: dict[str, int]
    light: str
    as_of: datetime | None
    due_at: datetime
    report: ReadinessReport | None
    standing: ReadinessReport | None


def leaf_states(expected: QuerySet[ExpectedReport], at: datetime) -> list[LeafState]:
    """The units of the expected reports as they stood then, in the order given."""
    rows = list(expected.select_related("unit__agency", "region"))
    cut_offs = {row.cut_off_at for row in rows}
    reports = ReadinessReport.objects.filter(
        unit__in=[row.unit_id for row in rows], cut_off_at__in=cut_offs
    )
    newest = _newest(reports, at)
    contested = _contested(newest.values(), cut_offs, at)
    return [_leaf(row, newest.get((row.unit_id, row.cut_off_at)), contested, at) for row in rows]


def _newest(reports: Any, at: datetime) -> dict[tuple[int, datetime], Any]:
    """The last version of each unit and cut-off that had come in by then."""
    return {(one.unit_id, one.cut_off_at): one for one in reports.told(at).order_by("number")}


def _contested(reports: Iterable[Any], cut_offs: Collection[datetime], at: datetime) -> set[int]:
    """Which of the reports said something else of a place than another unit, undecided by then."""
    said = ReadinessLine.objects.filter(split=False, cut_off_at__in=cut_offs)
    counted = [report.pk for report in reports if report.then in COUNTED]
    there = said.filter(region__in=said.filter(report__in=counted).values("region"))
    versions = ReadinessReport.objects.filter(
        cut_off_at__in=cut_offs, unit__in=there.values("report__unit")
    )
    standing = [one.pk for one in _newest(versions, at).values() if one.then in COUNTED]
    places: dict[Place, dict[int, tuple[int, ...]]] = defaultdict(dict)
    for line in there.filter(report__in=standing):
        place = (line.agency_id, line.region_id, line.cut_off_at)
        places[place][line.report_id] = figures(line)
    decided = set(
        Conflict.objects.filter(
            cut_off_at__in=cut_offs, state=ConflictState.DECIDED, decided_at__lte=at
        ).values_list("agency_id", "region_id", "cut_off_at")
    )
    return {
        report
        for place, numbers in places.items()
        if len(set(numbers.values())) > 1 and place not in decided
        for report in numbers
    }


def _leaf(row: ExpectedReport, report: Any, contested: Collection[int], at: datetime) -> LeafState:
    state = _state(row, report, contested, at)
    stands = report if report and state in ARRIVED else None
    late = state == ExpectedState.OVERDUE or (
        bool(report and report.late) and state in (*ARRIVED, ExpectedState.QUARANTINED)
    )
    missing = state in (ExpectedState.MISSING, ExpectedState.OVERDUE, ExpectedState.RETURNED)
    return LeafState(
        unit=row.unit,
        region=row.region.name,
        home=row.region_id,
        cut_off_at=row.cut_off_at,
        state=state,
        counts={
            "expected": 1,
            "received": int(stands is not None),
            "late": int(late),
            "missing": int(missing),
            "verified": int(bool(stands and stands.then == ReportState.VERIFIED)),
            "present": stands.present if stands else 0,
            "total": stands.total if stands else 0,
            "conflicts": int(state == ExpectedState.CONFLICT),
        },
        states={tally.value: int(state in states) for tally, states in TALLY_OF.items()},
        light=stands.light if stands else _light(state).value,
        as_of=stands.submitted_at if stands else None,
        due_at=row.due_at,
        report=report,
        standing=stands,
    )


def _light(state: ExpectedState) -> Light:
    """Of a unit without a report that counts."""
    return Light.HELD if state == ExpectedState.QUARANTINED else Light.SILENT


def _state(
    row: ExpectedReport, report: Any, contested: Collection[int], at: datetime
) -> ExpectedState:
    if report is None:
        if row.overdue_at <= at:
            return ExpectedState.OVERDUE
        return ExpectedState.MISSING if row.due_at < at else ExpectedState.WAITING
    if report.then == ReportState.RETURNED:
        return ExpectedState.RETURNED
    if report.then == ReportState.QUARANTINED:
        return ExpectedState.QUARANTINED
    if report.pk in contested:
        return ExpectedState.CONFLICT
    if report.partial:
        return ExpectedState.PARTIAL
    return ExpectedState.RECEIVED_LATE if report.late else ExpectedState.RECEIVED
