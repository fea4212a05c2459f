"""Readiness reports and those that are expected."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReportState(models.TextChoices):
    """One version of a readiness report."""

    SUBMITTED = "submitted", pgettext_lazy("laporan", "Masuk")
    QUARANTINED = "quarantined", _("Dikarantina")
    VERIFIED = "verified", _("Terverifikasi")
    RETURNED = "returned", _("Dikembalikan")
    SUPERSEDED = "superseded", _("Diganti")


REPORT_MOVES: dict[str, frozenset[str]] = {
    ReportState.SUBMITTED: frozenset(
        {ReportState.VERIFIED, ReportState.RETURNED, ReportState.SUPERSEDED}
    ),
    ReportState.QUARANTINED: frozenset(
        {ReportState.SUBMITTED, ReportState.RETURNED, ReportState.SUPERSEDED}
    ),
    ReportState.VERIFIED: frozenset({ReportState.RETURNED, ReportState.SUPERSEDED}),
    ReportState.RETURNED: frozenset({ReportState.SUPERSEDED}),
    ReportState.SUPERSEDED: frozenset(),
}
"""From each state of a report version, the states it may go to."""


COUNTED = (ReportState.SUBMITTED, ReportState.VERIFIED)
"""A returned, replaced or quarantined version stands in no total."""


class ExpectedState(models.TextChoices):
    """What became of a report that is due from a unit at a cut-off."""

    WAITING = "waiting", _("Ditunggu")
    MISSING = "missing", _("Belum lapor")
    OVERDUE = "overdue", _("Terlambat, belum lapor")
    RETURNED = "returned", _("Dikembalikan")
    QUARANTINED = "quarantined", _("Dikarantina")
    CONFLICT = "conflict", _("Bertentangan")
    PARTIAL = "partial", _("Masuk sebagian")
    RECEIVED = "received", _("Masuk tepat waktu")
    RECEIVED_LATE = "received_late", _("Masuk terlambat")


_IN = frozenset(
    {
        ExpectedState.QUARANTINED,
        ExpectedState.CONFLICT,
        ExpectedState.PARTIAL,
        ExpectedState.RECEIVED,
        ExpectedState.RECEIVED_LATE,
    }
)


_IN_LATE = _IN - {ExpectedState.RECEIVED}


EXPECTED_MOVES: dict[str, frozenset[str]] = {
    ExpectedState.WAITING: _IN | {ExpectedState.MISSING},
    ExpectedState.MISSING: _IN_LATE | {ExpectedState.OVERDUE},
    ExpectedState.OVERDUE: _IN_LATE,
    ExpectedState.RETURNED: _IN,
    # Which of these a report that is in stands at follows from the report; only lateness stays.
    ExpectedState.QUARANTINED: _IN | {ExpectedState.RETURNED},
    ExpectedState.CONFLICT: _IN | {ExpectedState.RETURNED},
    ExpectedState.PARTIAL: _IN | {ExpectedState.RETURNED},
    ExpectedState.RECEIVED: _IN - {ExpectedState.RECEIVED_LATE} | {ExpectedState.RETURNED},
    ExpectedState.RECEIVED_LATE: _IN_LATE | {ExpectedState.RETURNED},
}
"""From each state of an expected report, the states it may go to."""


ARRIVED = (
    ExpectedState.RECEIVED,
    ExpectedState.RECEIVED_LATE,
    ExpectedState.PARTIAL,
    ExpectedState.CONFLICT,
)
"""In, and in the totals. A quarantined report is in, too, but stands in no total."""


UNANSWERED = (ExpectedState.WAITING, ExpectedState.MISSING, ExpectedState.OVERDUE)


OPEN = (*UNANSWERED, ExpectedState.RETURNED)


class Tally(models.TextChoices):
    """As what an expected report counts in the roll-up: each as one of these and no other."""

    WAITING = "waiting", _("Ditunggu")
    MISSING = "missing", _("Belum lapor")
    LATE = "late", _("Masuk terlambat")
    PARTIAL = "partial", _("Masuk sebagian")
    COMPLETE = "complete", _("Lengkap")
    CONFLICT = "conflict", _("Bertentangan")
    QUARANTINED = "quarantined", _("Dikarantina")


TALLY_OF: dict[Tally, tuple[ExpectedState, ...]] = {
    Tally.WAITING: (ExpectedState.WAITING,),
    Tally.MISSING: (ExpectedState.MISSING, ExpectedState.OVERDUE, ExpectedState.RETURNED),
    Tally.LATE: (ExpectedState.RECEIVED_LATE,),
    Tally.PARTIAL: (ExpectedState.PARTIAL,),
    Tally.COMPLETE: (ExpectedState.RECEIVED,),
    Tally.CONFLICT: (ExpectedState.CONFLICT,),
    Tally.QUARANTINED: (ExpectedState.QUARANTINED,),
}
"""A report that was sent back is missing until it comes again."""


TALLY_BADGE = {
    Tally.WAITING: "info",
    Tally.MISSING: "silent",
    Tally.LATE: "warning",
    Tally.PARTIAL: "warning",
    Tally.COMPLETE: "success",
    Tally.CONFLICT: "danger",
    Tally.QUARANTINED: "danger",
}


EXPECTED_BADGE = {
    ExpectedState.WAITING: "info",
    ExpectedState.MISSING: "silent",
    ExpectedState.OVERDUE: "danger",
    ExpectedState.RETURNED: "warning",
    ExpectedState.QUARANTINED: "danger",
    ExpectedState.CONFLICT: "danger",
    ExpectedState.PARTIAL: "warning",
    ExpectedState.RECEIVED: "success",
    ExpectedState.RECEIVED_LATE: "warning",
}


REPORT_BADGE = {
    ReportState.SUBMITTED: "info",
    ReportState.QUARANTINED: "danger",
    ReportState.VERIFIED: "success",
    ReportState.RETURNED: "warning",
    ReportState.SUPERSEDED: "neutral",
}
