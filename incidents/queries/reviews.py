"""After-action reviews: which wait to be written, and what those written led to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from coordination.enums import OBLIGATION_BADGES, OBLIGATION_CLOSED
from coordination.models import Obligation
from incidents.enums import SEVERITY_BADGES, URGENT, IncidentState
from incidents.models import Incident, Review
from incidents.models.incident import IncidentQuerySet
from incidents.queries.rows import region_label
from portal.access.actor import Actor
from portal.access.permissions import Permission

PARTS = ("happened", "expected", "went_well", "must_change")


def unreviewed(actor: Actor) -> IncidentQuerySet:
    """Closed incidents of severity Tinggi or Kritis that nobody has looked back on."""
    rows = Incident.objects.visible_to(actor).filter(
        state=IncidentState.CLOSED, severity__gte=URGENT, review__isnull=True
    )
    return (
        rows.select_related("region__parent", "lead_agency").defer("stems").order_by("updated_at")
    )


@dataclass(frozen=True)
class UnreviewedRow:
    """`since` is when it was last changed, as a rule closed; the badge is (kind, label)."""

    number: str
    title: str
    url: str
    place: str
    lead: str
    since: datetime
    severity: tuple[str, str]


def unreviewed_rows(rows: Iterable[Incident]) -> list[UnreviewedRow]:
    return [
        UnreviewedRow(
            number=row.number,
            title=row.title,
            url=reverse("incidents:review", args=[row.pk]),
            place=region_label(row.region),
            lead=row.lead_agency.short_name,
            since=row.updated_at,
            severity=(SEVERITY_BADGES[row.severity], str(row.get_severity_display())),
        )
        for row in rows
    ]


def reviews_due(actor: Actor) -> list[UnreviewedRow]:
    """Those that the own agency leads: its duty."""
    if Permission.INCIDENT_HANDLE not in actor.permissions or actor.agency_id is None:
        return []
    return unreviewed_rows(unreviewed(actor).filter(lead_agency_id=actor.agency_id))


@dataclass(frozen=True)
class ItemRow:
    """One agency's share of what must change; the badge is (kind, label)."""

    title: str
    number: str
    url: str
    doer: str
    due_at: datetime
    overdue: bool
    state: tuple[str, str]
    incident: str
    incident_url: str


def review_items(actor: Actor) -> QuerySet[Obligation]:
    """Obligations in sight that reviews in sight led to, the next due first."""
    seen = Review.objects.visible_to(actor).values("items__directive")
    rows = Obligation.objects.visible_to(actor).filter(directive__in=seen)
    return rows.select_related("directive", "agency", "unit").order_by("due_at", "pk")


def open_items(actor: Actor) -> QuerySet[Obligation]:
    return review_items(actor).exclude(state__in=OBLIGATION_CLOSED)


def item_rows(rows: Iterable[Obligation], at: datetime) -> list[ItemRow]:
    return [
        ItemRow(
            title=row.directive.title,
            number=row.directive.number or "",
            url=reverse("coordination:obligation_detail", args=[row.pk]),
            doer=str(row.doer),
            due_at=row.due_at,
            overdue=row.is_overdue(at),
            state=(OBLIGATION_BADGES[row.state], str(row.get_state_display())),
            incident=row.directive.origin_label,
            incident_url=row.directive.origin_url,
        )
        for row in rows
    ]


def review_of(incident: Incident) -> Review | None:
    return Review.objects.filter(incident=incident).select_related("post", "agency").first()


def review_texts(review: Review) -> list[dict[str, Any]]:
    """The four questions with their answers, as `ui/definition_list.html` prints them."""
    labels = {field.name: field.verbose_name for field in Review._meta.fields}
    return [
        {
            "label": str(labels[name]),
            "value": getattr(review, name),
        }
        for name in PARTS
    ]
