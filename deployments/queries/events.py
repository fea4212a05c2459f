"""Events that certify readiness, as rows and as one page."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse

from coordination.enums import ObligationState
from coordination.models import Obligation
from deployments.enums import EVENT_BADGE, RESULT_BADGE, EventResult, EventState
from deployments.models import CertifyingEvent, EventFinding
from portal.access.actor import Actor
from portal.web.templatetags.portal import angka, tanggal_pendek, wita


def events_of(actor: Actor) -> QuerySet[Any]:
    """The events that the actor may see, the newest first, with their counts."""
    return (
        CertifyingEvent.objects.visible_to(actor)
        .select_related("agency", "unit", "region")
        .annotate(
            people=Sum("participants__planned"),
            came=Sum("participants__attended"),
        )
        .order_by("-starts_at", "-pk")
    )


def event_page(rows: Iterable[Any]) -> list[dict[str, Any]]:
    rows = list(rows)
    findings: Counter = Counter(
        dict(
            EventFinding.objects.filter(event__in=rows)
            .values_list("event")
            .annotate(number=Count("pk"))
            .order_by()
        )
    )
    return [
        {
            "title": row.title,
            "kind": row.get_kind_display(),
            "when": wita(row.starts_at),
            "place": row.place,
            "agency": (row.unit or row.agency).short_name,
            "people": angka(row.people),
            "came": angka(row.came),
            "findings": angka(findings[row.pk]),
            "illustrative": row.illustrative,
            "url": reverse("deployments:event_detail", args=[row.pk]),
            **event_state(row),
        }
        for row in rows
    ]


def event_state(event: CertifyingEvent) -> dict[str, str]:
    result = EventResult(event.result) if event.result else None
    return {
        "state": str(EventState(event.state).label),
        "state_badge": EVENT_BADGE[EventState(event.state)],
        "result": str(result.label) if result else "",
        "result_badge": RESULT_BADGE[result] if result else "neutral",
    }


def participant_rows(event: CertifyingEvent) -> list[dict[str, Any]]:
    return [
        {
            "name": (row.unit or row.agency).short_name,
            "agency": row.agency.short_name,
            "planned": angka(row.planned),
            "attended": angka(row.attended),
        }
        for row in event.participants.select_related("agency", "unit")
    ]


def finding_rows(event: CertifyingEvent, actor: Actor) -> list[dict[str, Any]]:
    """Each finding with the state of the obligation it became; to whom may not see that one, only
    that there is one."""
    findings = list(event.findings.select_related("agency", "directive"))
    obligations = {
        row.directive_id: row
        for row in Obligation.objects.visible_to(actor).filter(
            directive__in=[row.directive_id for row in findings if row.directive_id]
        )
    }
    return [_finding(row, obligations.get(row.directive_id or 0)) for row in findings]


def _finding(row: EventFinding, obligation: Obligation | None) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "text": row.text,
        "agency": row.agency.short_name,
        "due": tanggal_pendek(row.due_at),
        "obliged": row.directive_id is not None,
        "number": row.directive.number if row.directive else "",
        "state": str(ObligationState(obligation.state).label) if obligation else "",
        "url": reverse("coordination:obligation_detail", args=[obligation.pk])
        if obligation
        else "",
    }
