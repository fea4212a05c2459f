"""What is asked of agencies about an incident, and what each of them owes an answer to."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.enums import INCIDENT_MOVES, OPEN, IncidentState
from incidents.enums.requests import (
    REFERRALS,
    REQUEST_BADGES,
    REQUEST_MOVES,
    REQUEST_OPEN,
    RequestKind,
    RequestState,
)
from incidents.models import AgencyRequest, Incident
from incidents.queries.detail import Act
from portal.access import scope
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.registry.models import Agency


@dataclass(frozen=True)
class RequestRow:
    """One request of an incident's page, ready to print; `badge` is (kind, label), `steps` what the
    actor may do with it now."""

    kind: str
    ways: str
    asked_at: datetime
    by_when: datetime | None
    late: bool
    badge: tuple[str, str]
    matter: str
    reason: str
    answer: str
    answer_label: str
    steps: list[Act]


def requests_of(incident: Incident, actor: Actor, at: datetime) -> list[RequestRow]:
    """All that was asked about the incident, the newest first."""
    rows = AgencyRequest.objects.visible_to(actor).filter(incident=incident)
    found = rows.select_related("agency", "from_agency").order_by("-asked_at", "-pk")
    return [_row(request, incident, actor, at) for request in found]


def _row(request: AgencyRequest, incident: Incident, actor: Actor, at: datetime) -> RequestRow:
    request.incident = incident
    waits = request.state == RequestState.WAITING
    return RequestRow(
        kind=request.get_kind_display(),
        ways=f"{request.from_agency.short_name} → {request.agency.short_name}",
        asked_at=request.asked_at,
        by_when=request.by_when,
        late=waits and request.by_when is not None and request.by_when < at,
        badge=(REQUEST_BADGES[request.state], request.get_state_display()),
        matter=request.matter,
        reason=request.reason,
        answer=request.answer,
        answer_label=_answer_label(request),
        steps=request_steps(request, actor),
    )


def _answer_label(request: AgencyRequest) -> str:
    if request.state == RequestState.DONE:
        return _("Saran") if request.kind == RequestKind.ADVICE else _("Hasil")
    return _("Alasan")


def request_steps(request: AgencyRequest, actor: Actor) -> list[Act]:
    """What the actor may do with a request now: answer it, or take it back."""
    moves = REQUEST_MOVES[request.kind][request.state]
    answers = may(actor, Permission.INCIDENT_ANSWER, request)
    sends = may(actor, Permission.INCIDENT_HANDLE, request.incident)
    advice = request.kind == RequestKind.ADVICE
    words = _("Beri saran") if advice else _("Laporkan hasil")
    offered = [
        (answers, RequestState.ACCEPTED, "request_accept", _("Terima"), "check-lg"),
        (answers, RequestState.DECLINED, "request_decline", _("Tolak"), "x-circle"),
        (answers, RequestState.DONE, "request_answer", words, "chat-left-text"),
        (sends, RequestState.WITHDRAWN, "request_withdraw", _("Tarik"), "arrow-counterclockwise"),
    ]
    return [
        Act(reverse(f"incidents:{name}", args=[request.pk]), label, icon)
        for allowed, state, name, label, icon in offered
        if allowed and state in moves
    ]


def asks(incident: Incident, actor: Actor) -> list[Act]:
    """What the actor may ask of another agency about the incident now."""
    if incident.state not in OPEN or not may(actor, Permission.INCIDENT_HANDLE, incident):
        return []
    if hasattr(incident, "gakkumdu"):
        return []
    placed = Permission.DEPLOYMENT_VIEW in actor.permissions
    return [
        *(
            [
                Act(
                    reverse("incidents:incident_units", args=[incident.pk]),
                    _("Tugaskan satuan"),
                    "people",
                )
            ]
            if placed
            else []
        ),
        Act(reverse("incidents:incident_refer", args=[incident.pk]), _("Limpahkan"), "send"),
        Act(
            reverse("incidents:incident_advice", args=[incident.pk]),
            _("Minta saran"),
            "chat-left-text",
        ),
    ]


def referral_kinds(incident: Incident) -> list[tuple[str, str]]:
    """How the incident can be referred in its state: whole only where it may change hands."""
    whole = IncidentState.REFERRED in INCIDENT_MOVES[incident.state]
    return [
        (kind.value, str(kind.label))
        for kind in RequestKind
        if kind in REFERRALS and (whole or kind != RequestKind.WHOLE)
    ]


def askable(incident: Incident) -> QuerySet[Agency]:
    """Agencies that something can be asked of: all but the leading one."""
    return Agency.objects.exclude(pk=incident.lead_agency_id).order_by("position")


@dataclass(frozen=True)
class RequestDue:
    """A request that the own agency owes an answer to; `due_at`: by when, if that was asked."""

    title: str
    url: str
    due_at: datetime | None
    overdue: bool
    badge: tuple[str, str]


def requests_due(actor: Actor, at: datetime, limit: int = 50) -> list[RequestDue]:
    """What waits for the own agency's answer or result, the oldest first."""
    if Permission.INCIDENT_ANSWER not in actor.permissions or actor.agency_id is None:
        return []
    inside = scope.in_region(actor, "incident__region")
    rows = AgencyRequest.objects.visible_to(actor).filter(
        inside, agency_id=actor.agency_id, state__in=REQUEST_OPEN
    )
    rows = rows.select_related("incident").defer("incident__stems")
    return [
        RequestDue(
            title=_("%(kind)s %(number)s: %(matter)s")
            % {
                "kind": row.get_kind_display(),
                "number": row.incident.number,
                "matter": row.matter,
            },
            url=reverse("incidents:incident_detail", args=[row.incident_id]) + "#permintaan",
            due_at=row.by_when,
            overdue=row.by_when is not None and row.by_when < at,
            badge=(REQUEST_BADGES[row.state], row.get_state_display()),
        )
        for row in rows.order_by("asked_at", "pk")[:limit]
    ]
