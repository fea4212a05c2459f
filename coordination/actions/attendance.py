"""Who came: the host's list, the reception desk, the code on the screen, and late signatures.

Each of them takes the meeting's row first, so of two at once one waits: a person has one line, an
agency one seat.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.rows import lock
from coordination.enums import Answer, CheckIn, MeetingState, Presence
from coordination.models import Attendance, CodeUse, Invitation, Meeting
from coordination.queries.attendance import arriving, code_subject, own_line, signing_late
from portal.access import codes, policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.registry.models import Agency

OPEN_STATES = frozenset({MeetingState.SCHEDULED, MeetingState.IN_SESSION, MeetingState.HELD})


@dataclass(frozen=True)
class Seat:
    """A line of the daftar hadir as typed by the host; `pk` names the line that it corrects, and
    `seen` is when that line had been recorded as the host saw it."""

    agency: Agency
    invited_office: str
    status: str
    attendee_name: str = ""
    attendee_office: str = ""
    checked_in_at: datetime | None = None
    rank: str = ""
    service_number: str = ""
    may_commit: bool | None = None
    pk: int | None = None
    seen: datetime | None = None


@dataclass(frozen=True)
class Attendee:
    """A person at the door. `represents`: sent by the office that was invited."""

    name: str = ""
    office: str = ""
    rank: str = ""
    service_number: str = ""
    represents: bool = False


def record_attendance(
    meeting: Meeting,
    seats: Sequence[Seat],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    removed: Collection[int] = (),
) -> Meeting:
    """Write the host's list; it stays open to corrections until the minutes are out. Lines that
    people have signed, or the desk has taken, stay unless they are named in `removed`; what came in
    after the host had opened the list is newer than what the list says of it."""
    policy.require(by, Permission.MEETING_RUN, meeting)
    with transaction.atomic():
        meeting = lock(meeting, version)
        _refuse_unless_open(meeting)
        for seat in seats:
            _check_office(seat.status, seat.invited_office, seat.attendee_office)
        before = _texts(meeting)
        lines = {line.pk: line for line in meeting.attendance.all()}
        given = [(lines.pop(seat.pk or 0, None), seat) for seat in _current(seats, lines)]
        gone = [k for k, line in lines.items() if line.method == CheckIn.LIST or k in removed]
        meeting.attendance.filter(pk__in=gone).delete()
        meeting.attendance.update(invitation=None)
        answers = {seat.agency_id: seat for seat in meeting.invitations.standing()}
        for position, (line, seat) in enumerate(given, start=1):
            line = line or Attendance(meeting=meeting, recorded_by_id=by.post_id, recorded_at=at)
            line.invitation = None
            _fill(line, seat, position, answers.get(seat.agency.pk))
            line.save()
        kept = [pk for pk in lines if pk not in gone]
        for position, line in enumerate(
            meeting.attendance.filter(pk__in=kept), start=len(given) + 1
        ):
            Attendance.objects.filter(pk=line.pk).update(position=position)
        _assign_seats(meeting)
        Meeting.objects.filter(pk=meeting.pk).update(version=meeting.version + 1, updated_at=at)
        meeting.version += 1
        after = {"rows": _texts(meeting)}
        record("meeting.attendance", meeting, by=by, at=at, before={"rows": before}, after=after)
    return meeting


def check_in(
    meeting: Meeting, attendee: Attendee, *, by: Actor, at: datetime, code: str, held: str = ""
) -> Attendance:
    """Sign for oneself with the code on the screen, which works once per person. `held` is the
    ticket of who opened the code while it was fresh, and then filled in the form."""
    policy.require(by, Permission.MEETING_ATTEND)
    with transaction.atomic():
        meeting = lock(meeting)
        slot = codes.slot_of(code_subject(meeting), code)
        if slot is None:
            raise Refused(_("Kode ini bukan kode hadir rakor ini. Pindai kode di layar."))
        ticket = codes.held_slot(code_subject(meeting), held, by.user_id, at) if held else None
        if not codes.is_fresh(slot, at) and ticket != slot:
            raise Refused(_("Kode sudah berganti. Pindai kode yang sekarang tampil di layar."))
        if not arriving(meeting, at):
            raise Refused(_("Rakor ini tidak sedang menerima kehadiran."))
        _used, fresh = CodeUse.objects.get_or_create(
            meeting=meeting, person_id=by.user_id, slot=slot, defaults={"used_at": at}
        )
        if not fresh:
            raise Refused(_("Kode ini sudah Anda pakai. Pindai kode berikutnya di layar."))
        return _sign(meeting, attendee, CheckIn.CODE, by=by, at=at)


def sign_late(meeting: Meeting, attendee: Attendee, *, by: Actor, at: datetime) -> Attendance:
    """Sign for oneself after the session. The line says so for ever, with time and post, and does
    not count for the quorum."""
    policy.require(by, Permission.MEETING_ATTEND)
    with transaction.atomic():
        meeting = lock(meeting)
        if not signing_late(meeting):
            raise Refused(
                _(
                    "Daftar hadir hanya dapat disusulkan setelah rakor selesai dan sebelum "
                    "notulanya diedarkan."
                )
            )
        return _sign(meeting, attendee, CheckIn.LATE, by=by, at=at)


def check_in_at_desk(
    meeting: Meeting,
    attendee: Attendee,
    *,
    agency: Agency,
    by: Actor,
    at: datetime,
    may_commit: bool = False,
) -> Attendance:
    """The host takes down who stands at the desk, also of an agency without an invitation. Without
    a name it marks the agency's seat."""
    policy.require(by, Permission.MEETING_RUN, meeting)
    with transaction.atomic():
        meeting = lock(meeting)
        if not arriving(meeting, at):
            raise Refused(_("Rakor ini tidak sedang menerima kehadiran."))
        there = meeting.attendance.filter(agency=agency).exclude(status=Presence.ABSENT)
        if any(line.attendee_name.casefold() == attendee.name.casefold() for line in there):
            raise Refused(
                _("Sudah tercatat. Isi nama untuk menambah orang dari instansi yang sama."), "name"
            )
        seat = meeting.invitations.standing().filter(agency=agency, sent_at__isnull=False).first()
        invited = seat.addressee if seat else attendee.office or "Tanpa undangan"
        line = _line(meeting, agency, attendee, invited, by=by, at=at)
        line.method = CheckIn.DESK
        line.checked_in_at = at
        line.may_commit = line.status == Presence.REPRESENTED and (may_commit or _mandated(seat))
        return _seated(line, seat, by=by, at=at)


def remove_line(line: Attendance, *, by: Actor, at: datetime, reason: str) -> Meeting:
    """The host takes a line off the list; the audit keeps what it said and why it went."""
    policy.require(by, Permission.MEETING_RUN, line.meeting)
    with transaction.atomic():
        meeting = lock(line.meeting)
        _refuse_unless_open(meeting)
        if not reason.strip():
            raise Refused(_("Tulis alasannya."), "reason")
        stored = meeting.attendance.filter(pk=line.pk).first()
        if stored is None:
            return meeting
        before = _trace(stored)
        stored.delete()
        meeting.attendance.update(invitation=None)
        _assign_seats(meeting)
        note = reason.strip()
        record("meeting.attendance_removed", meeting, by=by, at=at, before=before, note=note)
    return meeting


def _sign(
    meeting: Meeting, attendee: Attendee, method: CheckIn, *, by: Actor, at: datetime
) -> Attendance:
    if own_line(meeting, by) is not None:
        raise Refused(_("Anda sudah tercatat dalam daftar hadir rakor ini."))
    seat = (
        meeting.invitations.standing().filter(agency_id=by.agency_id, sent_at__isnull=False).first()
    )
    if seat is None and by.agency_id != meeting.host_agency_id:
        raise Refused(_("Instansi Anda tidak diundang. Lapor ke meja penerimaan."))
    if not attendee.name.strip():
        raise Refused(_("Isi nama Anda."), "name")
    invited = seat.addressee if seat else attendee.office or by.post_title
    agency = Agency.objects.get(pk=by.agency_id)
    late = method == CheckIn.LATE
    line = _line(meeting, agency, attendee, invited, by=by, at=at, claim=not late)
    line.method = method
    line.person_id = by.user_id
    # When a late signer came is not known; when he signed stands in `recorded_at`.
    line.checked_in_at = None if late else at
    line.may_commit = line.status == Presence.REPRESENTED and _mandated(seat)
    return _seated(line, seat, by=by, at=at)


def _line(
    meeting: Meeting,
    agency: Agency,
    attendee: Attendee,
    invited_office: str,
    *,
    by: Actor,
    at: datetime,
    claim: bool = True,
) -> Attendance:
    """The agency's line that has no name yet, else a new one at the end; not saved."""
    status = Presence.REPRESENTED if attendee.represents else Presence.PRESENT
    _check_office(status, invited_office, attendee.office, "office")
    lines = meeting.attendance.filter(agency=agency, person=None, attendee_name="")
    line = lines.first() if claim else None
    if line is None:
        last = meeting.attendance.order_by("-position").first()
        line = Attendance(meeting=meeting, agency=agency, position=last.position + 1 if last else 1)
    line.invited_office = invited_office
    line.status = status
    line.attendee_name = attendee.name.strip()
    line.attendee_office = attendee.office.strip()
    line.rank = attendee.rank.strip()
    line.service_number = attendee.service_number.strip()
    line.recorded_by_id = by.post_id
    line.recorded_at = at
    return line


def _seated(line: Attendance, seat: Invitation | None, *, by: Actor, at: datetime) -> Attendance:
    """Save the line; it takes its agency's seat unless somebody who is there has it."""
    if seat is not None:
        holder = Attendance.objects.filter(invitation=seat).exclude(pk=line.pk).first()
        if holder is not None and holder.status == Presence.ABSENT:
            Attendance.objects.filter(pk=holder.pk).update(invitation=None)
            holder = None
        line.invitation = seat if holder is None else None
    line.save()
    record("meeting.check_in", line.meeting, by=by, at=at, after=_trace(line))
    return line


def _mandated(seat: Invitation | None) -> bool:
    """Whether the agency has answered that its representative may commit it."""
    return seat is not None and seat.answer == Answer.REPRESENTED and seat.may_commit


def _current(seats: Sequence[Seat], lines: Mapping[int, Attendance]) -> list[Seat]:
    """The typed lines without those that were overtaken: the line was signed meanwhile, or the
    agency's empty line stands for a seat that somebody has taken."""
    named = {seat.pk for seat in seats}
    newcomers = {
        line.agency_id
        for pk, line in lines.items()
        if line.method != CheckIn.LIST and pk not in named
    }
    return [seat for seat in seats if not _overtaken(seat, lines.get(seat.pk or 0), newcomers)]


def _overtaken(seat: Seat, line: Attendance | None, newcomers: set[int]) -> bool:
    if line is not None:
        return seat.seen is not None and line.recorded_at != seat.seen
    return seat.pk is None and not seat.attendee_name and seat.agency.pk in newcomers


def _fill(line: Attendance, seat: Seat, position: int, invitation: Invitation | None) -> None:
    absent = seat.status == Presence.ABSENT
    commits = _mandated(invitation) if seat.may_commit is None else seat.may_commit
    line.agency = seat.agency
    line.position = position
    line.invited_office = seat.invited_office
    line.status = seat.status
    line.attendee_name = seat.attendee_name
    line.attendee_office = seat.attendee_office
    line.rank = seat.rank
    line.service_number = seat.service_number
    line.may_commit = seat.status == Presence.REPRESENTED and commits
    line.checked_in_at = None if absent else seat.checked_in_at


def _assign_seats(meeting: Meeting) -> None:
    """Each agency's first line that is there takes its seat: quorum counts seats, not heads."""
    free = {seat.agency_id: seat for seat in meeting.invitations.standing()}
    lines = sorted(meeting.attendance.all(), key=lambda line: line.status == Presence.ABSENT)
    for line in lines:
        seat = free.pop(line.agency_id, None)
        if seat is not None:
            Attendance.objects.filter(pk=line.pk).update(invitation=seat)


def _refuse_unless_open(meeting: Meeting) -> None:
    if meeting.state not in OPEN_STATES:
        raise Refused(_("Daftar hadir tidak dapat diubah pada keadaan rakor sekarang."))


def _check_office(
    status: str, invited_office: str, office: str, field: str = "attendee_office"
) -> None:
    if status == Presence.REPRESENTED and not office.strip():
        raise Refused(
            _("Sebutkan jabatan yang mewakili %(office)s.") % {"office": invited_office}, field
        )


def _texts(meeting: Meeting) -> list[str]:
    return [str(line) for line in meeting.attendance.all()]


def _trace(line: Attendance) -> dict[str, Any]:
    """A line as the audit keeps it: by whom and how, without the service number."""
    return {
        "agency": line.agency.slug,
        "name": line.attendee_name,
        "office": line.attendee_office,
        "status": line.status,
        "method": line.method,
        "seat": line.invitation_id,
    }
