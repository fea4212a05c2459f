from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.enums import WRITTEN, Audience, Disturbance, IncidentState, Severity
from incidents.models import Incident, IncidentType
from incidents.queries import referable, region_choices
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.registry.models import Agency, Region
from portal.web.forms import PortalForm


def _limit(field: str) -> int | None:
    return Incident._meta.get_field(field).max_length


class IncidentForm(PortalForm):
    """A report in the order of 5W1H, filled from top to bottom on a phone."""

    type = forms.ModelChoiceField(
        label=_("Jenis kejadian"), queryset=IncidentType.objects.order_by("position")
    )
    title = forms.CharField(label=_("Apa yang terjadi"), max_length=_limit("title"))
    severity = forms.TypedChoiceField(
        label=_("Keparahan"), choices=Severity.choices, coerce=int, widget=forms.RadioSelect
    )
    disturbance = forms.ChoiceField(
        label=_("Tingkat gangguan"), choices=Disturbance.choices, initial=Disturbance.REAL
    )
    occurred_at = forms.DateTimeField(label=_("Kapan"))
    region = forms.ChoiceField(label=_("Di mana: kabupaten/kota atau kecamatan"))
    place = forms.CharField(
        label=_("Tempat"),
        max_length=_limit("place"),
        help_text=_("Desa atau kelurahan, jalan, nomor TPS, atau patokan lain."),
    )
    latitude = forms.FloatField(
        label=_("Lintang"), required=False, help_text=_("Derajat, contoh -3.41667.")
    )
    longitude = forms.FloatField(
        label=_("Bujur"), required=False, help_text=_("Derajat, contoh 114.85000.")
    )
    involved = forms.CharField(
        label=_("Siapa"),
        max_length=_limit("involved"),
        required=False,
        help_text=_("Peran dan jumlah orang; jangan menulis nama, NIK, atau pilihan politik."),
    )
    cause = forms.CharField(label=_("Mengapa"), max_length=_limit("cause"), required=False)
    chronology = forms.CharField(
        label=_("Bagaimana (kronologi)"),
        widget=forms.Textarea,
        help_text=_("Portal ini tidak menerima perolehan suara."),
    )
    casualties = forms.CharField(label=_("Korban"), max_length=_limit("casualties"), required=False)
    loss = forms.CharField(label=_("Kerugian"), max_length=_limit("loss"), required=False)
    action_taken = forms.CharField(
        label=_("Tindakan yang sudah diambil"), max_length=_limit("action_taken"), required=False
    )
    at_kpps_request = forms.BooleanField(
        label=_("Polisi masuk TPS atas permintaan KPPS"), required=False
    )
    classification = forms.TypedChoiceField(
        label=_("Klasifikasi"), coerce=int, initial=Classification.TERBATAS
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", "---------"), *region_choices()]
        self.fields["classification"].choices = [
            choice for choice in Classification.choices if choice[0] <= actor.clearance
        ]

    def clean_region(self) -> Region:
        return Region.objects.get(pk=self.cleaned_data["region"])


class UpdateForm(PortalForm):
    kind = forms.ChoiceField(
        label=_("Jenis catatan"), choices=[(kind.value, kind.label) for kind in WRITTEN]
    )
    text = forms.CharField(label=_("Isi"), widget=forms.Textarea)
    audience = forms.ChoiceField(
        label=_("Pembaca"),
        choices=Audience.choices,
        initial=Audience.AGENCIES,
        help_text=_("Catatan tidak dapat diubah atau dihapus; yang keliru disusul ralat."),
    )


class MoveForm(PortalForm):
    """One step of the handling; `to` only when it is handed over."""

    versioned = True

    reason = forms.CharField(label=_("Alasan"), widget=forms.Textarea, required=False)
    to = forms.ModelChoiceField(
        label=_("Dilimpahkan kepada"), queryset=Agency.objects.none(), required=False
    )
    state = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args, incident: Incident, state: str, **kwargs):
        kwargs["initial"] = {"version": incident.version, "state": state}
        super().__init__(*args, **kwargs)
        if state == IncidentState.REFERRED:
            self.fields["to"].queryset = referable(incident)
            self.fields["to"].required = True
        else:
            del self.fields["to"]
