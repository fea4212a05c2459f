"""The wall of a sitting rakor: what is discussed now, for how long yet, and what comes next.

Everybody in the room reads the wall, so a closed item is "butir tertutup" there for all.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from coordination.enums import MeetingState
from coordination.models import AgendaItem, Meeting
from coordination.queries.agenda import office

UNUSED = 0
"""In place of an item's id: none."""


@dataclass(frozen=True)
class WallItem:
    pk: int
    number: int
    title: str
    presenter: str
    office: str
    minutes: int
    started_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True)
class Wall:
    """`left` counts the seconds of the running item, below zero once it is over its time."""

    at: datetime
    current: WallItem | None
    following: WallItem | None
    done: int
    total: int
    left: int | None
    left_text: str
    late: int
    in_session: bool
    over: bool
    seen: int
    can_go_back: bool
    can_go_on: bool


def wall(meeting: Meeting, at: datetime) -> Wall:
    items = list(
        AgendaItem.objects.filter(meeting=meeting)
        .select_related("presenter", "presenter_post")
        .order_by("position", "pk")
    )
    numbered = [_item(number, item) for number, item in enumerate(items, start=1)]
    current = next((n for n, i in enumerate(items) if i.started_at and not i.ended_at), None)
    waiting = [n for n, item in enumerate(items) if item.started_at is None]
    later = [n for n in waiting if current is None or n > current] or waiting
    running = numbered[current] if current is not None else None
    left = _seconds(running.due_at - at) if running and running.due_at else None
    return Wall(
        at=at,
        current=running,
        following=numbered[later[0]] if later else None,
        done=sum(item.ended_at is not None for item in items),
        total=len(items),
        left=left,
        left_text=f"{abs(left or 0) // 60}.{abs(left or 0) % 60:02}",
        late=max(int((at - meeting.ends_at).total_seconds() // 60), 0),
        in_session=meeting.state == MeetingState.IN_SESSION,
        over=meeting.state in {MeetingState.HELD, MeetingState.PUBLISHED},
        seen=running.pk if running else UNUSED,
        can_go_back=any(item.ended_at for item in items),
        can_go_on=running is not None or bool(waiting),
    )


def _item(number: int, item: AgendaItem) -> WallItem:
    closed = item.is_closed
    planned = timedelta(minutes=item.planned_minutes)
    return WallItem(
        pk=item.pk,
        number=number,
        title=_("Butir tertutup") if closed else item.title,
        presenter=item.presenter.name if item.presenter and not closed else "",
        office="" if closed else office(item),
        minutes=item.planned_minutes,
        started_at=item.started_at,
        due_at=item.started_at + planned if item.started_at else None,
    )


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
