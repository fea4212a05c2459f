"""Incidents as a source of the search."""

from django.db.models import TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from incidents.enums import (
    STATE_BADGES,
)
from incidents.models import Incident
from incidents.queries.rows import region_label
from portal import clock
from portal.access.classification import Classification
from portal.web.searching import Hit, Source, match, ranked


def _found(row: Incident, excerpt: SafeString) -> Hit:
    when = date_format(clock.local(row.reported_at), "j M Y")
    return Hit(
        title=row.title,
        url=reverse("incidents:incident_detail", args=[row.pk]),
        note=f"{row.number} · {region_label(row.region)} · {when}",
        # Words of what is Rahasia are read on its own page, where the reading is recorded.
        excerpt=excerpt if row.classification < Classification.RAHASIA else SafeString(),
        badge=(STATE_BADGES[row.state], row.get_state_display()),
    )


SEARCH = Source(
    key="kejadian",
    label=gettext_lazy("Kejadian"),
    icon="exclamation-triangle",
    rows=lambda actor: Incident.objects.visible_to(actor).select_related("region__parent"),
    matches=match("stems"),
    rank=ranked("stems"),
    text=Concat("title", Value(" "), "chronology", output_field=TextField()),
    order=("-reported_at", "-pk"),
    hit=_found,
    number="number",
)
