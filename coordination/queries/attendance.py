"""Who is there: the lines of the daftar hadir, and the one count of the quorum."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from coordination.enums import PRESENCE_BADGES, CheckIn, MeetingState, MinutesState, Presence
from coordination.models import Attendance, Invitation, Meeting, Minutes
from portal.access.actor import Actor

EARLY = timedelta(hours=2)
"""How long before its beginning people may check in."""


@dataclass(frozen=True)
class Quorum:
    """Seats, not heads. `present`: seats whose agency is there itself, or by somebody who may
    commit it; `needed`: the smallest number above the meeting's share."""

    seats: int
    present: int
    heads: int
    needed: int
    percent: int

    @property
    def reached(self) -> bool:
        return self.present >= self.needed

    @property
    def missing(self) -> int:
        return max(self.needed - self.present, 0)


def quorum(meeting: Meeting) -> Quorum:
    """Counted from the meeting's rows (two queries, none where they are loaded). A line signed late
    does not count: a quorum is what the session had, not what was said of it afterwards."""
    lines = [line for line in meeting.attendance.all() if line.status != Presence.ABSENT]
    there = {
        line.agency_id
        for line in lines
        if line.method != CheckIn.LATE and (line.status == Presence.PRESENT or line.may_commit)
    }
    invited = invited_agencies(meeting)
    return Quorum(
        seats=len(invited),
        present=len(invited & there),
        heads=len(lines),
        needed=min(len(invited) * meeting.quorum_percent // 100 + 1, max(len(invited), 1)),
        percent=meeting.quorum_percent,
    )


def quorum_of(meeting: Meeting) -> Quorum | None:
    """What a page says of the quorum: nothing before the letters are out or after it was called
    off."""
    silent = {MeetingState.DRAFT, MeetingState.POSTPONED, MeetingState.CANCELLED}
    return None if meeting.state in silent else quorum(meeting)


def invited_agencies(meeting: Meeting) -> set[int]:
    """The agencies whose seat counts: their letter went out, and was not withdrawn."""
    return {seat.agency_id for seat in _called(meeting)}


def _called(meeting: Meeting) -> list[Invitation]:
    return [
        seat
        for seat in meeting.invitations.all()
        if seat.sent_at is not None and seat.withdrawn_at is None
    ]


def attendance_rows(meeting: Meeting, actor: Actor | None = None) -> list[dict[str, Any]]:
    """The list as it is read. Service numbers are whole for the host and for one's own agency,
    else their last digits only."""
    return [
        {
            "pk": row.pk,
            "position": position,
            "agency": row.agency.short_name,
            "invited_office": row.invited_office,
            "status": (PRESENCE_BADGES[row.status], row.get_status_display()),
            "represents": row.invited_office if row.status == Presence.REPRESENTED else "",
            "commits": row.status == Presence.REPRESENTED and row.may_commit,
            "name": row.attendee_name,
            "office": row.attendee_office,
            "rank": row.rank,
            "service_number": number_for(row, meeting, actor),
            "checked_in_at": row.checked_in_at,
            "late": row.method == CheckIn.LATE,
            "method": row.get_method_display(),
            "recorded_at": row.recorded_at,
            "recorded_by": row.recorded_by.title if row.recorded_by else "",
        }
        for position, row in enumerate(meeting.attendance.all(), start=1)
    ]


def not_yet_there(meeting: Meeting) -> list[dict[str, Any]]:
    """Invited agencies of which nobody is there, as the desk's buttons need them."""
    there = {row.agency_id for row in meeting.attendance.all() if row.status != Presence.ABSENT}
    return [
        {
            "pk": seat.agency_id,
            "agency": seat.agency.short_name,
            "answer": seat.get_answer_display(),
        }
        for seat in _called(meeting)
        if seat.agency_id not in there
    ]


def number_for(row: Attendance, meeting: Meeting, actor: Actor | None) -> str:
    """The service number as that reader may see it."""
    own = actor is not None and (
        actor.is_system or actor.agency_id in {meeting.host_agency_id, row.agency_id}
    )
    if own or not row.service_number:
        return row.service_number
    return "•••••" + row.service_number[-3:] if len(row.service_number) > 5 else "•••••"


def code_subject(meeting: Meeting) -> str:
    """What the codes on the meeting's screen are signed for."""
    return f"meeting:{meeting.pk}"


def arriving(meeting: Meeting, at: datetime) -> bool:
    """Whether people can check in now: shortly before the beginning, and in session."""
    return meeting.state == MeetingState.IN_SESSION or (
        meeting.state == MeetingState.SCHEDULED and meeting.starts_at - EARLY <= at
    )


def signing_late(meeting: Meeting) -> bool:
    """Whether one may still sign for oneself: after the session, until the minutes leave the
    writer's hands."""
    if meeting.state != MeetingState.HELD:
        return False
    gone_out = Minutes.objects.filter(meeting=meeting).exclude(state=MinutesState.DRAFT)
    return not gone_out.exists()


def own_line(meeting: Meeting, actor: Actor) -> Attendance | None:
    """The line that the acting person has signed himself."""
    if actor.user_id is None:
        return None
    return meeting.attendance.filter(person_id=actor.user_id).first()
