"""What beat keeps: jobs, and the slots of time in which each comes due."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

WITA = ZoneInfo("Asia/Makassar")
DAY = timedelta(days=1)


def seconds(number: int) -> timedelta:
    return timedelta(seconds=number)


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def hours(number: int) -> timedelta:
    return timedelta(hours=number)


@dataclass(frozen=True)
class Job:
    """A task that comes due by the clock: `every` so often, or `daily` at a time in WITA.

    A beat that was away catches up by one rule: of the slots it missed only the newest opens, since
    every job looks at all that has come due; and none opens that is older than `skip_after`.
    """

    task: str
    every: timedelta | None = None
    daily: time | None = None
    skip_after: timedelta | None = None

    def __post_init__(self):
        if (self.every is None) == (self.daily is None):
            raise ValueError(f"{self.task}: give either every or daily")
        if self.every is not None and (not self.every or DAY % self.every):
            raise ValueError(f"{self.task}: the day is no multiple of {self.every}")

    def slot(self, at: datetime) -> datetime | None:
        """The start of the newest slot due at that moment, in WITA; None if it is let go."""
        moment = at.astimezone(WITA)
        first = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        if self.daily is not None:
            first += timedelta(hours=self.daily.hour, minutes=self.daily.minute)
        period = self.every or DAY
        start = first + (moment - first) // period * period
        if self.skip_after is not None and moment - start > self.skip_after:
            return None
        return start
