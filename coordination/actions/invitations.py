"""Seats: giving them, sending their letters and calendar entries, answering."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from coordination.actions.following import tell_meeting_followers
from coordination.actions.numbering import letter_number
from coordination.actions.rows import lock, save
from coordination.emails import (
    emptied_event,
    event_of,
    invitation_context,
    invitation_url,
    meeting_context,
    meeting_url,
    stamp,
)
from coordination.enums import Answer, MeetingState
from coordination.exports.letter import letter_values
from coordination.models import Invitation, Meeting
from coordination.queries.seats import letter_of
from coordination.queries.taking_part import left
from portal import clock
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.attachments.actions import attach
from portal.audit.record import record
from portal.documents.calendar import CANCEL, REQUEST
from portal.notifications.actions import cancel, notify
from portal.registry.models import Agency
from portal.web.templatetags.portal import tanggal_pendek

WITHDRAWS = frozenset({"meeting_postponed", "meeting_cancelled"})
"""News that takes the meeting out of the invited agencies' calendars."""


def seat_agencies(meeting: Meeting, agencies: Iterable[Agency]) -> list[str]:
    """One seat per agency; returns the slugs of those that had none. Raises Refused for an agency
    that has left the operation."""
    agencies = list(agencies)
    gone = left(meeting, agencies)
    if gone is not None:
        raise Refused(
            _("%(agency)s ditarik dari operasi ini sejak %(day)s: %(reason)s")
            % {
                "agency": gone.agency.short_name,
                "day": tanggal_pendek(gone.at),
                "reason": gone.reason,
            },
            "agencies",
        )
    seated = set(meeting.invitations.values_list("agency_id", flat=True))
    fresh = [agency for agency in agencies if agency.pk not in seated]
    Invitation.objects.bulk_create(
        Invitation(meeting=meeting, agency=agency, addressee=f"Pimpinan {agency.name}")
        for agency in fresh
    )
    return [agency.slug for agency in fresh]


def send_invitations(meeting: Meeting, *, again: bool, at: datetime) -> None:
    """Date and number the letters, keep what they say, and tell each seat; `again` also those that
    were sent before."""
    seats = list(meeting.invitations.standing().select_related("agency"))
    if not again:
        seats = [seat for seat in seats if seat.sent_at is None]
    if not seats:
        return
    if again and any(seat.sent_at for seat in seats):
        raise_sequence(meeting)
    number = letter_number(meeting.classification, meeting.office_code, at)
    details = letter_of(meeting)
    for seat in seats:
        seat.meeting = meeting
        seat.letter_number = number
        seat.letter_date = clock.local(at).date()
        seat.sent_at = at
        seat.version += 1
        # An official letter speaks Indonesian, whatever the language of its writer's menus.
        with translation.override("id"):
            seat.letter = letter_values(meeting, details, seat)
        seat.save(update_fields=["letter_number", "letter_date", "sent_at", "letter", "version"])
        notify(
            "meeting_invitation",
            event_key=f"invitation:{seat.pk}:sent:{stamp(at)}",
            agencies=[seat.agency],
            context=invitation_context(seat) | {"calendar": event_of(meeting, REQUEST)},
            url=invitation_url(seat),
            at=at,
            classification=meeting.classification,
            stop_key=answer_key(seat),
        )


def answer_key(seat: Invitation) -> str:
    """All that asks for an answer; the answer stops it."""
    return f"invitation:{seat.pk}:answer"


def reminder_key(seat: Invitation) -> str:
    """All that reminds of the meeting; its beginning, postponement or end stops it."""
    return f"invitation:{seat.pk}:reminder"


def stop_reminders(meeting: Meeting, *, at: datetime) -> None:
    for seat in meeting.invitations.all():
        cancel(answer_key(seat), at=at)
        cancel(reminder_key(seat), at=at)


def tell_seats(
    kind: str,
    meeting: Meeting,
    *,
    key: str,
    at: datetime,
    emptied: tuple[datetime, datetime] | None = None,
) -> None:
    """Tell every agency whose letter went out, in one event; their calendars follow. `emptied`: the
    times under which they hold a rakor that they may no longer hold."""
    raise_sequence(meeting)
    told = Agency.objects.filter(
        pk__in=meeting.invitations.standing().filter(sent_at__isnull=False).values("agency")
    )
    notify(
        kind,
        event_key=f"meeting:{meeting.pk}:{key}",
        agencies=told,
        context=meeting_context(meeting)
        | {
            "calendar": emptied_event(meeting, *emptied)
            if emptied
            else event_of(meeting, CANCEL if kind in WITHDRAWS else REQUEST)
        },
        url=meeting_url(meeting),
        at=at,
        classification=meeting.classification,
    )
    tell_meeting_followers(meeting, kind=kind, key=key, at=at)


def raise_sequence(meeting: Meeting) -> None:
    """Calendars take an event again only under a higher number; it never falls."""
    Meeting.objects.filter(pk=meeting.pk).update(calendar_sequence=F("calendar_sequence") + 1)
    meeting.refresh_from_db(fields=["calendar_sequence"])


def answer_invitation(
    invitation: Invitation,
    *,
    by: Actor,
    at: datetime,
    answer: str,
    representative: str = "",
    may_commit: bool = False,
    reason: str = "",
    files: Sequence[UploadedFile] = (),
    version: int | None = None,
) -> Invitation:
    """Say whether the agency comes; reminders stop at once and the host is told. `files` are the
    mandate of who represents it."""
    policy.require(by, Permission.INVITATION_ANSWER, invitation)
    with transaction.atomic():
        invitation = lock(invitation, version, "meeting", "agency")
        meeting = invitation.meeting
        if invitation.withdrawn_at is not None:
            raise Refused(_("Undangan ini sudah ditarik oleh tuan rumah."))
        if meeting.state != MeetingState.SCHEDULED or meeting.starts_at <= at:
            raise Refused(
                _(
                    "Undangan ini tidak dapat dijawab lagi: rakornya sudah dimulai, ditunda, "
                    "atau dibatalkan."
                )
            )
        values = _checked_answer(answer, representative.strip(), may_commit, reason.strip())
        if files and answer != Answer.REPRESENTED:
            raise Refused(_("Surat mandat hanya untuk undangan yang diwakili."), "file")
        if not files and not _differs(invitation, values):
            return invitation
        before, after = save(invitation, answered_by_id=by.post_id, answered_at=at, **values)
        for file in files:
            attach(invitation, file, by=by, at=at)
        record("invitation.answer", invitation, by=by, at=at, before=before, after=after)
        cancel(answer_key(invitation), at=at)
        if answer == Answer.ABSENT:
            cancel(reminder_key(invitation), at=at)
        notify(
            "invitation_answered",
            event_key=f"invitation:{invitation.pk}:answered:{invitation.version}",
            posts=Post.objects.of_agencies([meeting.host_agency_id]).with_role(Role.COORDINATOR),
            context=invitation_context(invitation),
            url=meeting_url(meeting),
            at=at,
            duty=False,
            classification=meeting.classification,
        )
    return invitation


def _differs(invitation: Invitation, values: dict[str, Any]) -> bool:
    return any(getattr(invitation, name) != value for name, value in values.items())


def _checked_answer(
    answer: str, representative: str, may_commit: bool, reason: str
) -> dict[str, str | bool]:
    if answer not in Answer.values or answer == Answer.PENDING:
        raise Refused(_("Pilih hadir, diwakili, atau tidak hadir."), "answer")
    if answer == Answer.REPRESENTED and not representative:
        raise Refused(_("Sebutkan jabatan atau nama yang mewakili."), "representative")
    if answer == Answer.ABSENT and not reason:
        raise Refused(_("Sebutkan alasan tidak hadir."), "reason")
    represented = answer == Answer.REPRESENTED
    return {
        "answer": answer,
        "representative": representative if represented else "",
        "may_commit": may_commit if represented else answer == Answer.ATTENDING,
        "reason": reason,
    }
