from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.accounts import ClassifiedForm
from incidents.models import FieldReport, Incident
from incidents.queries import incidents
from portal import clock
from portal.access.actor import Actor
from portal.registry.models import PollingStation
from portal.registry.queries import current_operation
from portal.web.forms import FilesField, PortalForm


def limit(field: str) -> int | None:
    return FieldReport._meta.get_field(field).max_length


class FieldReportForm(ClassifiedForm):
    """A field report, from the phone of somebody who stands there."""

    station = forms.CharField(
        label=_("Kode TPS"),
        max_length=24,
        required=False,
        help_text=_("Bila terjadi di sebuah TPS."),
    )
    situation = forms.CharField(
        label=_("Situasi terakhir"), max_length=limit("situation"), required=False
    )
    next_steps = forms.CharField(
        label=_("Rencana tindak lanjut"), max_length=limit("next_steps"), required=False
    )
    photos = FilesField(
        label=_("Foto"),
        required=False,
        help_text=_("Paling banyak 6 foto JPG atau PNG; lokasi dan data kamera dihapus."),
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    written_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    field_order = (
        "type", "title", "severity", "disturbance", "occurrence", "occurred_at", "region", "place",
        "station", "latitude", "longitude", "at_kpps_request", "chronology", "involved", "cause",
        "casualties", "loss", "action_taken", "situation", "next_steps", "photos", "classification",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["photos"].widget.attrs["accept"] = "image/jpeg,image/png"

    def clean_station(self) -> PollingStation | None:
        code = self.cleaned_data["station"].strip()
        if not code:
            return None
        operation = current_operation(clock.now())
        station = PollingStation.objects.of(operation).filter(code=code).first()
        if station is None:
            raise forms.ValidationError(_("Tidak ada TPS dengan kode ini."))
        return station


class FileReportForm(PortalForm):
    """Into which incident a field report goes."""

    incident = forms.ModelChoiceField(label=_("Kejadian"), queryset=Incident.objects.none())
    reason = forms.CharField(label=_("Keterangan"), max_length=300, required=False)

    def __init__(self, *args, report: FieldReport, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        regency = ".".join(report.region_id.split(".")[:2])
        rows = incidents(actor).judged_by(actor).open().in_region(regency)
        self.fields["incident"].queryset = rows
