"""The superior unit's part: send back with comments, verify, release from quarantine."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from deployments.actions.conflicts import settle_conflicts
from deployments.actions.dirty import soil
from deployments.actions.reminders import tell_released, tell_returned
from deployments.actions.settling import digest, locked, reviewed, settle, touched
from deployments.enums import ReportState
from deployments.models import ReadinessReport, ReviewComment
from deployments.queries.report_forms import spec_of
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record

LONGEST_COMMENT = 1000


def return_report(
    report: ReadinessReport,
    *,
    note: str,
    version: int,
    by: Actor,
    at: datetime,
    comments: Mapping[str, str] | None = None,
) -> ReadinessReport:
    """Send a report back with a reason: it leaves all totals until the unit corrects it.

    `comments` say by field or group key what is wrong there; with one the general note may be
    empty.
    """
    comments = {key: text.strip() for key, text in (comments or {}).items() if text.strip()}
    if not note.strip() and not comments:
        raise Refused(_("Sebutkan apa yang perlu diperbaiki."), "note")
    with transaction.atomic():
        expected, report = locked(report, version)
        if report.state == ReportState.RETURNED:
            return report
        _check_comments(report, comments)
        before = digest(report)
        reviewed(report, ReportState.RETURNED, note.strip(), by=by, at=at)
        ReviewComment.objects.bulk_create(
            ReviewComment(report=report, target=key, text=text, at=at, by_id=by.post_id)
            for key, text in comments.items()
        )
        settle(expected, report)
        settle_conflicts([report], by=by, at=at)
        soil(touched(report), at=at)
        after = digest(report) | {"comments": comments}
        record("readiness.return", report, by=by, at=at, before=before, after=after)
        tell_returned(report, at=at)
    return report


def _check_comments(report: ReadinessReport, comments: Mapping[str, str]) -> None:
    names = spec_of(report.form).names if report.form else {}
    for key, text in comments.items():
        if key not in names:
            raise Refused(_("Isian %(key)s tidak ada di formulir ini.") % {"key": key}, "comments")
        if len(text) > LONGEST_COMMENT:
            raise Refused(
                _("Catatan paling banyak %(number)d karakter.") % {"number": LONGEST_COMMENT},
                "comments",
            )


def verify_report(
    report: ReadinessReport, *, version: int, by: Actor, at: datetime
) -> ReadinessReport:
    """The superior unit confirms the figures."""
    with transaction.atomic():
        _expected, report = locked(report, version)
        if report.state == ReportState.VERIFIED:
            return report
        before = digest(report)
        reviewed(report, ReportState.VERIFIED, "", by=by, at=at)
        soil(touched(report), at=at)
        record("readiness.verify", report, by=by, at=at, before=before, after=digest(report))
    return report


def release_report(
    report: ReadinessReport, *, reason: str, version: int, by: Actor, at: datetime
) -> ReadinessReport:
    """Let a quarantined report into the totals: the odd numbers are true, and here is why."""
    if not reason.strip():
        raise Refused(_("Sebutkan mengapa angkanya dapat diterima."), "reason")
    with transaction.atomic():
        expected, report = locked(report, version)
        if report.state in (ReportState.SUBMITTED, ReportState.VERIFIED):
            return report
        if report.state != ReportState.QUARANTINED:
            raise Refused(_("Hanya laporan yang dikarantina yang dapat dilepas."))
        before = digest(report)
        reviewed(report, ReportState.SUBMITTED, reason.strip(), by=by, at=at)
        settle(expected, report)
        settle_conflicts([report], by=by, at=at)
        soil(touched(report), at=at)
        record("readiness.release", report, by=by, at=at, before=before, after=digest(report))
        tell_released(report, at=at)
    return report
