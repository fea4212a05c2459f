"""What stays open in one rakor of a series comes back onto the agenda of the next, by itself.

The agendas of rakor that have not begun are kept in step: whoever plans, calls or opens one, issues
a directive or closes an obligation calls here, in the same transaction. They stand together after
the opening, until somebody puts them elsewhere. Unique keys and locks make
two that arrive at once leave one item.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from coordination.actions.rows import lock
from coordination.actions.running_order import settle, settle_anew
from coordination.enums import MEETING_EDITABLE
from coordination.models import AgendaItem, Dropped, Meeting, Obligation
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.web.language import for_everybody

MINUTES = 5
"""Planned for each item that comes back: it is looked at, not discussed anew."""


def bring_back(meeting: Meeting, *, by: Actor, at: datetime) -> None:
    """Put every unfinished obligation of the series' earlier rakor on this agenda, and take off
    what was finished meanwhile; called in the transaction that plans, changes, calls or opens it.
    What was dropped here stays off. A second call changes nothing."""
    if meeting.series_id is None:
        return
    # Locked in the order of their ids before any item is touched: who closes one waits, or we do.
    open_ones = list(
        Obligation.objects.filter(
            closed_at=None,
            directive__meeting__series_id=meeting.series_id,
            directive__meeting__starts_at__lt=meeting.starts_at,
        )
        .exclude(directive__meeting=meeting.pk)
        .exclude(dropped__meeting=meeting.pk)
        .select_related("agency", "directive__section__agenda_item", "directive__issuer_agency")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    carried = meeting.agenda.exclude(obligation=None)
    gone = list(carried.exclude(obligation__in=open_ones).values_list("obligation", flat=True))
    carried.filter(obligation__in=gone).delete()
    here = dict(carried.order_by("position").values_list("obligation", "section"))
    fresh = [obligation for obligation in open_ones if obligation.pk not in here]
    fresh.sort(key=lambda row: (row.directive.number or "", row.agency.position, row.pk))
    with for_everybody():
        fresh_section = _("Tindak lanjut rakor sebelumnya")
    section = next(reversed(here.values()), fresh_section)
    last = meeting.agenda.aggregate(last=Max("position"))["last"] or 0
    for position, obligation in enumerate(fresh, start=last + 1):
        _add(meeting, obligation, position, section)
    if fresh or gone:
        (settle if here else settle_anew)(meeting)
        record(
            "meeting.carry_over",
            meeting,
            by=by,
            at=at,
            before={"obligations": gone},
            after={"obligations": [obligation.pk for obligation in fresh]},
        )


def join_agendas(obligations: Iterable[Obligation], *, by: Actor, at: datetime) -> None:
    """Obligations that were just given out stand on the agendas of the series' coming rakor."""
    meetings = (obligation.directive.meeting for obligation in obligations)
    series = {meeting.series_id for meeting in meetings if meeting is not None} - {None}
    waiting = Meeting.objects.filter(series__in=series, state__in=MEETING_EDITABLE)
    for meeting in waiting.select_for_update(of=("self",)).order_by("pk"):
        bring_back(meeting, by=by, at=at)


def leave_agendas(obligation: Obligation, *, by: Actor, at: datetime) -> None:
    """An obligation that was just closed leaves the agendas of rakor that have not begun."""
    meetings = Meeting.objects.filter(agenda__obligation=obligation, state__in=MEETING_EDITABLE)
    for meeting in meetings.order_by("pk"):
        meeting.agenda.filter(obligation=obligation).delete()
        settle(meeting)
        record(
            "meeting.carry_over",
            meeting,
            by=by,
            at=at,
            before={"obligations": [obligation.pk]},
            after={"obligations": []},
        )


def drop_item(meeting: Meeting, obligation: Obligation, *, by: Actor, at: datetime, reason: str):
    """Take an open obligation off this agenda, with the reason; the next rakor has it again unless
    it is closed by then. A second call finds it dropped."""
    policy.require(by, Permission.MEETING_PLAN, meeting)
    with transaction.atomic():
        meeting = lock(meeting)
        dropped = Dropped.objects.filter(meeting=meeting, obligation=obligation).first()
        if dropped is not None:
            return dropped
        if meeting.state not in MEETING_EDITABLE:
            raise Refused(_("Rakor sudah dibuka; butir ini tetap ada dalam susunan acara."))
        item = meeting.agenda.filter(obligation=obligation).first()
        if item is None:
            raise Refused(_("Tindak lanjut ini tidak ada dalam susunan acara rakor."))
        if not reason.strip():
            raise Refused(_("Tulis alasannya."), "reason")
        item.delete()
        settle(meeting)
        dropped = Dropped.objects.create(
            meeting=meeting, obligation=obligation, reason=reason.strip(), post_id=by.post_id, at=at
        )
        record(
            "meeting.drop_item",
            dropped,
            by=by,
            at=at,
            after={"meeting": meeting.pk, "obligation": obligation.pk},
            note=reason.strip(),
        )
    return dropped


def _add(meeting: Meeting, obligation: Obligation, position: int, section: str) -> None:
    values: dict[str, Any] = {
        "position": position,
        "section": section,
        "title": _title(meeting, obligation),
        "planned_minutes": MINUTES,
        "classification": meeting.classification,
        "presenter": obligation.agency,
    }
    item, created = AgendaItem.objects.get_or_create(
        meeting=meeting, obligation=obligation, defaults=values
    )
    if created:
        _close_to_others(meeting, item, obligation)


def _title(meeting: Meeting, obligation: Obligation) -> str:
    """The words stand on an agenda that every invited agency reads; of what is classified higher
    than the rakor, only the number."""
    directive = obligation.directive
    number = directive.number or str(directive.pk)
    if obligation.classification > meeting.classification:
        return f"Tindak lanjut arahan {number}"
    agency = obligation.agency.short_name
    words = directive.title[: 200 - len(number) - len(agency) - 5]
    return f"{agency}: {words} ({number})"


def _close_to_others(meeting: Meeting, item: AgendaItem, obligation: Obligation) -> None:
    """What came from a closed item, or is classified higher, comes back as a closed item."""
    directive = obligation.directive
    section = directive.section
    origin = section.agenda_item if section else directive.agenda_item
    shut = origin is not None and origin.is_closed
    if not shut and obligation.classification <= meeting.classification:
        return
    item.is_closed = True
    item.save(update_fields=["is_closed"])
    if shut and origin is not None:
        item.audience.set(origin.audience.all())
    item.audience.add(obligation.agency, directive.issuer_agency)
