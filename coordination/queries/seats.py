"""Seats as the pages show them: the letter, the mandate, and who may see which."""

from collections import defaultdict
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.urls import reverse

from coordination.enums import ANSWER_BADGES, Answer
from coordination.models import Invitation, Letter, Meeting
from coordination.models.visibility import oversees
from portal.access.actor import Actor
from portal.attachments.models import Attachment


def letter_of(meeting: Meeting) -> Letter:
    """What the letters say in common: as written, or else as the meeting itself suggests (not
    saved)."""
    written = Letter.objects.filter(meeting=meeting).first()
    return written or Letter(
        meeting=meeting,
        # Not translated: a letter speaks Indonesian, whatever the language of its writer's menus.
        subject=f"Undangan {meeting.title}"[:200],
        signatory_office=meeting.chair_office,
        signatory_name=meeting.chair_name,
    )


def seats(actor: Actor) -> QuerySet[Invitation]:
    """The seats in the post's sight, with all that a letter needs."""
    return Invitation.objects.visible_to(actor).select_related(
        "agency", "meeting__host_agency", "meeting__host_unit", "meeting__operation"
    )


def seat_rows(meeting: Meeting, actor: Actor | None = None) -> list[dict[str, Any]]:
    """Every invited agency with its answer; silence is shown as silence. Letter, mandate and why a
    seat was taken back only of the seats that the actor sees: his own agency's, or all of them for
    host and overseers."""
    invited = list(meeting.invitations.all())
    shown = [seat for seat in invited if sees_seat(seat, meeting, actor)]
    files = _mandates([seat.pk for seat in shown if seat.answer == Answer.REPRESENTED])
    open_to = {seat.pk for seat in shown}
    return [
        {
            "pk": seat.pk,
            "agency": seat.agency.short_name,
            "withdrawn": seat.withdrawn_reason
            and (seat.withdrawn_reason if seat.pk in open_to else "–"),
            "answer": (ANSWER_BADGES[seat.answer], seat.get_answer_display()),
            "representative": seat.representative,
            "commits": seat.answer == Answer.REPRESENTED and seat.may_commit,
            "reason": seat.reason,
            "answered_at": seat.answered_at,
            "letter": seat.letter_number,
            "letter_url": (
                reverse("coordination:invitation_letter", args=[seat.pk])
                if seat.pk in open_to
                else ""
            ),
            "files": files.get(seat.pk, []),
            "sent": seat.sent_at is not None,
        }
        for seat in invited
    ]


def sees_seat(seat: Invitation, meeting: Meeting, actor: Actor | None) -> bool:
    """Of a meeting in sight: whether the letter behind the seat is the actor's to read."""
    if actor is None:
        return False
    return oversees(actor) or actor.agency_id in {seat.agency_id, meeting.host_agency_id}


def _mandates(pks: list[int]) -> dict[int, list[dict[str, str]]]:
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    if pks:
        kind = ContentType.objects.get_for_model(Invitation)
        for file in Attachment.objects.filter(content_type=kind, object_id__in=pks):
            url = reverse("attachments:download", args=[file.pk])
            found[file.object_id].append({"name": file.name, "url": url})
    return found
