from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from coordination.models import AgendaItem, Meeting, MeetingSeries
from incidents.models import Incident
from incidents.queries.agenda import open_meetings, open_series
from portal.access.actor import Actor
from portal.web.forms import PortalForm
from portal.web.templatetags.portal import wita

Places = dict[str, Meeting | MeetingSeries]


class BringForm(PortalForm):
    """Onto which agenda, or into which backlog, and in which words."""

    place = forms.ChoiceField(
        label=_("Rakor"),
        help_text=_("Hanya rakor instansi Anda yang susunan acaranya masih dapat diubah."),
    )
    title = forms.CharField(
        label=_("Mata acara"),
        max_length=AgendaItem._meta.get_field("title").max_length,
        help_text=_("Terbaca oleh semua undangan, juga yang tidak dapat membuka kejadiannya."),
    )
    planned_minutes = forms.IntegerField(label=_("Menit"), min_value=1, max_value=600, initial=15)

    def __init__(self, *args: Any, incident: Incident, actor: Actor, **kwargs: Any):
        kwargs["initial"] = {"title": _now("Kejadian %(number)s") % {"number": incident.number}}
        super().__init__(*args, **kwargs)
        meetings, series = open_meetings(actor, incident), open_series(actor)
        self.places: Places = {
            **{f"rakor-{row.pk}": row for row in meetings},
            **{f"seri-{row.pk}": row for row in series},
        }
        self.fields["place"].choices = [
            ("", "---------"),
            (_("Rakor"), [(f"rakor-{row.pk}", _meeting(row)) for row in meetings]),
            (_("Daftar tunggu"), [(f"seri-{row.pk}", str(row)) for row in series]),
        ]

    def clean_place(self) -> Meeting | MeetingSeries:
        return self.places[self.cleaned_data["place"]]


def _meeting(row: Meeting) -> str:
    return f"{row.number} {row.title}, {wita(row.starts_at)}".strip()
