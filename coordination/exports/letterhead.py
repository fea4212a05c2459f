"""What every official sheet of a meeting's host begins with."""

from datetime import datetime

from django.utils.formats import date_format

from coordination.models import Meeting
from portal import clock


def letterhead(meeting: Meeting) -> list[str]:
    """The agency, and the unit below it when it is another."""
    lines = [meeting.host_agency.name.upper()]
    if meeting.host_unit.name != meeting.host_agency.name:
        lines.append(meeting.host_unit.name.upper())
    return lines


def hour(moment: datetime) -> str:
    """09.00, in WITA"""
    return clock.local(moment).strftime("%H.%M")


def day_held(meeting: Meeting) -> str:
    """Kamis, 6 Juni 2024: the day on which it was opened, else for which it was called."""
    return date_format(clock.local(meeting.opened_at or meeting.starts_at), "l, j F Y")


def hours_held(meeting: Meeting) -> str:
    """10.04–12.10 WITA: as it was opened and closed; what is not recorded, as it was planned."""
    begin = clock.local(meeting.opened_at or meeting.starts_at)
    end = clock.local(meeting.closed_at or meeting.ends_at)
    if meeting.closed_at is None or begin.date() == end.date():
        return f"{hour(begin)}–{hour(end)} WITA"
    return f"{hour(begin)} – {date_format(end, 'j F Y')} {hour(end)} WITA"
