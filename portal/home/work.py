"""Everything that waits for the acting post, over all apps: the page and the dashboard's block."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.queries import WaitingItem
from coordination.queries import waiting_for as coordination_duties
from portal import clock
from portal.access.actor import Actor
from portal.home.sources import MOST, SOURCES

WEEK = timedelta(days=7)


def duties(actor: Actor, at: datetime) -> list[WaitingItem]:
    """Overdue first, each part by time, the oldest first. What is due within a week already waits;
    what has no time stands last."""
    items = coordination_duties(actor, at, limit=MOST, soon=WEEK)
    for waiting in SOURCES:
        items += waiting(actor, at)
    far = datetime.max.replace(tzinfo=at.tzinfo)
    return sorted(items, key=lambda item: (not item.overdue, item.due_at or far))


def _late(item: WaitingItem, at: datetime) -> bool:
    return item.overdue


def _today(item: WaitingItem, at: datetime) -> bool:
    _start, end = clock.day_bounds(clock.local(at).date())
    return item.due_at is not None and not item.overdue and item.due_at < end


def _this_week(item: WaitingItem, at: datetime) -> bool:
    day = clock.local(at).date()
    _start, end = clock.day_bounds(day + timedelta(days=6 - day.weekday()))
    return item.due_at is not None and not item.overdue and item.due_at < end


SPANS: dict[str, Callable[[WaitingItem, datetime], bool]] = {
    "terlambat": _late,
    "hari-ini": _today,
    "minggu-ini": _this_week,
}
"""To the end of the day and of the week (Sunday) in WITA; what is late stands under its own tab."""


def chosen(items: list[WaitingItem], span: str, at: datetime) -> list[WaitingItem]:
    """The duties of a span; an unknown span is none."""
    keep = SPANS.get(span)
    return items if keep is None else [item for item in items if keep(item, at)]


def work_tabs(items: list[WaitingItem], span: str, at: datetime) -> list[dict[str, Any]]:
    here = reverse("home:work")
    labels = {
        "": _("Semua"),
        "terlambat": _("Terlambat"),
        "hari-ini": _("Hari ini"),
        "minggu-ini": _("Minggu ini"),
    }
    return [
        {
            "label": label,
            "url": f"{here}?saring={key}" if key else here,
            "current": key == span or (not key and span not in SPANS),
            "count": len(chosen(items, key, at)),
        }
        for key, label in labels.items()
    ]
