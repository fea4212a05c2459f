"""Rows of the pages of series."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from coordination.enums import MeetingState
from coordination.models import AgendaItem, Meeting, MeetingSeries
from coordination.queries.meetings import MeetingRow, meeting_rows, meetings
from portal.access.actor import Actor

COMING = (MeetingState.DRAFT, MeetingState.SCHEDULED, MeetingState.IN_SESSION)


def series_list(actor: Actor, at: datetime) -> QuerySet[MeetingSeries]:
    """What the post sees, with its own count of meetings and of what waits."""
    seen = Meeting.objects.visible_to(actor)
    waiting = AgendaItem.objects.visible_to(actor)
    return (
        MeetingSeries.objects.visible_to(actor)
        .select_related("host_agency")
        .annotate(
            held=Count("meetings", filter=Q(meetings__in=seen), distinct=True),
            waiting=Count("backlog", filter=Q(backlog__in=waiting), distinct=True),
            next_at=Min(
                "meetings__starts_at",
                filter=Q(
                    meetings__in=seen,
                    meetings__state__in=[MeetingState.SCHEDULED, MeetingState.IN_SESSION],
                    meetings__ends_at__gt=at,
                ),
            ),
        )
        .order_by("-is_active", "title", "pk")
    )


@dataclass(frozen=True)
class SeriesRow:
    title: str
    url: str
    kind: str
    host: str
    meetings: int
    waiting: int
    next_at: datetime | None
    is_active: bool
    illustrative: bool


def series_rows(rows: Iterable[Any]) -> list[SeriesRow]:
    return [
        SeriesRow(
            title=row.title,
            url=reverse("coordination:series_detail", args=[row.pk]),
            kind=row.get_kind_display(),
            host=row.host_agency.short_name,
            meetings=row.held,
            waiting=row.waiting,
            next_at=row.next_at,
            is_active=row.is_active,
            illustrative=row.illustrative,
        )
        for row in rows
    ]


def series_meetings(
    series: MeetingSeries, actor: Actor, at: datetime
) -> tuple[list[MeetingRow], list[MeetingRow]]:
    """(coming, past): coming ones soonest first, past ones latest first."""
    rows = list(meetings(actor).filter(series=series))
    ahead = [row for row in rows if row.ends_at > at and row.state in COMING]
    behind = [row for row in rows if row not in ahead]
    return meeting_rows(reversed(ahead)), meeting_rows(behind)


def own_series(actor: Actor) -> QuerySet[MeetingSeries]:
    """The series that a planner may put a rakor into."""
    return MeetingSeries.objects.visible_to(actor).filter(
        host_agency_id=actor.agency_id, is_active=True
    )
