"""Days with what is on them: meetings, due times and stages, for each shape of the calendar."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.queries import calendar_entries
from portal import clock
from portal.access.actor import Actor
from portal.registry.models import Operation, Stage
from portal.web.templatetags.portal import pukul

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """Something on a day. `time` is "" for what has no hour. `kind`: meeting, obligation, stage."""

    kind: str
    title: str
    url: str
    time: str
    badge: tuple[str, str]
    place: str = ""
    called_off: bool = False


@dataclass
class Day:
    day: date
    inside: bool
    today: bool
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Days:
    """The days of a span, and the names of the stages that run now."""

    days: list[Day]
    running: list[str]

    @property
    def busy(self) -> list[Day]:
        """Those of the span itself on which something is."""
        return [day for day in self.days if day.inside and day.entries]


def days(
    actor: Actor,
    operation: Operation | None,
    first: date,
    last: date,
    at: datetime,
    month: int | None = None,
) -> Days:
    """Every day from `first` to `last`; with a `month` only its days are inside."""
    start, end = clock.midnight(first), clock.midnight(last + DAY)
    found: dict[date, list[Entry]] = defaultdict(list)
    stages = list(_stages(operation, start, end)) if operation else []
    for stage in stages:
        begun, over = clock.local(stage.starts_at).date(), _last_day(stage.ends_at)
        found[begun].append(_stage(stage, _("Mulai")))
        if over != begun:
            found[over].append(_stage(stage, _("Hari terakhir")))
    for entry in calendar_entries(actor, start, end):
        begins = clock.local(entry.starts_at)
        over = _last_day(entry.ends_at) if entry.ends_at else begins.date()
        for number in range((over - begins.date()).days + 1):
            found[begins.date() + number * DAY].append(
                Entry(
                    entry.kind,
                    entry.title,
                    entry.url,
                    _hours(entry.starts_at, entry.ends_at, number == 0),
                    entry.badge,
                    entry.place,
                    entry.called_off,
                )
            )
    today = clock.local(at).date()
    span = [first + number * DAY for number in range((last - first).days + 1)]
    return Days(
        days=[
            Day(day, month is None or day.month == month, day == today, found.get(day, []))
            for day in span
        ],
        running=[stage.label for stage in stages if stage.starts_at <= at < stage.ends_at],
    )


def _last_day(ends_at: datetime) -> date:
    """What ends at midnight was over the day before."""
    return clock.local(ends_at - timedelta(microseconds=1)).date()


def _hours(starts_at: datetime, ends_at: datetime | None, first: bool) -> str:
    """When it begins; on the days after its first one, until when it goes on."""
    if first or ends_at is None:
        return pukul(clock.local(starts_at))
    over = clock.local(ends_at)
    return _("s.d. %(hour)s") % {"hour": f"{over:%d-%m} {pukul(over)}"}


def _stages(operation: Operation, start: datetime, end: datetime) -> QuerySet[Stage]:
    return operation.stages.filter(starts_at__lt=end, ends_at__gt=start).select_related("operation")


def _stage(stage: Stage, label: str) -> Entry:
    url = reverse("registry:operation_detail", args=[stage.operation.slug])
    return Entry("stage", stage.label, url, "", ("neutral", label))
