"""Where an incident is brought up in a rakor, and where it may be."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.enums import AGENDA_OPEN
from coordination.models import AgendaItem, Meeting, MeetingSeries
from coordination.queries.series import own_series
from incidents.models import Incident
from incidents.queries.directives import page_of
from portal.access.actor import Actor


@dataclass(frozen=True)
class AgendaLink:
    """An agenda item as the incident's page prints it."""

    title: str
    url: str
    where: str


def agenda_of(incident: Incident, actor: Actor) -> list[AgendaLink]:
    """The items that the incident brought up, as far as the reader sees them."""
    rows = AgendaItem.objects.visible_to(actor).filter(origin_url=page_of(incident))
    return [
        AgendaLink(row.title, *_place(row))
        for row in rows.select_related("meeting", "series").defer("stems").order_by("pk")
    ]


def _place(row: AgendaItem) -> tuple[str, str]:
    if row.meeting is not None:
        url = reverse("coordination:meeting_detail", args=[row.meeting_id])
        return url, f"{row.meeting.number} {row.meeting.title}"
    url = reverse("coordination:series_detail", args=[row.series_id])
    return url, _("Daftar tunggu %(series)s") % {"series": str(row.series)}


def open_meetings(actor: Actor, incident: Incident) -> QuerySet[Meeting]:
    """The own rakor that still take items and are of no lower class, the next one first."""
    rows = Meeting.objects.visible_to(actor).filter(
        host_agency_id=actor.agency_id,
        state__in=sorted(AGENDA_OPEN),
        classification__gte=incident.classification,
    )
    return rows.order_by("starts_at", "pk")


def open_series(actor: Actor) -> QuerySet[MeetingSeries]:
    return own_series(actor).order_by("title", "pk")
