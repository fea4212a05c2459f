"""Rows of lists, ready to print."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.enums import (
    SEVERITY_BADGES,
    STATE_BADGES,
    IncidentState,
)
from incidents.models import Incident
from incidents.models.incident import IncidentQuerySet
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.registry.models import Region

RELATED = ("type", "region__parent", "lead_agency", "agency", "unit", "reporter_post")


def incidents(actor: Actor) -> IncidentQuerySet:
    """What the post sees, newest first, with what a row prints."""
    rows = Incident.objects.visible_to(actor).select_related(*RELATED)
    return rows.prefetch_related("supporting").order_by("-reported_at", "-pk")


@dataclass(frozen=True)
class IncidentRow:
    """A line of a list, ready to print; badges are (kind, label)."""

    number: str
    title: str
    url: str
    type: str
    place: str
    occurred_at: datetime
    reported_at: datetime
    severity: tuple[str, str]
    state: tuple[str, str]
    disturbance: str
    lead: str
    illustrative: bool


def incident_rows(rows: Iterable[Incident]) -> list[IncidentRow]:
    return [
        IncidentRow(
            number=row.number,
            title=row.title,
            url=reverse("incidents:incident_detail", args=[row.pk]),
            type=row.type.label,
            place=f"{row.place}, {region_label(row.region)}",
            occurred_at=row.occurred_at,
            reported_at=row.reported_at,
            severity=(SEVERITY_BADGES[row.severity], row.get_severity_display()),
            state=(STATE_BADGES[row.state], row.get_state_display()),
            disturbance=row.disturbance,
            lead=row.lead_agency.short_name,
            illustrative=row.illustrative,
        )
        for row in rows
    ]


def region_label(region: Region) -> str:
    """Kec. Paramasan, Kabupaten Banjar; a regency by its own name."""
    if region.level == Region.Level.DISTRICT and region.parent:
        return _("Kec. %(district)s, %(regency)s") % {
            "district": region.name,
            "regency": region.parent.name,
        }
    return region.name


def unsaid() -> str:
    """What a paper says of a field that nobody filled in. Silence is not zero: NIHIL would be."""
    return _("Belum dilaporkan")


@dataclass(frozen=True)
class OpenIncident:
    """An incident that the own agency must take the next step on; `since` is its last move."""

    title: str
    url: str
    since: datetime
    severity: tuple[str, str]


def waiting_for(actor: Actor, limit: int = 50) -> list[OpenIncident]:
    """Incidents that the own agency leads and that nobody has taken up, the oldest first."""
    if Permission.INCIDENT_HANDLE not in actor.permissions or actor.agency_id is None:
        return []
    rows = Incident.objects.visible_to(actor).filter(
        lead_agency_id=actor.agency_id, state=IncidentState.REPORTED
    )
    return [
        OpenIncident(
            title=row.title,
            url=reverse("incidents:incident_detail", args=[row.pk]),
            since=row.reported_at,
            severity=(SEVERITY_BADGES[row.severity], row.get_severity_display()),
        )
        for row in rows.defer("stems").order_by("reported_at", "pk")[:limit]
    ]


def recent_incidents(actor: Actor, limit: int = 5) -> list[IncidentRow]:
    """The newest incidents that the post sees."""
    return incident_rows(incidents(actor).apart()[:limit])
