"""What every official sheet of a meeting's host begins with."""

from datetime import datetime

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
