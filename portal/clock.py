"""The portal's only source of "now".

Domain code (stages, due dates, reminders, cut-offs) lives on `now()`. A demo may set that clock by
`PORTAL_DEMO_NOW`; from there it runs on at the true pace. The audit keeps `true_now()` beside it.
Read the clock in doorways only (views, tasks, commands); actions and queries take `at`.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

WITA = ZoneInfo("Asia/Makassar")
REST_OF_MINUTE = timedelta(seconds=59, microseconds=999_999)


def true_now() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The domain's time, in UTC: the machine's, or the demo's set and running clock."""
    moment = true_now()
    if settings.DEMO_NOW is None or settings.DEMO_ANCHOR is None:
        return moment
    anchor = datetime.fromtimestamp(settings.DEMO_ANCHOR, UTC)
    return settings.DEMO_NOW.astimezone(UTC) + (moment - anchor)


def today() -> date:
    """The domain's calendar day in WITA."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The moment as a clock in South Kalimantan shows it."""
    return moment.astimezone(WITA)


def through_minute(moment: datetime, at: datetime) -> datetime:
    """What was named to the minute, as an address does: that whole minute as far as it has come at
    `at`. So "08.05" shows all that was recorded at 08.05. A moment to come stays what it is."""
    if moment.second or moment.microsecond:
        return moment
    return max(moment, min(moment + REST_OF_MINUTE, at))


def midnight(day: date) -> datetime:
    """The first moment of the day in WITA."""
    return datetime.combine(day, datetime.min.time(), WITA)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The day's first moment and the next day's."""
    return midnight(day), midnight(day + timedelta(days=1))
