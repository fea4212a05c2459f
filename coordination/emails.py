"""What notifications say: plain values for the texts in templates/emails/."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from coordination.enums import ObjectionState
from coordination.models import (
    Addendum,
    Directive,
    Invitation,
    Meeting,
    Minutes,
    Objection,
    Obligation,
)
from coordination.queries.due import DueMove
from coordination.queries.origin import origin_of
from portal import clock
from portal.documents.calendar import CANCEL
from portal.registry.models import Stage


def meeting_context(meeting: Meeting) -> dict[str, Any]:
    return {
        "number": meeting.number,
        "title": meeting.title,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "place": meeting.place,
        "dress": meeting.dress,
        "reason": meeting.state_reason,
    }


def event_of(meeting: Meeting, method: str) -> dict[str, Any]:
    """The meeting as a mail's calendar part has it: what the mail itself says, and no more. Every
    agency gets the same event; the recipient is put in when the mail is made."""
    return {
        "method": method,
        "uid": str(meeting.calendar_uid),
        "sequence": meeting.calendar_sequence,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "title": meeting.title,
        "place": meeting.place,
        "virtual_link": meeting.virtual_link,
        "organizer": meeting.host_agency.name,
    }


def emptied_event(meeting: Meeting, starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    """Takes an event that mails may no longer speak of out of calendars, and says nothing but what
    these know already: the former times."""
    return event_of(meeting, CANCEL) | {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "title": "Rakor",
        "place": "",
        "virtual_link": "",
        "bare": True,
    }


def invitation_context(invitation: Invitation) -> dict[str, Any]:
    return meeting_context(invitation.meeting) | {
        "agency": invitation.agency.name,
        "letter_number": invitation.letter_number,
        "answer": invitation.answer,
        "representative": invitation.representative,
        "answer_reason": invitation.reason,
    }


def minutes_context(minutes: Minutes, directives: int) -> dict[str, Any]:
    return {
        "number": minutes.number,
        "title": minutes.meeting.title,
        "held_at": minutes.meeting.starts_at,
        "sha256": minutes.sha256,
        "directives": directives,
    }


def circulation_context(minutes: Minutes, *, reason: str = "") -> dict[str, Any]:
    return {
        "title": minutes.meeting.title,
        "held_at": minutes.meeting.starts_at,
        "until": minutes.object_until,
        "reason": reason,
    }


def objection_context(objection: Objection) -> dict[str, Any]:
    return {
        "title": objection.minutes.meeting.title,
        "heading": objection.section.heading,
        "agency": objection.agency.name,
        "accepted": objection.state == ObjectionState.ACCEPTED,
        "answer": objection.answer,
    }


def addendum_context(addendum: Addendum) -> dict[str, Any]:
    return {
        "number": addendum.number,
        "minutes": addendum.minutes.number,
        "title": addendum.minutes.meeting.title,
        "reason": addendum.reason,
        "sha256": addendum.sha256,
    }


def obligation_context(
    obligation: Obligation, *, note: str = "", percent: int | None = None
) -> dict[str, Any]:
    directive = obligation.directive
    return {
        "number": directive.number,
        "title": directive.title,
        "text": directive.text,
        "agency": obligation.doer_name,
        "due_at": obligation.due_at,
        "origin": str(origin_of(directive)),
        "acknowledged": obligation.acknowledged_at is not None,
        "progress": obligation.progress if percent is None else percent,
        "note": note,
    }


def stage_moved_context(stage: Stage, moves: Sequence[DueMove]) -> dict[str, Any]:
    lines = []
    for move in moves:
        before, after = clock.local(move.due_before), clock.local(move.due_after)
        who = f"{move.obligation.directive.number} {move.obligation.doer}"
        lines.append(f"{who}: {before:%d-%m-%Y %H.%M} → {after:%d-%m-%Y %H.%M}")
    return {
        "stage": stage.name,
        "starts_at": stage.starts_at,
        "count": len(lines),
        "lines": "\n".join(lines),
    }


def directive_context(directive: Directive) -> dict[str, Any]:
    return {
        "number": directive.number or "",
        "title": directive.title,
        "reason": directive.cancel_reason,
        "due_at": directive.default_due_at,
    }


def directive_url(directive: Directive) -> str:
    return reverse("coordination:directive_detail", args=[directive.pk])


def meeting_url(meeting: Meeting) -> str:
    return reverse("coordination:meeting_detail", args=[meeting.pk])


def invitation_url(invitation: Invitation) -> str:
    return reverse("coordination:invitation_answer", args=[invitation.pk])


def minutes_url(minutes: Minutes) -> str:
    return reverse("coordination:minutes_detail", args=[minutes.meeting_id])


def obligation_url(obligation: Obligation) -> str:
    return reverse("coordination:obligation_detail", args=[obligation.pk])


def stamp(moment: datetime) -> str:
    """A moment inside an event key: the same event at another time is another event."""
    return f"{moment:%Y%m%dT%H%M%S%z}"
