"""Directives that came from an incident, both ways in each reader's sight."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from coordination.enums import DIRECTIVE_BADGES
from coordination.models import Directive
from incidents.models import Incident
from portal.access.actor import Actor


def page_of(incident: Incident) -> str:
    """The address by which coordination knows the incident."""
    return reverse("incidents:incident_detail", args=[incident.pk])


def opens(actor: Actor, url: str) -> bool:
    """Whether the page of that address is an incident in the reader's sight."""
    pk = re.fullmatch(r"/kejadian/(\d{1,18})/", url)
    return pk is not None and Incident.objects.visible_to(actor).filter(pk=int(pk[1])).exists()


@dataclass(frozen=True)
class DirectiveRow:
    """A directive as the incident's page prints it; the badge is (kind, label)."""

    title: str
    number: str
    url: str
    issuer: str
    issued_at: datetime | None
    state: tuple[str, str]


def directives_of(incident: Incident, actor: Actor) -> list[DirectiveRow]:
    """What was directed because of it, as far as the reader sees it."""
    rows = Directive.objects.visible_to(actor).filter(origin_url=page_of(incident))
    return [
        DirectiveRow(
            title=row.title,
            number=row.number or "",
            url=reverse("coordination:directive_detail", args=[row.pk]),
            issuer=row.issuer_agency.short_name,
            issued_at=row.issued_at,
            state=(DIRECTIVE_BADGES[row.state], str(row.get_state_display())),
        )
        for row in rows.select_related("issuer_agency").defer("stems").order_by("issued_at", "pk")
    ]
