"""Items on the move: into a series' backlog, out of it, and on to the next rakor."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.agenda import comes_back
from coordination.actions.rows import lock
from coordination.actions.running_order import (
    Owner,
    class_of,
    gone,
    next_position,
    owner_of,
    place_of,
    settle,
    touch,
)
from coordination.enums import AGENDA_OPEN, MEETING_EDITABLE, MeetingState
from coordination.models import AgendaItem, Meeting, MeetingSeries
from portal.access import policy
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.attachments.actions import copy_files, reclassify
from portal.audit.record import record

LEAVABLE = AGENDA_OPEN | {MeetingState.HELD}
"""A rakor that is over gives on what it did not come to; its own agenda stays as it was."""


def move_to_backlog(item: AgendaItem, *, by: Actor, at: datetime) -> AgendaItem:
    """Let an item wait in the backlog of its meeting's series."""
    if item.series_id:
        return item
    meeting = item.meeting
    series = meeting.series if meeting else None
    if series is None:
        raise Refused(_("Rakor ini tidak termasuk seri. Pilih serinya lebih dahulu."))
    return _move(item, series, by=by, at=at)


def move_to_next(item: AgendaItem, *, by: Actor, at: datetime) -> AgendaItem:
    """Put an item onto the agenda of the next rakor of the series."""
    meeting = owner_of(item)
    following = next_meeting(meeting) if isinstance(meeting, Meeting) else None
    if following is None:
        raise Refused(
            _("Belum ada rakor berikutnya dalam seri ini. Pindahkan ke daftar tunggu dahulu.")
        )
    return _move(item, following, by=by, at=at)


def take_from_backlog(item: AgendaItem, meeting: Meeting, *, by: Actor, at: datetime) -> AgendaItem:
    """Put a waiting item onto the agenda of a rakor of its series."""
    if item.meeting_id == meeting.pk:
        return item
    if item.series_id is None or item.series_id != meeting.series_id:
        raise Refused(_("Butir ini tidak menunggu dalam seri rakor ini."))
    return _move(item, meeting, by=by, at=at)


def next_meeting(meeting: Meeting) -> Meeting | None:
    """The rakor of the series that comes after this one and has not begun."""
    if meeting.series_id is None:
        return None
    rows = Meeting.objects.filter(
        series=meeting.series_id,
        host_agency=meeting.host_agency_id,
        state__in=sorted(MEETING_EDITABLE),
        starts_at__gt=meeting.starts_at,
    )
    return rows.order_by("starts_at", "pk").first()


def _move(item: AgendaItem, target: Owner, *, by: Actor, at: datetime) -> AgendaItem:
    source = owner_of(item)
    policy.require(by, Permission.MEETING_PLAN, source)
    policy.require(by, Permission.MEETING_PLAN, target)
    with transaction.atomic():
        source, target = _lock_both(source, target)
        item = lock(item, None, "meeting", "series")
        if owner_of(item) != source:
            raise Refused(gone())
        if item.obligation_id is not None:
            raise Refused(comes_back())
        if isinstance(source, Meeting):
            item.classification = source.classification
        _check_class(item, target)
        begun = isinstance(source, Meeting) and source.state not in MEETING_EDITABLE
        moved = _carry(item, target, by=by, at=at) if begun else _take(item, target)
        settle(target)
        touch(target, at)
        if not begun:
            settle(source)
            touch(source, at)
        record(
            "agenda.move",
            moved,
            by=by,
            at=at,
            before=_named(source),
            after=_named(target),
        )
        moved.refresh_from_db()
    return moved


def _take(item: AgendaItem, target: Owner) -> AgendaItem:
    """The item itself goes; its section stays behind."""
    position = next_position(target)
    item.meeting = item.series = None
    for name, owner in place_of(target).items():
        setattr(item, name, owner)
    item.position = position
    item.section = ""
    for name, value in class_of(target).items():
        setattr(item, name, value)
    item.version += 1
    item.save()
    reclassify(item)
    return item


def _carry(item: AgendaItem, target: Owner, *, by: Actor, at: datetime) -> AgendaItem:
    """Of a rakor that has begun the agenda stays whole: another item, made from this one, goes."""
    if hasattr(item, "carried_to"):
        raise Refused(_("Mata acara ini sudah dipindahkan satu kali."))
    values = {"classification": item.classification} | class_of(target)
    made = AgendaItem.objects.create(
        **place_of(target),
        **values,
        position=next_position(target),
        title=item.title,
        presenter=item.presenter,
        presenter_post=item.presenter_post,
        presenter_office=item.presenter_office,
        planned_minutes=item.planned_minutes,
        is_closed=item.is_closed,
        carried_from=item,
        origin_url=item.origin_url,
        origin_label=item.origin_label,
    )
    made.audience.set(item.audience.all())
    copy_files(item, made, by=by, at=at)
    return made


def _check_class(item: AgendaItem, target: Owner) -> None:
    if isinstance(target, Meeting) and target.classification < item.classification:
        raise Refused(
            _("Butir ini %(class)s, lebih tinggi daripada klasifikasi rakor tujuan.")
            % {"class": Classification(item.classification).label}
        )


def _lock_both(source: Owner, target: Owner) -> tuple[Owner, Owner]:
    """Series first, meetings by id: moves in opposite ways do not block each other."""
    ordered = sorted((source, target), key=lambda row: (isinstance(row, Meeting), row.pk))
    locked: dict[Owner, Owner] = {}
    for row in ordered:
        fresh = lock(row)
        states = LEAVABLE if row == source else AGENDA_OPEN
        if isinstance(fresh, Meeting) and fresh.state not in states:
            raise Refused(_("Susunan acara rakor ini tidak dapat diubah lagi."))
        locked[row] = fresh
    return locked[source], locked[target]


def _named(owner: Owner) -> dict[str, int]:
    return {"series" if isinstance(owner, MeetingSeries) else "meeting": owner.pk}
