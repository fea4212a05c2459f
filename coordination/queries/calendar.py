"""What a calendar shows of coordination: meetings, and due times of what is not done."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.enums import MEETING_BADGES, OBLIGATION_CLOSED, MeetingState
from coordination.models import Meeting, Obligation
from portal.access.actor import Actor

CALLED_OFF = frozenset({MeetingState.CANCELLED, MeetingState.POSTPONED})


@dataclass(frozen=True)
class CalendarEntry:
    """A meeting (with an end) or a due time (without). `uid` and `sequence` are those of the mails;
    `called_off`: it will not be at that time."""

    kind: str
    title: str
    url: str
    starts_at: datetime
    ends_at: datetime | None
    badge: tuple[str, str]
    uid: str
    sequence: int
    classification: int
    place: str = ""
    virtual_link: str = ""
    called_off: bool = False


def calendar_entries(actor: Actor, start: datetime, end: datetime) -> list[CalendarEntry]:
    """Meetings and due times of unfinished obligations in the span, by time; two queries."""
    meetings = Meeting.objects.visible_to(actor).between(start, end)
    obligations = (
        Obligation.objects.visible_to(actor)
        .exclude(state__in=OBLIGATION_CLOSED)
        .filter(due_at__gte=start, due_at__lt=end)
        .select_related("directive", "agency", "unit")
    )
    entries = [_meeting(row) for row in meetings] + [_due(row) for row in obligations]
    return sorted(entries, key=lambda entry: (entry.starts_at, entry.title))


def _meeting(row: Meeting) -> CalendarEntry:
    return CalendarEntry(
        kind="meeting",
        title=row.title,
        url=reverse("coordination:meeting_detail", args=[row.pk]),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        badge=(MEETING_BADGES[row.state], row.get_state_display()),
        uid=str(row.calendar_uid),
        sequence=row.calendar_sequence,
        classification=row.classification,
        place=row.place,
        virtual_link=row.virtual_link,
        called_off=row.state in CALLED_OFF,
    )


def _due(row: Obligation) -> CalendarEntry:
    return CalendarEntry(
        kind="obligation",
        title=f"{row.doer}: {row.directive.title}",
        url=reverse("coordination:obligation_detail", args=[row.pk]),
        starts_at=row.due_at,
        ends_at=None,
        badge=("neutral", _("Tenggat")),
        uid=f"obligation-{row.pk}",
        sequence=row.version,
        classification=row.classification,
    )
