"""While a rakor sits: from item to item, each with its real beginning and end."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.rows import lock
from coordination.enums import MeetingState
from coordination.models import AgendaItem, Meeting
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record

NONE = 0
"""No item is being discussed."""


def next_item(meeting: Meeting, *, by: Actor, at: datetime, seen: int | None = None) -> Meeting:
    """End the running item and begin the next one that has not been discussed. `seen` is the item
    that ran when the button was pressed: pressed twice, or by two people, it steps once."""
    return _step(meeting, forward=True, by=by, at=at, seen=seen)


def previous_item(meeting: Meeting, *, by: Actor, at: datetime, seen: int | None = None) -> Meeting:
    """Take the last step back: the running item has not begun, the one before runs on."""
    return _step(meeting, forward=False, by=by, at=at, seen=seen)


def end_running(meeting: Meeting, at: datetime) -> None:
    """The session closes: what was being discussed ends with it."""
    meeting.agenda.filter(started_at__isnull=False, ended_at__isnull=True).update(ended_at=at)


def _step(meeting: Meeting, *, forward: bool, by: Actor, at: datetime, seen: int | None) -> Meeting:
    policy.require(by, Permission.MEETING_RUN, meeting)
    with transaction.atomic():
        meeting = lock(meeting)
        if meeting.state != MeetingState.IN_SESSION:
            raise Refused(_("Rakor ini tidak sedang berlangsung."))
        items = list(meeting.agenda.order_by("position", "pk"))
        running = next((i for i in items if i.started_at and not i.ended_at), None)
        now_running = running.pk if running else NONE
        if seen is not None and seen != now_running:
            return meeting
        now = _forward(items, running, at) if forward else _back(items, running)
        record(
            "agenda.step",
            meeting,
            by=by,
            at=at,
            before={"item": now_running},
            after={"item": now.pk if now else NONE},
        )
    return meeting


def _forward(
    items: list[AgendaItem], running: AgendaItem | None, at: datetime
) -> AgendaItem | None:
    waiting = [item for item in items if item.started_at is None]
    if running is None and not waiting:
        raise Refused(_("Semua butir sudah dibahas."))
    if running is not None:
        _set(running, ended_at=max(at, running.started_at or at))
        later = [item for item in waiting if item.position > running.position]
        waiting = later or waiting
    if not waiting:
        return None
    return _set(waiting[0], started_at=at)


def _back(items: list[AgendaItem], running: AgendaItem | None) -> AgendaItem | None:
    ended = [item for item in items if item.ended_at]
    if not ended:
        raise Refused(_("Belum ada butir yang selesai dibahas."))
    if running is not None:
        _set(running, started_at=None)
    return _set(max(ended, key=lambda item: (item.ended_at, item.position)), ended_at=None)


def _set(item: AgendaItem, **values: datetime | None) -> AgendaItem:
    for name, value in values.items():
        setattr(item, name, value)
    item.version += 1
    item.save(update_fields=[*values, "version"])
    return item
