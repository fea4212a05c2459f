"""Directives that stand on their own: passed on to units, or moved with a stage."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from coordination.forms.minutes import MARKDOWN
from coordination.forms.units import StageChoice, UnitsField
from portal import clock
from portal.registry.models import Unit
from portal.web.forms import DateTimeInput, PortalForm, plausible_year


class DelegateForm(PortalForm):
    """An agency's share, passed on to units of its own."""

    versioned = True
    title = forms.CharField(label=_("Pokok arahan"), max_length=160)
    text = forms.CharField(label=_("Isi arahan"), widget=forms.Textarea, help_text=MARKDOWN)
    due_at = forms.DateTimeField(label=_("Tenggat satuan"))
    output = forms.CharField(label=_("Keluaran yang diharapkan"), max_length=300, required=False)
    evidence = forms.CharField(label=_("Bukti dukung"), max_length=300, required=False)
    evidence_required = forms.BooleanField(
        label=_("Bukti dukung wajib dilampirkan"), required=False
    )

    def __init__(self, data: Any = None, *, obligation: Any, units: list[tuple[Unit, bool]]):
        directive = obligation.directive
        super().__init__(
            data,
            initial={
                "title": directive.title,
                "text": directive.text,
                "due_at": clock.local(obligation.due_at),
                "output": directive.output,
                "evidence": directive.evidence,
                "evidence_required": directive.evidence_required,
                "version": obligation.version,
            },
        )
        self.fields["units"] = UnitsField(
            [unit for unit, _staffed in units], label=_("Satuan yang diperintah")
        )
        labels = {str(unit.pk): unit.short_name for unit, staffed in units if not staffed}
        nobody = _t("belum ada jabatan")
        self.fields["units"].choices = [
            (key, f"{label} ({nobody})" if key in labels else label)
            for key, label in self.fields["units"].choices
        ]
        self.order_fields(["units"])

    def units(self) -> list[Unit]:
        return self.fields["units"].chosen(self.cleaned_data["units"])


class MoveDueForm(PortalForm):
    """The preview that was confirmed, by its digest."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ThoughtForm(forms.Form):
    """A stage and the moment at which one supposes it to begin; it changes nothing."""

    stage = StageChoice(label=_("Tahapan"), empty_label=_("Pilih tahapan"))
    starts_at = forms.DateTimeField(
        label=_("Andaikan mulai"), widget=DateTimeInput(), validators=[plausible_year]
    )
