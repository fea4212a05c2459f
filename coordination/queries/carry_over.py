"""What came back onto an agenda, and what is open in a series."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from coordination.enums import MEETING_EDITABLE, OBLIGATION_BADGES
from coordination.models import AgendaItem, Dropped, Meeting, MeetingSeries, Obligation
from coordination.queries.obligations import obligations
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may


@dataclass(frozen=True)
class Returned:
    """What an item that came back shows of its obligation, to who may see that."""

    url: str
    state: tuple[str, str]
    overdue: bool
    drop_url: str


def returned_items(meeting: Meeting, actor: Actor, at: datetime) -> dict[int, Returned]:
    """By agenda item. Of an obligation that the reader does not see stands what the agenda says,
    and no more."""
    if meeting.series_id is None:
        return {}
    drops = meeting.state in MEETING_EDITABLE and may(actor, Permission.MEETING_PLAN, meeting)
    items = (
        AgendaItem.objects.visible_to(actor)
        .filter(meeting=meeting, obligation__in=Obligation.objects.visible_to(actor))
        .select_related("obligation")
    )
    return {
        item.pk: _returned(item.obligation, meeting, drops, at)
        for item in items
        if item.obligation is not None
    }


def _returned(obligation: Obligation, meeting: Meeting, drops: bool, at: datetime) -> Returned:
    drop_url = reverse("coordination:agenda_drop", args=[meeting.pk, obligation.pk])
    return Returned(
        url=reverse("coordination:obligation_detail", args=[obligation.pk]),
        state=(OBLIGATION_BADGES[obligation.state], obligation.get_state_display()),
        overdue=obligation.is_overdue(at),
        drop_url=drop_url if drops else "",
    )


def carried_items(meeting: Meeting, actor: Actor) -> dict[str, Any]:
    """What was dropped from the agenda and why, and where the series' open obligations stand."""
    if meeting.series_id is None:
        return {"dropped": [], "series_url": ""}
    dropped = (
        Dropped.objects.visible_to(actor)
        .filter(meeting=meeting)
        .select_related("obligation__directive", "obligation__agency", "post")
    )
    return {
        "dropped": [
            {
                "title": row.obligation.directive.title,
                "agency": row.obligation.agency.short_name,
                "url": reverse("coordination:obligation_detail", args=[row.obligation_id]),
                "reason": row.reason,
                "by": row.post.title,
                "at": row.at,
            }
            for row in dropped
        ],
        "series_url": reverse("coordination:series_obligations", args=[meeting.series_id]),
    }


def open_of_series(series: MeetingSeries, actor: Actor) -> QuerySet[Obligation]:
    """What the post sees of the series' unfinished obligations, the nearest due time first."""
    return obligations(actor).filter(directive__meeting__series=series, closed_at=None)
