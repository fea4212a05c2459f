from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.actions.warning_rules import EDITABLE, LONGEST
from incidents.enums import Severity
from incidents.enums.warning import Certainty, RuleArea, ThreatLevel, Urgency, WarningState
from incidents.forms.gakkumdu import Versioned
from incidents.models import EarlyWarning, WarningRule
from portal.web.forms import PortalForm


class EndWarningForm(Versioned):
    """How a warning ended. What each choice means stands beside it."""

    state = forms.ChoiceField(label=pgettext_lazy("peringatan", "Hasil"))
    reason = forms.CharField(
        label=_("Alasan"),
        widget=forms.Textarea,
        max_length=300,
        help_text=_("Tanpa nama orang. Alasan ini disampaikan kepada yang sudah diperingatkan."),
    )

    def __init__(self, *args, row: EarlyWarning, choices: list[WarningState], **kwargs):
        super().__init__(*args, row=row, **kwargs)
        meanings = {
            WarningState.CONFIRMED: _("Terbukti: yang diperingatkan benar terjadi atau tercegah"),
            WarningState.FALSE_ALARM: _("Keliru: dasarnya tidak benar"),
            WarningState.CANCELLED: _("Dibatalkan: tidak diperlukan lagi"),
        }
        self.fields["state"].choices = [(state.value, meanings[state]) for state in choices]


class ThreatForm(PortalForm):
    level = forms.TypedChoiceField(
        label=_("Tingkat ancaman"), choices=ThreatLevel.choices, coerce=int
    )
    reason = forms.CharField(
        label=_("Alasan"), widget=forms.Textarea, max_length=300, help_text=_("Tanpa nama orang.")
    )
    warning = forms.ModelChoiceField(
        label=_("Atas usul peringatan"),
        queryset=EarlyWarning.objects.none(),
        required=False,
        help_text=_("Peringatan hanya menjadi dasar menaikkan tingkat."),
    )

    def __init__(self, *args, warnings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["warning"].queryset = warnings


class WarningRuleForm(Versioned):
    """When a rule warns, and what it says then."""

    name = forms.CharField(label=_("Nama aturan"), max_length=120)
    name_en = forms.CharField(label=_("Nama aturan (Inggris)"), max_length=120)
    types = forms.CharField(
        label=_("Jenis kejadian"),
        max_length=120,
        required=False,
        help_text=_("Kode atau huruf golongan, dipisah spasi: D2 D3 F. Kosong: semua jenis."),
    )
    min_severity = forms.TypedChoiceField(
        label=_("Keparahan paling rendah"), choices=Severity.choices, coerce=int
    )
    area = forms.ChoiceField(label=_("Tingkat wilayah"), choices=RuleArea.choices)
    threshold = forms.IntegerField(
        label=_("Ambang"),
        min_value=1,
        max_value=1000,
        help_text=_("Jumlah kejadian, laporan, batas waktu yang lewat, atau TPS sangat rawan."),
    )
    window_hours = forms.IntegerField(
        label=_("Jendela waktu (jam)"), min_value=1, max_value=LONGEST
    )
    factor = forms.DecimalField(
        label=_("Kelipatan rata-rata"),
        min_value=1,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        help_text=_("Hanya untuk aturan kenaikan."),
    )
    weeks = forms.IntegerField(
        label=_("Minggu pembanding"),
        min_value=1,
        max_value=26,
        help_text=_("Hanya untuk aturan kenaikan."),
    )
    urgency = forms.ChoiceField(label=_("Kemendesakan"), choices=Urgency.choices)
    certainty = forms.ChoiceField(label=_("Kepastian"), choices=Certainty.choices)
    valid_hours = forms.IntegerField(label=_("Berlaku (jam)"), min_value=1, max_value=LONGEST)
    instruction = forms.CharField(label=_("Anjuran"), max_length=300)
    instruction_en = forms.CharField(label=_("Anjuran (Inggris)"), max_length=300)
    active = forms.BooleanField(label=_("Dipakai"), required=False)
    reason = forms.CharField(
        label=_("Alasan"), widget=forms.Textarea, max_length=300, help_text=_("Tanpa nama orang.")
    )

    def __init__(self, *args, row: WarningRule, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        for name in EDITABLE:
            self.fields[name].initial = getattr(row, name)
