"""Planning a rakor: draft, edit, call, postpone, cancel, open, close."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.agenda import reclassify_agenda
from coordination.actions.carry_over import bring_back
from coordination.actions.drafted_agenda import AgendaDraft, rewrite_agenda, write_agenda
from coordination.actions.invitations import (
    seat_agencies,
    send_invitations,
    stop_reminders,
    tell_seats,
)
from coordination.actions.numbering import meeting_number
from coordination.actions.rows import lock, move_meeting, save
from coordination.actions.session import end_running
from coordination.actions.withdrawals import restore_seats
from coordination.enums import MEETING_EDITABLE, Answer, MeetingState
from coordination.models import Meeting, MeetingSeries
from portal.access import policy
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.registry.models import Agency, Operation, Unit

NEWS = frozenset({"title", "starts_at", "ends_at", "place", "virtual_link"})
"""What invited agencies are told about when it changes."""


def plan_meeting(
    *,
    by: Actor,
    at: datetime,
    operation: Operation,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    chair_office: str,
    agenda: Sequence[AgendaDraft] = (),
    agencies: Iterable[Agency] = (),
    **details: Any,
) -> Meeting:
    """Write down a rakor that is not called for yet. The acting post's agency hosts it.

    `details` are further fields of Meeting: kind, dress, chair_name, classification and the like.
    """
    policy.require(by, Permission.MEETING_PLAN)
    _check_times(starts_at, ends_at)
    _check_class(details.get("classification"), by)
    _check_series(details.get("series"), by)
    with transaction.atomic():
        meeting = Meeting.objects.create(
            operation=operation,
            number=meeting_number(at),
            title=title,
            starts_at=starts_at,
            ends_at=ends_at,
            place=place,
            chair_office=chair_office,
            host_agency_id=by.agency_id,
            host_unit=Unit.objects.get(pk=by.unit_id),
            created_by_id=by.post_id,
            created_at=at,
            updated_at=at,
            **details,
        )
        write_agenda(meeting, agenda)
        seat_agencies(meeting, agencies)
        record("meeting.plan", meeting, by=by, at=at, after={"title": title, "at": starts_at})
        bring_back(meeting, by=by, at=at)
    return meeting


def edit_meeting(
    meeting: Meeting,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    agenda: Sequence[AgendaDraft] | None = None,
    agencies: Iterable[Agency] | None = None,
    **values: Any,
) -> Meeting:
    """Change a rakor that has not begun; invited agencies hear of a new title, time or
    place, and of a class that takes it out of their calendars or back into them, once."""
    policy.require(by, Permission.MEETING_PLAN, meeting)
    with transaction.atomic():
        meeting = lock(meeting, version, "host_agency")
        times, mailed = (meeting.starts_at, meeting.ends_at), mailable(meeting)
        if meeting.state not in MEETING_EDITABLE:
            raise Refused(_("Rakor yang sudah berlangsung atau dibatalkan tidak dapat diubah."))
        _check_times(
            values.get("starts_at", meeting.starts_at), values.get("ends_at", meeting.ends_at)
        )
        _check_class(values.get("classification"), by)
        _check_series(values.get("series"), by)
        if meeting.state == MeetingState.SCHEDULED and "starts_at" in values:
            _check_ahead(values["starts_at"], meeting.starts_at, at)
        before, after = save(meeting, **values)
        if "classification" in after:
            reclassify_agenda(meeting)
        if after:
            Meeting.objects.filter(pk=meeting.pk).update(updated_at=at)
            record("meeting.edit", meeting, by=by, at=at, before=before, after=after)
        if agenda is not None:
            rewrite_agenda(meeting, agenda, by=by, at=at)
        if agencies is not None:
            _reseat(meeting, list(agencies), by=by, at=at)
        crossed = mailed != mailable(meeting)
        if meeting.state == MeetingState.SCHEDULED and (crossed or NEWS & after.keys()):
            stop_reminders(meeting, at=at)
            tell_seats(
                "meeting_changed",
                meeting,
                at=at,
                key=f"changed:{meeting.version}",
                emptied=times if crossed and mailed else None,
            )
        bring_back(meeting, by=by, at=at)
    return meeting


def mailable(meeting: Meeting) -> bool:
    """Whether mails may say what it is about, and calendars outside the portal hold it."""
    return meeting.classification <= Classification.TERBATAS


def schedule_meeting(meeting: Meeting, *, by: Actor, at: datetime) -> Meeting:
    """Call for the rakor: every seat gets its letter, an inbox entry and a mail."""
    policy.require(by, Permission.MEETING_PLAN, meeting)
    with transaction.atomic():
        meeting = lock(meeting, None, "host_agency")
        if meeting.state == MeetingState.SCHEDULED:
            return meeting
        move_meeting(meeting, MeetingState.SCHEDULED)
        if meeting.starts_at <= at:
            raise Refused(
                _("Waktu mulai sudah lewat. Ubah jadwal sebelum mengundang."), "starts_at"
            )
        if not meeting.invitations.standing().exists():
            raise Refused(_("Belum ada instansi yang diundang."), "agencies")
        before, after = save(meeting, state=MeetingState.SCHEDULED, state_reason="")
        record("meeting.schedule", meeting, by=by, at=at, before=before, after=after)
        # After a postponement the old answers speak of another day.
        meeting.invitations.exclude(answer=Answer.PENDING).update(
            answer=Answer.PENDING, answered_at=None, answered_by=None, representative="", reason=""
        )
        bring_back(meeting, by=by, at=at)
        send_invitations(meeting, again=True, at=at)
    return meeting


def postpone_meeting(meeting: Meeting, *, by: Actor, at: datetime, reason: str) -> Meeting:
    """Put it off for now, with a reason; everyone invited is told once."""
    return _stop(meeting, MeetingState.POSTPONED, by=by, at=at, reason=reason)


def cancel_meeting(meeting: Meeting, *, by: Actor, at: datetime, reason: str) -> Meeting:
    """Call it off for good, with a reason; everyone invited is told once."""
    return _stop(meeting, MeetingState.CANCELLED, by=by, at=at, reason=reason)


def start_meeting(meeting: Meeting, *, by: Actor, at: datetime) -> Meeting:
    """The chair opens the session."""
    return _run(meeting, MeetingState.IN_SESSION, by=by, at=at)


def close_meeting(meeting: Meeting, *, by: Actor, at: datetime) -> Meeting:
    """The session is over; minutes can be written to their end and published."""
    return _run(meeting, MeetingState.HELD, by=by, at=at)


def _run(meeting: Meeting, state: MeetingState, *, by: Actor, at: datetime) -> Meeting:
    policy.require(by, Permission.MEETING_RUN, meeting)
    with transaction.atomic():
        meeting = lock(meeting)
        if meeting.state == state:
            return meeting
        move_meeting(meeting, state)
        if state == MeetingState.HELD:
            end_running(meeting, at)
            moment = {"closed_at": max(at, meeting.opened_at or at)}
        else:
            moment = {"opened_at": at}
        before, after = save(meeting, state=state, **moment)
        record(f"meeting.{state}", meeting, by=by, at=at, before=before, after=after)
        if state == MeetingState.IN_SESSION:
            bring_back(meeting, by=by, at=at)
        stop_reminders(meeting, at=at)
    return meeting


def _stop(
    meeting: Meeting, state: MeetingState, *, by: Actor, at: datetime, reason: str
) -> Meeting:
    policy.require(by, Permission.MEETING_PLAN, meeting)
    with transaction.atomic():
        meeting = lock(meeting, None, "host_agency")
        if meeting.state == state:
            return meeting
        move_meeting(meeting, state)
        if not reason.strip():
            raise Refused(_("Tulis alasannya."), "reason")
        before, after = save(meeting, state=state, state_reason=reason.strip())
        record(f"meeting.{state}", meeting, by=by, at=at, before=before, after=after)
        stop_reminders(meeting, at=at)
        tell_seats(f"meeting_{state}", meeting, at=at, key=f"{state}:{meeting.version}")
    return meeting


def _check_times(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise Refused(_("Rakor harus selesai setelah dimulai."), "ends_at")


def _check_ahead(starts_at: datetime, was: datetime, at: datetime) -> None:
    """A rakor that is called for can only be moved to a time that is still to come."""
    if starts_at != was and starts_at <= at:
        raise Refused(_("Waktu mulai sudah lewat. Pilih waktu yang akan datang."), "starts_at")


def _check_series(series: MeetingSeries | None, by: Actor) -> None:
    if series is not None:
        policy.require(by, Permission.MEETING_PLAN, series)


def _check_class(classification: int | None, by: Actor) -> None:
    if classification is not None and classification > by.clearance:
        raise Refused(_("Klasifikasi ini di atas kewenangan jabatan Anda."), "classification")


def _reseat(meeting: Meeting, agencies: list[Agency], *, by: Actor, at: datetime) -> None:
    """Add seats, and take away those whose letter has not gone out; a sent letter stays sent."""
    wanted = {agency.pk for agency in agencies}
    unsent = meeting.invitations.standing().filter(sent_at__isnull=True)
    unsent.exclude(agency__in=wanted).delete()
    invite_agencies(meeting, agencies, by=by, at=at)


def invite_agencies(
    meeting: Meeting, agencies: Iterable[Agency], *, by: Actor, at: datetime
) -> Meeting:
    """Give agencies a seat, one each; of a rakor that is called for, their letters go out."""
    policy.require(by, Permission.MEETING_PLAN, meeting)
    with transaction.atomic():
        meeting = lock(meeting, None, "host_agency")
        if meeting.state not in MEETING_EDITABLE:
            raise Refused(_("Rakor yang sudah berlangsung atau dibatalkan tidak dapat diubah."))
        agencies = list(agencies)
        added = seat_agencies(meeting, agencies)
        restore_seats(meeting, agencies, by=by, at=at)
        if added:
            record("meeting.invite", meeting, by=by, at=at, after={"agencies": added})
        if meeting.state == MeetingState.SCHEDULED:
            send_invitations(meeting, again=False, at=at)
    return meeting
