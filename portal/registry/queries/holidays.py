"""The calendar of holidays as its page shows it."""

from dataclasses import dataclass
from datetime import date, datetime

from portal import clock
from portal.access.actor import Actor
from portal.registry.enums import HolidayKind
from portal.registry.models import Holiday

BADGES: dict[str, str] = {
    HolidayKind.NATIONAL: "danger",
    HolidayKind.JOINT_LEAVE: "info",
    HolidayKind.LOCAL: "neutral",
}


@dataclass(frozen=True)
class HolidayRow:
    pk: int
    date: date
    name: str
    badge: tuple[str, str]
    is_working: bool
    source: str
    removal_reason: str


def holiday_years(actor: Actor, at: datetime) -> list[int]:
    """The years that the calendar speaks of, and the running one."""
    known = Holiday.objects.visible_to(actor).values_list("date__year", flat=True)
    return sorted({*known.distinct().order_by("date__year"), clock.local(at).year})


def holiday_rows(actor: Actor, year: int, *, removed: bool) -> list[HolidayRow]:
    """The days of a year in their order; what was taken out only where asked for."""
    rows = Holiday.objects.visible_to(actor).of_year(year).order_by("date")
    if not removed:
        rows = rows.in_use()
    return [
        HolidayRow(
            pk=row.pk,
            date=row.date,
            name=row.name,
            badge=(BADGES[row.kind], row.get_kind_display()),
            is_working=row.is_working,
            source=row.source,
            removal_reason=row.removal_reason,
        )
        for row in rows
    ]
