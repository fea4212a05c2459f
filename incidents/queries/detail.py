"""What an incident's page shows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.enums import (
    INCIDENT_MOVES,
    MERGEABLE,
    NEXT_STATE,
    REASONED,
    STATE_BADGES,
    WRITTEN,
    Audience,
    IncidentState,
    UpdateKind,
)
from incidents.models import Incident, IncidentUpdate
from incidents.queries.elsewhere import masked
from incidents.queries.field_reports import account_facts
from incidents.queries.likeness import Likeness, likely_incidents
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may

MOVES = {
    IncidentState.VERIFIED: (gettext_lazy("Verifikasi"), "check2-circle"),
    IncidentState.HANDLING: (gettext_lazy("Tangani"), "person-walking"),
    IncidentState.CONTROLLED: (gettext_lazy("Nyatakan terkendali"), "shield-check"),
    IncidentState.CLOSED: (gettext_lazy("Tutup kejadian"), "check-lg"),
    IncidentState.UNPROVEN: (gettext_lazy("Tidak terbukti"), "x-circle"),
    IncidentState.REOPENED: (gettext_lazy("Buka kembali"), "arrow-counterclockwise"),
}
"""The steps of the handling, by the state they lead to: the verb and its sign."""


def timeline(incident: Incident, actor: Actor) -> list[dict[str, Any]]:
    """The entries in sight, newest first, as `ui/timeline.html` prints them."""
    rows = IncidentUpdate.objects.visible_to(actor).filter(incident=incident)
    rows = rows.select_related("post", "agency", "to_agency", "strike__post")
    rows = rows.order_by("-at", "-pk")
    own = Permission.INCIDENT_REPORT in actor.permissions
    return [
        {
            "at": row.at,
            "title": update_title(row),
            "by": f"{row.post.title} ({row.agency.short_name})",
            "text": row.text,
            "kind": STATE_BADGES[row.state] if row.state else "neutral",
            "struck": _struck(row),
            "strike_url": reverse("incidents:incident_strike", args=[row.pk])
            if own
            and row.kind in WRITTEN
            and row.agency_id == actor.agency_id
            and not hasattr(row, "strike")
            else "",
        }
        for row in masked(rows, actor)
    ]


def _struck(row: IncidentUpdate) -> str:
    """Who struck the entry out and why; empty when it stands."""
    if not hasattr(row, "strike"):
        return ""
    words = {"post": row.strike.post.title, "reason": row.strike.reason}
    return _("Dicoret oleh %(post)s: %(reason)s") % words


def update_title(row: IncidentUpdate) -> str:
    if row.kind == UpdateKind.REFERRAL and row.to_agency:
        return _("Dilimpahkan kepada %(agency)s") % {"agency": row.to_agency.short_name}
    title = row.get_state_display() if row.state else row.get_kind_display()
    if row.audience == Audience.INTERNAL:
        return _("%(title)s (internal)") % {"title": title}
    if row.audience == Audience.PUBLIC:
        return _("%(title)s (untuk umum)") % {"title": title}
    return title


def facts(incident: Incident) -> list[dict[str, Any]]:
    """What is known, in the order of 5W1H, as `ui/definition_list.html` prints it."""
    supporting = ", ".join(agency.short_name for agency in incident.supporting.all())
    rows = [
        (_("Penanggung jawab"), incident.lead_agency.name),
        (_("Pendukung"), supporting),
        (_("Penanganan menurut taksonomi"), incident.type.handlers),
    ]
    own = [{"label": label, "value": value} for label, value in rows]
    return [*account_facts(incident), *own]


@dataclass(frozen=True)
class Move:
    """A step that the actor may take now. A `plain` one needs no words, only a confirmation;
    `natural` is the one step that comes next in the course of the handling."""

    state: str
    label: str
    question: str
    icon: str
    plain: bool
    natural: bool


def moves(incident: Incident, actor: Actor) -> list[Move]:
    """The steps that the actor may take now: the natural next one, then as handling goes."""
    if not may(actor, Permission.INCIDENT_HANDLE, incident):
        return []
    allowed, natural = INCIDENT_MOVES[incident.state], NEXT_STATE.get(incident.state)
    offered = [
        Move(
            state=state,
            label=str(label),
            question=_("%(act)s? Keadaannya menjadi “%(state)s”.")
            % {"act": label, "state": state.label},
            icon=icon,
            plain=state not in REASONED,
            natural=state == natural,
        )
        for state, (label, icon) in MOVES.items()
        if state in allowed
    ]
    return sorted(offered, key=lambda move: not move.natural)


@dataclass(frozen=True)
class Act:
    """What else the actor may do with an incident, as a link."""

    url: str
    label: str
    icon: str


def acts(incident: Incident, actor: Actor) -> list[Act]:
    """Mending, merging, splitting and adding, as far as the actor may now."""
    handles = may(actor, Permission.INCIDENT_HANDLE, incident)
    apart = incident.merged_into_id is None
    several = incident.filings.standing().count() > 1
    offered = [
        (handles and apart, "incident_edit", _("Perbaiki isi"), "pencil"),
        (handles and apart, "incident_public_text", _("Keterangan untuk umum"), "megaphone"),
        (
            may(actor, Permission.INCIDENT_REPORT) and apart,
            "incident_file",
            _("Tambah berkas"),
            "paperclip",
        ),
        (
            may(actor, Permission.DIRECTIVE_ISSUE) and apart and not hasattr(incident, "gakkumdu"),
            "incident_direct",
            _("Jadikan arahan"),
            "signpost",
        ),
        (
            may(actor, Permission.MEETING_PLAN) and apart and not hasattr(incident, "gakkumdu"),
            "incident_bring",
            _("Bawa ke rakor"),
            "people",
        ),
        (incident.state == IncidentState.CLOSED, "review", _("Kaji ulang"), "lightbulb"),
        (handles and apart, "special_issue", _("Laporan khusus"), "file-earmark-text"),
        (handles and incident.state in MERGEABLE, "incident_merge", _("Gabungkan"), "intersect"),
        (handles and apart and several, "incident_split", _("Pisahkan"), "signpost-split"),
    ]
    return [
        Act(reverse(f"incidents:{name}", args=[incident.pk]), label, icon)
        for allowed, name, label, icon in offered
        if allowed
    ]


def awaits_receipt(incident: Incident, actor: Actor) -> bool:
    """Nobody of the lead has said yet that it has the report, and the actor may."""
    if incident.state != IncidentState.REPORTED or not may(
        actor, Permission.INCIDENT_HANDLE, incident
    ):
        return False
    said = IncidentUpdate.objects.filter(incident=incident, kind=UpdateKind.RECEIVED)
    return not said.exists()


def alike(incident: Incident, actor: Actor) -> list[Likeness]:
    """Open incidents that may be the same one, for who could merge them."""
    if incident.state not in MERGEABLE or not may(actor, Permission.INCIDENT_HANDLE, incident):
        return []
    return likely_incidents(incident, actor)


def mergeable(incident: Incident, actor: Actor) -> QuerySet[Incident]:
    """Open incidents of the same kabupaten/kota that the actor sees and may judge."""
    regency = ".".join(incident.region_id.split(".")[:2])
    rows = Incident.objects.visible_to(actor).judged_by(actor).filter(state__in=MERGEABLE)
    return rows.in_region(regency).exclude(pk=incident.pk).order_by("-reported_at", "-pk")
