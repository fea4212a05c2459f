"""What each part of the portal has waiting for the acting post, as items of one shape."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.queries import WaitingItem
from deployments.queries import reports_due
from deployments.queries.reinforcements import unanswered_for
from incidents.queries import filing_waiting, requests_due, triage_waiting
from incidents.queries import waiting_for as incident_duties
from incidents.queries.gakkumdu import steps_due
from incidents.queries.reviews import reviews_due
from incidents.queries.shifts import shifts_to_sign
from incidents.queries.units import units_asked_for
from incidents.queries.warnings import unacknowledged_for
from portal.access.actor import Actor

MOST = 500


def _reports(actor: Actor, at: datetime) -> list[WaitingItem]:
    return [
        WaitingItem(
            kind="report",
            title=_("Laporan kesiapan %(unit)s") % {"unit": due.unit_name},
            url=due.url,
            due_at=due.due_at,
            overdue=due.overdue,
            badge=(due.badge, due.label),
        )
        for due in reports_due(actor, at, MOST)
    ]


def _incidents(actor: Actor, at: datetime) -> list[WaitingItem]:
    return [
        _since("incident", row, row.title, row.severity) for row in incident_duties(actor, MOST)
    ]


def _requests(actor: Actor, at: datetime) -> list[WaitingItem]:
    return _due("request", requests_due(actor, at, MOST))


def _units(actor: Actor, at: datetime) -> list[WaitingItem]:
    return [_since("unit", row, row.title, row.badge) for row in units_asked_for(actor, MOST)]


def _reinforcements(actor: Actor, at: datetime) -> list[WaitingItem]:
    return [
        WaitingItem(
            kind="reinforcement",
            title=_("Penebalan %(unit)s: %(missing)d orang belum ada") % need,
            url=need["url"],
            due_at=need["due_at"],
            overdue=need["overdue"],
            badge=(need["priority_badge"], need["priority"]),
        )
        for need in unanswered_for(actor, at, MOST)
    ]


def _warnings(actor: Actor, at: datetime) -> list[WaitingItem]:
    return [_since("warning", row, row.title, row.badge) for row in unacknowledged_for(actor, MOST)]


def _field_reports(actor: Actor, at: datetime) -> list[WaitingItem]:
    """One duty for all of them, as for the public's."""
    number, since = filing_waiting(actor)
    if not number:
        return []
    title = ngettext(
        "%(number)s laporan lapangan menunggu tindak lanjut",
        "%(number)s laporan lapangan menunggu tindak lanjut",
        number,
    )
    return [
        WaitingItem(
            kind="field_report",
            title=title % {"number": number},
            url=f"{reverse('incidents:field_report_list')}?standing=menunggu",
            due_at=since,
            overdue=False,
            badge=("warning", _("Laporan lapangan")),
        )
    ]


def _public_reports(actor: Actor, at: datetime) -> list[WaitingItem]:
    """One duty for the whole queue: reports come by the hundred."""
    number, since = triage_waiting(actor)
    if not number:
        return []
    title = ngettext(
        "%(number)s laporan warga menunggu ditelaah",
        "%(number)s laporan warga menunggu ditelaah",
        number,
    )
    return [
        WaitingItem(
            kind="public_report",
            title=title % {"number": number},
            url=reverse("incidents:public_queue"),
            due_at=since,
            overdue=False,
            badge=("warning", _("Laporan warga")),
        )
    ]


def _cases(actor: Actor, at: datetime) -> list[WaitingItem]:
    return _due("case", steps_due(actor, at))


def _shifts(actor: Actor, at: datetime) -> list[WaitingItem]:
    return [
        WaitingItem(
            kind="shift",
            title=_("Terima piket %(unit)s") % {"unit": row.unit.short_name},
            url=reverse("incidents:shift_detail", args=[row.pk]),
            due_at=row.written_at,
            overdue=False,
            badge=("warning", _("Menunggu tanda tangan")),
        )
        for row in shifts_to_sign(actor)
    ]


def _reviews(actor: Actor, at: datetime) -> list[WaitingItem]:
    return [
        _since("review", row, _("Kaji ulang %(title)s") % {"title": row.title}, row.severity)
        for row in reviews_due(actor)
    ]


SOURCES: tuple[Callable[[Actor, datetime], list[WaitingItem]], ...] = (
    _reports,
    _incidents,
    _requests,
    _units,
    _reinforcements,
    _warnings,
    _field_reports,
    _public_reports,
    _cases,
    _shifts,
    _reviews,
)
"""What waits outside of coordination, whose own duties have the shape already."""


def _due(kind: str, rows: Iterable[Any]) -> list[WaitingItem]:
    """Of rows with a term of their own."""
    return [
        WaitingItem(
            kind=kind,
            title=row.title,
            url=row.url,
            due_at=row.due_at,
            overdue=row.overdue,
            badge=row.badge,
        )
        for row in rows
    ]


def _since(kind: str, row: Any, title: str, badge: tuple[str, str]) -> WaitingItem:
    """Of a row that has no term: it stands at the time since which it waits."""
    return WaitingItem(
        kind=kind, title=title, url=row.url, due_at=row.since, overdue=False, badge=badge
    )
