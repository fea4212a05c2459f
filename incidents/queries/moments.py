"""Incidents as they stood at a moment."""

from datetime import datetime

from django.db.models import OuterRef, Q, Subquery

from incidents.enums import OPEN
from incidents.models import Incident, IncidentUpdate
from incidents.models.incident import IncidentQuerySet
from portal.access.actor import Actor


def known_at(actor: Actor, at: datetime) -> IncidentQuerySet:
    """What the reader may see of what was reported by that moment; `state_then`: its state, None
    while nothing had been done about it."""
    moves = IncidentUpdate.objects.filter(incident=OuterRef("pk"), at__lte=at).exclude(state="")
    state = Subquery(moves.order_by("-at", "-pk").values("state")[:1])
    rows = Incident.objects.visible_to(actor).filter(reported_at__lte=at)
    return rows.annotate(state_then=state)


STILL_OPEN = Q(state_then__isnull=True) | Q(state_then__in=OPEN)
