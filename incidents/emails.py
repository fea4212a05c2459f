"""What notifications say: plain values for the texts in templates/emails/."""

from typing import Any

from django.urls import reverse

from incidents.models import Incident


def incident_context(incident: Incident, *, reason: str = "") -> dict[str, Any]:
    return {
        "number": incident.number,
        "title": incident.title,
        "type": incident.type.name,
        "type_en": incident.type.name_en,
        "severity": incident.severity,
        "region": incident.region.name,
        "place": incident.place,
        "occurred_at": incident.occurred_at,
        "lead": incident.lead_agency.short_name,
        "reason": reason,
    }


def incident_url(incident: Incident) -> str:
    return reverse("incidents:incident_detail", args=[incident.pk])
