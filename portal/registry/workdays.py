"""Working days and working hours of South Kalimantan: Monday to Friday but for the calendar.

`WorkCalendar` is pure; the functions at the end read the calendar that administrators keep. At the
closing hour itself nobody works any more.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings

from portal import clock
from portal.registry.models import Holiday

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
SATURDAY = 5


@dataclass(frozen=True)
class WorkCalendar:
    """`off`: days without work; `on`: days with work although they fall on a weekend."""

    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()
    opens: time = time(8)
    closes: time = time(16)

    def is_working_day(self, day: date) -> bool:
        return day in self.on or (day.weekday() < SATURDAY and day not in self.off)

    def working_hours(self, day: date) -> tuple[datetime, datetime] | None:
        """When work begins and when it ends on the day; None when nobody works."""
        if not self.is_working_day(day):
            return None
        return (
            datetime.combine(day, self.opens, clock.WITA),
            datetime.combine(day, self.closes, clock.WITA),
        )

    def add_working_days(self, day: date, days: int) -> date:
        """The nth working day after the day; 0 is the day itself, or the next working day when
        nobody works on it."""
        if days < 0:
            raise ValueError("Working days are counted forward.")
        while not self.is_working_day(day) and days == 0:
            day += DAY
        while days:
            day += DAY
            days -= self.is_working_day(day)
        return day

    def is_working_moment(self, at: datetime) -> bool:
        local = clock.local(at)
        hours = self.working_hours(local.date())
        return hours is not None and hours[0] <= local < hours[1]

    def next_working_moment(self, at: datetime) -> datetime:
        """The moment itself when somebody works then, else when work next begins."""
        day = clock.local(at).date()
        while True:
            hours = self.working_hours(day)
            if hours is not None and at < hours[1]:
                return max(at, hours[0])
            day += DAY

    def last_working_moment(self, at: datetime) -> datetime:
        """The moment itself when somebody works then, else the last instant of the hours before."""
        day = clock.local(at).date()
        while True:
            hours = self.working_hours(day)
            if hours is not None and at >= hours[0]:
                return min(at, hours[1] - INSTANT)
            day -= DAY

    def add_working_time(self, at: datetime, delta: timedelta) -> datetime:
        """The moment after that much working time: two hours after 15.00 is 09.00 of the next
        working day, one hour after it is the closing hour."""
        if delta < timedelta(0):
            raise ValueError("Working time is counted forward.")
        at = self.next_working_moment(at)
        while True:
            closes = datetime.combine(clock.local(at).date(), self.closes, clock.WITA)
            if at + delta <= closes:
                return at + delta
            delta -= closes - at
            at = self.next_working_moment(closes)


def calendar() -> WorkCalendar:
    """The calendar as it stands, in one query."""
    rows = list(Holiday.objects.in_use().values_list("date", "is_working"))
    opens, closes = settings.WORKING_HOURS
    return WorkCalendar(
        off=frozenset(day for day, works in rows if not works),
        on=frozenset(day for day, works in rows if works),
        opens=opens,
        closes=closes,
    )


def add_working_days(day: date, days: int) -> date:
    """The nth working day after the day."""
    return calendar().add_working_days(day, days)


def is_working_day(day: date) -> bool:
    return calendar().is_working_day(day)


def next_working_moment(at: datetime) -> datetime:
    return calendar().next_working_moment(at)


def add_working_time(at: datetime, delta: timedelta) -> datetime:
    return calendar().add_working_time(at, delta)
