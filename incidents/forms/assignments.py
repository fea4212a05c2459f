from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from incidents.enums.assignments import SAYS_WHY
from incidents.models import Incident
from incidents.queries.units import Nearby, NearUnit
from portal.web.forms import PortalForm
from portal.web.templatetags.portal import angka


class AssignForm(PortalForm):
    """Which of the units nearby are sent, and to do what."""

    versioned = True
    placements = forms.MultipleChoiceField(
        label=_("Satuan di tempat, yang terdekat dahulu"), widget=forms.CheckboxSelectMultiple
    )
    task = forms.CharField(label=_("Tugas"), widget=forms.Textarea, max_length=300)

    def __init__(self, *args, incident: Incident, nearby: Nearby, **kwargs):
        kwargs["initial"] = {"version": incident.version}
        super().__init__(*args, **kwargs)
        self.fields["placements"].choices = [(row.deployment, _label(row)) for row in nearby.rows]


def _label(row: NearUnit) -> str:
    """Unit, how far, what it has, what it is busy with, in one line."""
    people = ngettext("%(n)s orang", "%(n)s orang", row.personnel) % {"n": angka(row.personnel)}
    said = [f"{row.unit} ({row.agency})", _distance(row), row.place, people]
    if row.vehicles_percent is not None:
        said.append(_now("kendaraan siap %(percent)s%%") % {"percent": row.vehicles_percent})
    if row.busy:
        said.append(_now("sedang ditugaskan: %(numbers)s") % {"numbers": ", ".join(row.busy)})
    if not row.ordered:
        said.append(_now("diminta kepada instansinya"))
    return " · ".join(part for part in said if part)


def _distance(row: NearUnit) -> str:
    if row.km is None:
        return _now("jarak tidak diketahui")
    km = f"{row.km:.1f}".replace(".", ",")
    return _now("± %(km)s km") % {"km": km} if row.about else _now("%(km)s km") % {"km": km}


class AssignmentMoveForm(PortalForm):
    note = forms.CharField(label=_("Catatan"), max_length=300, required=False)
    state = forms.CharField(widget=forms.HiddenInput, max_length=10)

    def __init__(self, *args, state: str, **kwargs):
        super().__init__(*args, initial={"state": state}, **kwargs)
        if state in SAYS_WHY:
            self.fields["note"].label = _("Alasan")
            self.fields["note"].required = True
