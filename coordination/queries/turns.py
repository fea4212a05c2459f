"""What happened between the links of a chain: returns, obstacles, each rakor it came back to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.enums import REPORT_BADGES, MeetingState
from coordination.models import (
    AgendaItem,
    Dropped,
    Obligation,
    ProgressReport,
)
from portal.access.actor import Actor


@dataclass(frozen=True)
class Turn:
    """Something that happened on the way, between two links."""

    title: str
    kind: str
    at: datetime
    by: str = ""
    text: str = ""
    url: str = ""


def turns_of(reports: list[ProgressReport]) -> list[Turn]:
    return [
        Turn(
            title=report.get_kind_display(),
            kind=REPORT_BADGES[report.kind],
            at=report.at,
            by=report.post.title,
            text=report.obstacle or report.note,
        )
        for report in reports
    ]


def meetings_again(obligation: Obligation, actor: Actor) -> list[Turn]:
    """Each rakor on whose agenda it stood again, and each from whose agenda it was dropped. Of a
    rakor that the reader does not see, nothing is said."""
    items = (
        AgendaItem.objects.visible_to(actor)
        .filter(obligation=obligation)
        .filter(~Q(meeting__state__in=[MeetingState.DRAFT, MeetingState.CANCELLED]))
        .select_related("meeting")
    )
    again = [
        Turn(
            title=_("Kembali dalam agenda: %(meeting)s") % {"meeting": meeting.title},
            kind="info",
            at=meeting.starts_at,
            by=meeting.number,
            text=meeting.get_state_display(),
            url=reverse("coordination:meeting_detail", args=[meeting.pk]),
        )
        for meeting in (item.meeting for item in items)
        if meeting is not None
    ]
    dropped = [
        Turn(
            title=_("Dikeluarkan dari agenda: %(meeting)s") % {"meeting": row.meeting.title},
            kind="warning",
            at=row.at,
            by=row.post.title,
            text=row.reason,
            url=reverse("coordination:meeting_detail", args=[row.meeting_id]),
        )
        for row in Dropped.objects.visible_to(actor)
        .filter(obligation=obligation)
        .select_related("meeting", "post")
    ]
    return again + dropped


def came_back(obligation: Obligation, actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """The same as entries of the obligation's history: what has happened by now."""
    return [
        {
            "at": turn.at,
            "title": turn.title,
            "by": turn.by,
            "text": turn.text,
            "kind": turn.kind,
            "files": [],
        }
        for turn in meetings_again(obligation, actor)
        if turn.at <= at
    ]
