"""A unit with nobody below it has no row in the roll-up: its figures are its report's.

What it was at a past moment follows from the times of its reports: sent, reviewed, contradicted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from deployments.enums import (
    ARRIVED,
    COUNTED,
    TALLY_OF,
    ConflictState,
    ExpectedState,
    Light,
    ReportState,
    Severity,
)
from deployments.models import ConflictSide, ExpectedReport, ReadinessReport, RuleFlag
from portal.registry.models import Unit


@dataclass(frozen=True)
class LeafState:
    """One unit at one cut-off, counted as the roll-up counts. `light`: its report's own; `report`:
    the one that counts, None while none does; `home`: the code of the region it is due from."""

    unit: Unit
    counts: dict[str, int]
    states: dict[str, int]
    light: str
    as_of: datetime | None
    report: ReadinessReport | None
    home: str


def leaf_states(expected: QuerySet[ExpectedReport], at: datetime) -> list[LeafState]:
    """The units of the expected reports, which are all of one cut-off, as they stood then."""
    rows = list(expected.select_related("unit__agency"))
    sent: dict[int, list[ReadinessReport]] = {row.unit_id: [] for row in rows}
    grave = RuleFlag.objects.filter(report=OuterRef("pk"), severity=Severity.QUARANTINE)
    reports = (
        ReadinessReport.objects.filter(
            unit__in=sent, cut_off_at__in={row.cut_off_at for row in rows}, submitted_at__lte=at
        )
        .order_by("number")
        .annotate(grave=Exists(grave))
    )
    for report in reports:
        sent[report.unit_id].append(report)
    newest = [versions[-1] for versions in sent.values() if versions]
    contested = set(
        ConflictSide.objects.filter(
            report__in=newest, conflict__found_at__lte=at, conflict__state=ConflictState.OPEN
        ).values_list("report_id", flat=True)
    )
    return [_leaf(row, sent[row.unit_id], contested, at) for row in rows]


def _leaf(
    row: ExpectedReport, sent: list[ReadinessReport], contested: Iterable[int], at: datetime
) -> LeafState:
    report = sent[-1] if sent else None
    state = _state(row, report, contested, at)
    stands = report if report and state in ARRIVED else None
    late = state == ExpectedState.OVERDUE or (
        bool(report and report.late) and state in (*ARRIVED, ExpectedState.QUARANTINED)
    )
    verified = bool(stands and _reviewed(stands, at) and not stands.review_note)
    return LeafState(
        unit=row.unit,
        counts={
            "expected": 1,
            "received": int(stands is not None),
            "late": int(late),
            "missing": int(
                state in (ExpectedState.MISSING, ExpectedState.OVERDUE, ExpectedState.RETURNED)
            ),
            "verified": int(verified),
            "present": stands.present if stands else 0,
            "total": stands.total if stands else 0,
            "conflicts": int(state == ExpectedState.CONFLICT),
        },
        states={tally.value: int(state in states) for tally, states in TALLY_OF.items()},
        light=stands.light if stands else Light.SILENT.value,
        as_of=stands.submitted_at if stands else None,
        report=stands,
        home=row.region_id,
    )


def _state(
    row: ExpectedReport, report: ReadinessReport | None, contested: Iterable[int], at: datetime
) -> ExpectedState:
    if report is None:
        if row.overdue_at <= at:
            return ExpectedState.OVERDUE
        return ExpectedState.MISSING if row.due_at < at else ExpectedState.WAITING
    reviewed = _reviewed(report, at)
    grave = getattr(report, "grave", False)
    released = grave and reviewed and report.state in (*COUNTED, ReportState.SUPERSEDED)
    if grave and not released:
        if reviewed and report.state == ReportState.RETURNED:
            return ExpectedState.RETURNED
        return ExpectedState.QUARANTINED
    if reviewed and report.review_note and not grave:
        return ExpectedState.RETURNED
    if report.pk in contested:
        return ExpectedState.CONFLICT
    if report.partial:
        return ExpectedState.PARTIAL
    return ExpectedState.RECEIVED_LATE if report.late else ExpectedState.RECEIVED


def _reviewed(report: ReadinessReport, at: datetime) -> bool:
    return report.reviewed_at is not None and report.reviewed_at <= at
