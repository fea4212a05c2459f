"""What follows from a report: its moves, its expectation, the unit's newest, its places."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from deployments.actions.dirty import Key
from deployments.actions.figures import COUNTS, KEPT_ON_PAPER, PERCENT
from deployments.enums import (
    EXPECTED_MOVES,
    REPORT_MOVES,
    ConflictState,
    ExpectedState,
    ReportState,
)
from deployments.models import (
    Conflict,
    ExpectedReport,
    ReadinessReport,
    ReportMove,
    UnitLatest,
)
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale

FIELDS = (*COUNTS, *PERCENT, "post_active", "notes", "nihil")
MORE = (*KEPT_ON_PAPER, "answers")
"""What a sender may leave out."""


def hold(agency_id: int, cut_off_at: datetime) -> None:
    """One report of an agency's cut-off at a time: reports of two units may contradict each other,
    and then each changes what is said of the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"deployments.report {agency_id} {cut_off_at.timestamp()}"],
        )


def locked(report: ReadinessReport, version: int) -> tuple[ExpectedReport, ReadinessReport]:
    """Expected row first, report second: the order in which a submission locks them."""
    hold(report.agency_id, report.cut_off_at)
    expected = ExpectedReport.objects.select_for_update().get(
        unit=report.unit_id, cut_off_at=report.cut_off_at
    )
    current = (
        ReadinessReport.objects.select_for_update(of=("self",))
        .select_related("unit")
        .get(pk=report.pk)
    )
    if current.version != version:
        raise Stale(_("Laporan ini sudah berubah sejak Anda membukanya."), current)
    return expected, current


def move(report: ReadinessReport, state: ReportState) -> None:
    """Take the report to a state that the table allows from here."""
    if state not in REPORT_MOVES[ReportState(report.state)]:
        raise Refused(
            _("Laporan berstatus %(old)s tidak dapat menjadi %(new)s.")
            % {"old": ReportState(report.state).label, "new": state.label}
        )
    report.state = state
    report.version += 1
    report.save(update_fields=["state", "version", "reviewed_at", "reviewed_by", "review_note"])


def reviewed(
    report: ReadinessReport, state: ReportState, note: str, *, by: Actor, at: datetime
) -> None:
    """What the superior unit makes of the version, kept with its moment."""
    report.reviewed_at, report.reviewed_by_id = at, by.post_id
    report.review_note = note
    move(report, state)
    ReportMove.objects.create(report=report, state=state, at=at)


def contested(report: ReadinessReport) -> bool:
    """Another unit says something else, and nobody has decided yet."""
    return Conflict.objects.filter(state=ConflictState.OPEN, sides__report=report).exists()


def state_of(report: ReadinessReport, *, contested: bool) -> ExpectedState:
    """What the expected report is called while this version stands for it."""
    if report.state == ReportState.RETURNED:
        return ExpectedState.RETURNED
    if report.state == ReportState.QUARANTINED:
        return ExpectedState.QUARANTINED
    if contested:
        return ExpectedState.CONFLICT
    if report.partial:
        return ExpectedState.PARTIAL
    return ExpectedState.RECEIVED_LATE if report.late else ExpectedState.RECEIVED


def settle(expected: ExpectedReport, report: ReadinessReport) -> None:
    """Keep beside the report what follows from it: its expectation and the unit's newest."""
    advance_to(expected, state_of(report, contested=contested(report)))
    expected.late = report.late
    expected.report = report
    expected.save(update_fields=["state", "late", "report"])
    keep_latest(report.unit_id)


def advance_to(expected: ExpectedReport, state: ExpectedState) -> None:
    """Raises Refused for a move that the table does not know."""
    old = ExpectedState(expected.state)
    if state != old and state not in EXPECTED_MOVES[old]:
        raise Refused(
            _("Laporan yang ditunggu berstatus %(old)s tidak dapat menjadi %(new)s.")
            % {"old": old.label, "new": state.label}
        )
    expected.state = state


def keep_latest(unit_id: int) -> None:
    """The unit's newest counted report, or no row when it has none."""
    newest = ReadinessReport.objects.filter(unit=unit_id).counted().order_by("-cut_off_at").first()
    if newest is None:
        UnitLatest.objects.filter(unit=unit_id).delete()
        return
    UnitLatest.objects.update_or_create(
        unit_id=unit_id,
        defaults={
            "report": newest,
            "cut_off_at": newest.cut_off_at,
            "submitted_at": newest.submitted_at,
        },
    )


def touched(report: ReadinessReport) -> list[Key]:
    """The places in which the report's numbers stand."""
    regions = [report.region_id, *report.lines.values_list("region_id", flat=True)]
    return [(report.operation_id, code, report.agency_id, report.cut_off_at) for code in regions]


def digest(report: ReadinessReport) -> dict[str, Any]:
    """What the audit keeps of a version."""
    return model_to_dict(report, fields=[*FIELDS, *MORE, "number", "state", "late", "review_note"])
