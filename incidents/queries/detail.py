"""What an incident's page shows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from incidents.enums import (
    INCIDENT_MOVES,
    REASONED,
    STATE_BADGES,
    Audience,
    IncidentState,
    UpdateKind,
)
from incidents.models import Incident, IncidentUpdate
from incidents.queries.rows import region_label
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.registry.models import Agency


def timeline(incident: Incident, actor: Actor) -> list[dict[str, Any]]:
    """The entries in sight, newest first, as `ui/timeline.html` prints them."""
    rows = IncidentUpdate.objects.visible_to(actor).filter(incident=incident)
    rows = rows.select_related("post", "agency", "to_agency").order_by("-at", "-pk")
    return [
        {
            "at": row.at,
            "title": _update_title(row),
            "by": f"{row.post.title} ({row.agency.short_name})",
            "text": row.text,
            "kind": STATE_BADGES[row.state] if row.state else "neutral",
        }
        for row in rows
    ]


def _update_title(row: IncidentUpdate) -> str:
    if row.kind == UpdateKind.REFERRAL and row.to_agency:
        return _("Dilimpahkan kepada %(agency)s") % {"agency": row.to_agency.short_name}
    title = row.get_state_display() if row.state else row.get_kind_display()
    if row.audience == Audience.INTERNAL:
        return _("%(title)s (internal)") % {"title": title}
    return title


def facts(incident: Incident) -> list[dict[str, Any]]:
    """What is known, in the order of 5W1H, as `ui/definition_list.html` prints it."""
    place = f"{incident.place}, {region_label(incident.region)}"
    if incident.latitude is not None:
        place += f" ({incident.latitude:.5f}, {incident.longitude:.5f})"
    supporting = ", ".join(agency.short_name for agency in incident.supporting.all())
    rows = [
        (_("Jenis"), str(incident.type)),
        (_("Siapa"), incident.involved),
        (_("Tempat"), place),
        (_("Mengapa"), incident.cause),
        (_("Korban"), incident.casualties),
        (_("Kerugian"), incident.loss),
        (_("Tindakan awal"), incident.action_taken),
        (_("Tingkat gangguan"), incident.get_disturbance_display()),
        (_("Atas permintaan KPPS"), _("Ya") if incident.at_kpps_request else _("Tidak")),
        (_("Pelapor"), f"{incident.reporter_post.title}, {incident.unit.name}"),
        (_("Penanggung jawab"), incident.lead_agency.name),
        (_("Pendukung"), supporting),
        (_("Penanganan menurut taksonomi"), incident.type.handlers),
        (_("Klasifikasi"), incident.get_classification_display()),
    ]
    return [{"label": label, "value": value} for label, value in rows]


@dataclass(frozen=True)
class Move:
    """A step that the actor may take now. A `plain` one needs no words, only a confirmation."""

    state: str
    label: str
    question: str
    icon: str
    plain: bool


def moves(incident: Incident, actor: Actor) -> list[Move]:
    """The steps that the actor may take now, in the order of handling."""
    if not may(actor, Permission.INCIDENT_HANDLE, incident):
        return []
    words = {
        IncidentState.VERIFIED: (_("Verifikasi"), "check2-circle"),
        IncidentState.HANDLING: (_("Tangani"), "person-walking"),
        IncidentState.CONTROLLED: (_("Nyatakan terkendali"), "shield-check"),
        IncidentState.CLOSED: (_("Tutup"), "check-lg"),
        IncidentState.UNPROVEN: (_("Tidak terbukti"), "x-circle"),
        IncidentState.REFERRED: (_("Limpahkan"), "send"),
        IncidentState.REOPENED: (_("Buka kembali"), "arrow-counterclockwise"),
    }
    allowed = INCIDENT_MOVES[incident.state]
    return [
        Move(
            state=state,
            label=label,
            question=_("Keadaan menjadi “%(state)s”. Lanjutkan?") % {"state": state.label},
            icon=icon,
            plain=state not in REASONED,
        )
        for state, (label, icon) in words.items()
        if state in allowed
    ]


def referable(incident: Incident) -> QuerySet[Agency]:
    """Agencies that the incident can be handed to."""
    return Agency.objects.exclude(pk=incident.lead_agency_id).order_by("position")
