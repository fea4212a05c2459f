"""Seats taken back: an invited agency that has left the operation, or was asked by mistake."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.actions.invitations import answer_key, raise_sequence, reminder_key
from coordination.actions.rows import lock, save
from coordination.emails import event_of, invitation_context
from coordination.enums import MEETING_EDITABLE, Answer
from coordination.models import AgencyWithdrawal, Invitation, Meeting
from coordination.queries.taking_part import open_seats
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.documents.calendar import CANCEL
from portal.notifications.actions import cancel, notify
from portal.registry.models import Agency, Operation


def withdraw_seat(
    invitation: Invitation, *, by: Actor, at: datetime, reason: str, version: int | None = None
) -> Invitation:
    """Take an agency's seat back before the rakor begins. If its letter went out it is told, once;
    quorum, reminders and later letters leave the seat out."""
    policy.require(by, Permission.MEETING_PLAN, invitation.meeting)
    return _take_back(invitation, by=by, at=at, reason=reason, version=version)


def withdraw_agency(
    operation: Operation, agency: Agency, *, by: Actor, at: datetime, reason: str
) -> AgencyWithdrawal:
    """An agency leaves the operation: its seats at every rakor that has not begun are taken back,
    whoever hosts it, and none is given to it until it comes back. Twice changes nothing."""
    _oversees(by)
    with transaction.atomic():
        lock(operation)
        standing = AgencyWithdrawal.objects.standing()
        known = standing.filter(operation=operation, agency=agency).first()
        if known is not None:
            return known
        if not reason.strip():
            raise Refused(_("Tulis alasannya."), "reason")
        if agency.pk == by.agency_id:
            raise Refused(_("Instansi penyelenggara tidak dapat menarik dirinya."), "agency")
        withdrawal = AgencyWithdrawal.objects.create(
            operation=operation,
            agency=agency,
            reason=reason.strip(),
            at=at,
            by_post_id=by.post_id,
        )
        seats = open_seats(operation, agency)
        after = {"reason": reason.strip(), "seats": [seat.pk for seat in seats]}
        record("agency.leave", withdrawal, by=by, at=at, after=after)
        for seat in seats:
            _take_back(seat, by=by, at=at, reason=reason)
    return withdrawal


def readmit_agency(
    withdrawal: AgencyWithdrawal,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    version: int | None = None,
) -> AgencyWithdrawal:
    """The agency takes part again. Its former seats stay taken back: whoever hosts asks it anew."""
    _oversees(by)
    with transaction.atomic():
        withdrawal = lock(withdrawal, None, "agency")
        if withdrawal.ended_at is not None:
            return withdrawal
        if version is not None and withdrawal.version != version:
            lock(withdrawal, version)
        if not reason.strip():
            raise Refused(_("Tulis alasannya."), "reason")
        before, after = save(
            withdrawal, ended_at=at, ended_by_id=by.post_id, end_reason=reason.strip()
        )
        record("agency.readmit", withdrawal, by=by, at=at, before=before, after=after)
    return withdrawal


def _oversees(by: Actor) -> None:
    policy.require(by, Permission.MEETING_PLAN)
    if not by.whole_province:
        raise PermissionDenied


def _take_back(
    invitation: Invitation, *, by: Actor, at: datetime, reason: str, version: int | None = None
) -> Invitation:
    with transaction.atomic():
        meeting = lock(invitation.meeting, None, "host_agency")
        invitation = lock(invitation, None, "agency")
        invitation.meeting = meeting
        if invitation.withdrawn_at is not None:
            return invitation
        if version is not None and invitation.version != version:
            lock(invitation, version)
        if meeting.state not in MEETING_EDITABLE:
            raise Refused(_("Undangan hanya dapat ditarik sebelum rakor dimulai."))
        if not reason.strip():
            raise Refused(_("Tulis alasannya."), "reason")
        before, after = save(invitation, withdrawn_at=at, withdrawn_reason=reason.strip())
        record("invitation.withdraw", invitation, by=by, at=at, before=before, after=after)
        cancel(answer_key(invitation), at=at)
        cancel(reminder_key(invitation), at=at)
        if invitation.sent_at is not None:
            raise_sequence(meeting)
            notify(
                "seat_withdrawn",
                event_key=f"invitation:{invitation.pk}:withdrawn:{invitation.version}",
                agencies=[invitation.agency],
                context=invitation_context(invitation)
                | {
                    "withdrawn_reason": invitation.withdrawn_reason,
                    "calendar": event_of(meeting, CANCEL),
                },
                # The rakor is out of the agency's sight from now on.
                url=reverse("coordination:meeting_list"),
                at=at,
                classification=meeting.classification,
            )
    return invitation


def restore_seats(
    meeting: Meeting, agencies: Iterable[Agency], *, by: Actor, at: datetime
) -> list[str]:
    """Agencies that are asked again: their seat stands as if new, and a new letter will call them.
    Returns their slugs."""
    seats = meeting.invitations.filter(
        agency__in=[agency.pk for agency in agencies], withdrawn_at__isnull=False
    )
    slugs = []
    for seat in seats.select_related("agency").select_for_update(of=("self",)).order_by("pk"):
        seat.meeting = meeting
        before, after = save(
            seat,
            withdrawn_at=None,
            withdrawn_reason="",
            sent_at=None,
            answer=Answer.PENDING,
            answered_at=None,
            answered_by=None,
            representative="",
            may_commit=False,
            reason="",
        )
        record("invitation.restore", seat, by=by, at=at, before=before, after=after)
        slugs.append(seat.agency.slug)
    return slugs
