"""What is told of an event, as a form: filled from top to bottom on a phone."""

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.enums import Disturbance, Occurrence, Severity
from incidents.models import Incident, IncidentType
from incidents.queries import region_choices
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.registry.models import Region
from portal.web.forms import PortalForm

SILENCE = _("Tulis “nihil” bila tidak ada; kosong berarti belum diketahui.")


def limit(field: str) -> int | None:
    return Incident._meta.get_field(field).max_length


class AccountForm(PortalForm):
    """The fields of 5W1H that every account has."""

    type = forms.ModelChoiceField(
        label=_("Jenis kejadian"), queryset=IncidentType.objects.order_by("position")
    )
    title = forms.CharField(label=_("Apa yang terjadi"), max_length=limit("title"))
    severity = forms.TypedChoiceField(
        label=_("Keparahan"), choices=Severity.choices, coerce=int, widget=forms.RadioSelect
    )
    disturbance = forms.ChoiceField(
        label=_("Tingkat gangguan"), choices=Disturbance.choices, initial=Disturbance.REAL
    )
    occurrence = forms.ChoiceField(
        label=_("Saat dilaporkan"),
        choices=Occurrence.choices,
        initial=Occurrence.OVER,
        widget=forms.RadioSelect,
    )
    occurred_at = forms.DateTimeField(label=_("Kapan"))
    region = forms.ChoiceField(label=_("Di mana: kabupaten/kota atau kecamatan"))
    place = forms.CharField(
        label=_("Tempat"),
        max_length=limit("place"),
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
        max_length=limit("involved"),
        required=False,
        help_text=_(
            "Peran dan jumlah orang; jangan menulis nama, NIK, atau pilihan politik. Nama dicatat "
            "penanggung jawab di bagian “Orang terlibat” pada halaman kejadian."
        ),
    )
    cause = forms.CharField(label=_("Mengapa"), max_length=limit("cause"), required=False)
    chronology = forms.CharField(
        label=_("Bagaimana (kronologi)"),
        widget=forms.Textarea,
        help_text=_("Portal ini tidak menerima perolehan suara."),
    )
    casualties = forms.CharField(
        label=_("Korban"), max_length=limit("casualties"), required=False, help_text=SILENCE
    )
    loss = forms.CharField(
        label=_("Kerugian"), max_length=limit("loss"), required=False, help_text=SILENCE
    )
    action_taken = forms.CharField(
        label=_("Tindakan yang sudah diambil"), max_length=limit("action_taken"), required=False
    )
    at_kpps_request = forms.BooleanField(
        label=_("Polisi masuk TPS atas permintaan KPPS"), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", "---------"), *region_choices()]

    def clean_region(self) -> Region:
        return Region.objects.get(pk=self.cleaned_data["region"])


class ClassifiedForm(AccountForm):
    """An account that is new, so that its class is chosen."""

    classification = forms.TypedChoiceField(
        label=_("Klasifikasi"), coerce=int, initial=Classification.TERBATAS
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["classification"].choices = [
            choice for choice in Classification.choices if choice[0] <= actor.clearance
        ]
