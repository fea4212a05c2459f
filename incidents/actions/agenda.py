"""An incident brought up in a rakor."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.agenda import add_item
from coordination.actions.agenda_origin import ItemOrigin
from coordination.models import AgendaItem, Meeting, MeetingSeries
from incidents.actions.texts import refuse_tally
from incidents.models import Incident
from incidents.queries.directives import page_of
from portal.access.actor import Actor
from portal.access.errors import Refused


def bring_to_rakor(
    incident: Incident,
    owner: Meeting | MeetingSeries,
    *,
    title: str,
    by: Actor,
    at: datetime,
    planned_minutes: int = 15,
) -> AgendaItem:
    """Put the incident onto the agenda of a rakor, or into the backlog of a series, that one plans.
    It stands there once, by its number; its words are those of the title alone."""
    refuse_tally(title=title)
    with transaction.atomic():
        if not Incident.objects.visible_to(by).filter(pk=incident.pk).exists():
            raise Refused(_("Kejadian ini tidak terbuka bagi Anda."))
        incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
        if incident.merged_into_id:
            raise Refused(_("Kejadian ini sudah digabung ke kejadian lain."))
        if hasattr(incident, "gakkumdu"):
            # Whoever is invited would learn what only the desk may read.
            raise Refused(_("Kejadian ini ditangani Sentra Gakkumdu."))
        origin = ItemOrigin(page_of(incident), incident.number, incident.classification)
        return add_item(
            owner, by=by, at=at, title=title, planned_minutes=planned_minutes, origin=origin
        )
