"""The shapes of the calendar: a month in whole weeks, a week, and a list of what comes."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.access.actor import Actor
from portal.home.days import DAY, Day, days
from portal.registry.models import Operation

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 1)
LIST_DAYS = 60


@dataclass(frozen=True)
class Month:
    """Whole weeks from Monday; `previous` and `following` as 2024-11."""

    title: str
    weeks: list[list[Day]]
    busy: list[Day]
    running: list[str]
    previous: str
    following: str


@dataclass(frozen=True)
class Span:
    """A week, or the days of a list; `previous` and `following` as 2024-11-18."""

    title: str
    days: list[Day]
    busy: list[Day]
    running: list[str]
    previous: str
    following: str


def month_of(text: str, today: date) -> date:
    """The first day of the month `2024-11`; nonsense is the present month."""
    try:
        first = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 (a month has no time)
    except ValueError:
        return today.replace(day=1)
    return min(max(first, FIRST), LAST)


def day_of(text: str, today: date) -> date:
    """The day `2024-11-18`; nonsense is today."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return min(max(day, FIRST), LAST)


def calendar_tabs(shape: str, day: date) -> list[dict[str, Any]]:
    """The three shapes, each at the same time."""
    here = reverse("home:calendar")
    shapes = (
        ("bulan", _("Bulan"), f"{here}?bulan={day:%Y-%m}"),
        ("pekan", _("Pekan"), f"{here}?tampil=pekan&tanggal={day:%Y-%m-%d}"),
        ("daftar", _("Daftar"), f"{here}?tampil=daftar&tanggal={day:%Y-%m-%d}"),
    )
    return [{"label": name, "url": url, "current": key == shape} for key, name, url in shapes]


def month(actor: Actor, operation: Operation | None, first: date, at: datetime) -> Month:
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    span = days(actor, operation, weeks[0][0], weeks[-1][-1], at, month=first.month)
    return Month(
        title=date_format(first, "F Y"),
        weeks=[span.days[place : place + 7] for place in range(0, len(span.days), 7)],
        busy=span.busy,
        running=span.running,
        previous=f"{first - timedelta(days=1):%Y-%m}",
        following=f"{(first + timedelta(days=31)).replace(day=1):%Y-%m}",
    )


def week(actor: Actor, operation: Operation | None, day: date, at: datetime) -> Span:
    """Monday to Sunday around the day."""
    monday = day - day.weekday() * DAY
    return _span(actor, operation, monday, 7, at)


def upcoming(actor: Actor, operation: Operation | None, day: date, at: datetime) -> Span:
    """The two months from the day on, as a list."""
    return _span(actor, operation, day, LIST_DAYS, at)


def _span(
    actor: Actor, operation: Operation | None, first: date, length: int, at: datetime
) -> Span:
    last = first + (length - 1) * DAY
    found = days(actor, operation, first, last, at)
    return Span(
        title=_("%(first)s – %(last)s")
        % {"first": date_format(first, "j F Y"), "last": date_format(last, "j F Y")},
        days=found.days,
        busy=found.busy,
        running=found.running,
        previous=f"{first - length * DAY:%Y-%m-%d}",
        following=f"{first + length * DAY:%Y-%m-%d}",
    )
