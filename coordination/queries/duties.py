"""The rules of who answers and who decides, as conditions on rows: what the rules in `rules.py` say
of one obligation, for lists. And the shape in which a duty is listed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _t

from coordination.models.visibility import at_head
from portal.access.actor import Actor
from portal.access.permissions import Permission

ICONS = {
    "answer": "chat-left-text",
    "case": "bank",
    "field_report": "inbox",
    "incident": "exclamation-triangle",
    "invitation": "envelope",
    "objection": "eye",
    "publication": "patch-check",
    "reinforcement": "person-plus",
    "report": "clipboard-check",
    "review": "lightbulb",
    "shift": "arrow-left-right",
    "signature": "pen",
    "verification": "check2-square",
}
TIMES: dict[str, Any] = {
    "answer": _t("Diajukan"),
    "field_report": _t("Menunggu sejak"),
    "incident": _t("Dilaporkan"),
    "invitation": _t("Rapat"),
    "objection": _t("Keberatan sampai"),
    "public_report": _t("Menunggu sejak"),
    "publication": _t("Disahkan"),
    "reinforcement": _t("Mulai"),
    "review": _t("Diubah"),
    "shift": _t("Ditulis"),
    "signature": _t("Masa keberatan berakhir"),
    "unit": _t("Diminta"),
    "warning": _t("Terbit"),
}
"""What `due_at` is of a duty of that kind, where it is no due time."""


@dataclass(frozen=True)
class WaitingItem:
    """One thing that waits for the acting post. `badge` is (kind of state, label)."""

    kind: str
    title: str
    url: str
    due_at: datetime | None
    overdue: bool
    badge: tuple[str, str]

    @property
    def icon(self) -> str:
        return ICONS.get(self.kind, "list-check")

    @property
    def time_label(self) -> str:
        return str(TIMES.get(self.kind, _t("Tenggat")))


def answered_by(actor: Actor) -> Q:
    """Shares that the post itself answers for: the agency's at its head, a unit's in the unit."""
    own = Q(unit=actor.unit_id)
    if at_head(actor):
        own |= Q(unit=None)
    return Q(agency_id=actor.agency_id) & own


def verified_by_post(actor: Actor) -> Q:
    """Shares whose issuer's decisions the post takes."""
    own = Q(directive__issuer_agency_id=actor.agency_id)
    given = Q(pk__in=[])
    if Permission.DIRECTIVE_ISSUE in actor.permissions:
        given |= Q(directive__parent_obligation=None)
    if Permission.DIRECTIVE_DELEGATE in actor.permissions and at_head(actor):
        given |= Q(directive__parent_obligation__isnull=False)
    return own & given
