"""Rakor at one time: what an agency in two of them must be warned of."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.enums import MeetingState
from coordination.models import Invitation, Meeting
from portal.access.actor import Actor
from portal.registry.models import Agency


@dataclass(frozen=True)
class Conflict:
    """An agency that is to be in two places. Of a rakor out of the reader's sight only the time is
    told: `url` is empty."""

    agency: str
    title: str
    url: str
    starts_at: datetime
    ends_at: datetime


def conflicts(meeting: Meeting, actor: Actor) -> list[Conflict]:
    """Other rakor that are called for or sit at an overlapping time, one line for each agency that
    hosts or has a seat in both; the end of one at the beginning of the other is no overlap."""
    others = (
        Meeting.objects.filter(
            state__in=[MeetingState.SCHEDULED, MeetingState.IN_SESSION],
            starts_at__lt=meeting.ends_at,
            ends_at__gt=meeting.starts_at,
        )
        .exclude(pk=meeting.pk)
        .annotate(
            is_seen=Exists(Meeting.objects.visible_to(actor).filter(pk=OuterRef("pk"))),
        )
        .order_by("starts_at", "pk")
    )
    seats: dict[int, set[int]] = {}
    standing = Invitation.objects.standing()
    for pk, agency in standing.filter(meeting__in=others).values_list("meeting", "agency"):
        seats.setdefault(pk, set()).add(agency)
    own = set(standing.filter(meeting=meeting).values_list("agency", flat=True))
    own.add(meeting.host_agency_id)
    clashes = [
        (other, agency)
        for other in others
        for agency in own & (seats.get(other.pk, set()) | {other.host_agency_id})
    ]
    names = dict(
        Agency.objects.filter(pk__in={agency for _other, agency in clashes}).values_list(
            "pk", "short_name"
        )
    )
    found = [
        Conflict(
            agency=names[agency],
            title=other.title if other.is_seen else _("rakor lain"),
            url=reverse("coordination:meeting_detail", args=[other.pk]) if other.is_seen else "",
            starts_at=other.starts_at,
            ends_at=other.ends_at,
        )
        for other, agency in clashes
    ]
    return sorted(found, key=lambda clash: (clash.starts_at, clash.agency))
