from django import forms
from django.utils.translation import gettext_lazy as _

from deployments.models import (
    FormField,
    FormGroup,
    OddityRule,
    ReadinessThreshold,
    ReportForm,
)
from portal.registry.enums import UnitKind
from portal.web.forms import PortalForm, PortalModelForm


class PublishForm(PortalForm):
    """From which day a draft holds."""

    versioned = True

    valid_from = forms.DateField(label=_("Berlaku sejak"))


class Untouched(PortalModelForm):
    """The instance stays as it was read: the action compares and writes, not the form."""

    def _post_clean(self):
        pass


class OfDraft(Untouched):
    """A part of a draft: the version is the draft's."""

    def __init__(self, *args, draft_version: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=draft_version)


class GroupForm(OfDraft):
    class Meta:
        model = FormGroup
        fields = ("name", "name_en", "mandatory")


class NewGroupForm(OfDraft):
    class Meta:
        model = FormGroup
        fields = ("key", "name", "name_en", "mandatory")


class BeginForm(Untouched):
    """A form of its own for a kind of unit, an agency or a stage."""

    base = forms.ModelChoiceField(
        label=_("Salin isian dari"), queryset=ReportForm.objects.none(), empty_label=None
    )
    unit_kind = forms.ChoiceField(
        label=_("Jenis satuan"),
        required=False,
        choices=[("", _("Semua satuan")), *UnitKind.choices],
    )

    class Meta:
        model = ReportForm
        fields = ("base", "key", "title", "title_en", "unit_kind", "agency", "stage", "source")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["base"].queryset = ReportForm.objects.filter(
            published_at__isnull=False
        ).order_by("key", "-number")
        self.fields["agency"].empty_label = _("Semua instansi")
        self.fields["stage"].empty_label = _("Semua tahapan")
        self.fields["key"].help_text = _("Huruf kecil, angka, dan tanda hubung.")


class FieldForm(OfDraft):
    """A question of a draft. Lists are written one entry a line."""

    sum_of = forms.CharField(
        label=_("Jumlah dari isian"),
        required=False,
        help_text=_("Kode isian, dipisahkan koma."),
    )
    choices = forms.CharField(
        label=_("Pilihan"),
        required=False,
        widget=forms.Textarea,
        help_text=_("Satu baris tiap pilihan: kode | Indonesia | Inggris."),
    )

    class Meta:
        model = FormField
        fields = (
            "key",
            "label_id",
            "label_en",
            "kind",
            "unit",
            "required",
            "minimum",
            "maximum",
            "at_most",
            "score",
            "score_of",
            "help_id",
            "help_en",
            "example",
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.instance
        if field.pk:
            del self.fields["key"]
            self.initial["sum_of"] = ", ".join(field.sum_of)
            self.initial["choices"] = "\n".join(" | ".join(row) for row in field.choices)
        self.fields["at_most"].help_text = _("Kode isian lain di formulir ini.")
        self.fields["score_of"].help_text = _("Kode isian lain di formulir ini.")

    def clean_sum_of(self):
        return [key.strip() for key in self.cleaned_data["sum_of"].split(",") if key.strip()]

    def clean_choices(self):
        rows = []
        for line in self.cleaned_data["choices"].splitlines():
            if line.strip():
                parts = [part.strip() for part in line.split("|")]
                if len(parts) > 3 or not parts[0]:
                    raise forms.ValidationError(_("Tulis: kode | Indonesia | Inggris."))
                home = parts[1] if len(parts) > 1 else parts[0]
                rows.append([parts[0], home, parts[2] if len(parts) > 2 else home])
        return rows


class ThresholdForm(Untouched):
    versioned = True

    class Meta:
        model = ReadinessThreshold
        fields = ("ready", "conditional", "source")


class NewRuleForm(Untouched):
    class Meta:
        model = OddityRule
        fields = (
            "key",
            "name",
            "name_en",
            "kind",
            "field",
            "other",
            "percent",
            "floor",
            "severity",
            "is_active",
            "source",
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].help_text = _("Huruf kecil, angka, dan tanda hubung.")
        self.fields["field"].help_text = _("Kode isian bilangan di formulir yang terbit.")
        self.fields["other"].help_text = _("Kode isian lain; hanya untuk perbandingan.")


class RuleForm(Untouched):
    versioned = True

    class Meta:
        model = OddityRule
        fields = ("percent", "floor", "severity", "is_active", "source")
