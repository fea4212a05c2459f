"""Target times of a severity against what happened."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from incidents.enums import (
    IncidentState,
)
from incidents.models import Incident, IncidentUpdate, SeverityTarget


@dataclass(frozen=True)
class Target:
    """By when something should be reached, and when it was. `badge` is (kind, label)."""

    label: str
    due_at: datetime
    met_at: datetime | None
    badge: tuple[str, str]


def targets(incident: Incident, at: datetime) -> list[Target]:
    """The target times of the incident's severity against its timeline; none without a target."""
    aim = SeverityTarget.objects.filter(severity=incident.severity).first()
    if aim is None:
        return []
    reached: dict[str, datetime] = {}
    moves = IncidentUpdate.objects.filter(incident=incident).exclude(state="")
    for state, moment in moves.order_by("at", "pk").values_list("state", "at"):
        reached.setdefault(state, moment)
    return [
        _target(incident, label, minutes, [reached[s] for s in states if s in reached], at)
        for label, minutes, states in (
            (_("Verifikasi"), aim.verify_minutes, VERIFIED_BY),
            (_("Penanganan"), aim.respond_minutes, RESPONDED_BY),
            (_("Terkendali"), aim.control_minutes, CONTROLLED_BY),
        )
    ]


_ENDED = (IncidentState.CLOSED, IncidentState.UNPROVEN)
CONTROLLED_BY = (IncidentState.CONTROLLED, *_ENDED)
RESPONDED_BY = (IncidentState.HANDLING, IncidentState.REFERRED, *CONTROLLED_BY)
VERIFIED_BY = (IncidentState.VERIFIED, *RESPONDED_BY)


def _target(
    incident: Incident, label: str, minutes: int, reached: list[datetime], at: datetime
) -> Target:
    due_at = incident.reported_at + timedelta(minutes=minutes)
    met_at = min(reached, default=None)
    if met_at is not None:
        late = "warning", pgettext("masuk", "Terlambat")
        badge = ("success", _("Tercapai")) if met_at <= due_at else late
    else:
        badge = ("danger", _("Lewat target")) if at > due_at else ("info", _("Berjalan"))
    return Target(label, due_at, met_at, badge)
