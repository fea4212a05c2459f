from django import forms
from django.utils.translation import gettext_lazy as _

from deployments.models import Conflict, ReadinessReport
from deployments.queries.report_forms import spec_of
from portal.web.forms import PortalForm

ROWS = 4
"""How many fields can be commented on at once; whoever has more to say writes it in the note."""


class ReturnForm(PortalForm):
    """Why a report goes back, in general and at single fields."""

    versioned = True

    note = forms.CharField(
        label=_("Apa yang perlu diperbaiki"),
        widget=forms.Textarea,
        max_length=2000,
        required=False,
    )

    def __init__(self, *args, report: ReadinessReport, **kwargs):
        super().__init__(*args, **kwargs)
        names = spec_of(report.form).names if report.form else {}
        choices = [("", _("Pilih isian")), *names.items()]
        for row in range(1, ROWS + 1) if names else ():
            self.fields[f"target-{row}"] = forms.ChoiceField(
                label=_("Isian %(number)d") % {"number": row}, choices=choices, required=False
            )
            self.fields[f"text-{row}"] = forms.CharField(
                label=_("Catatan pada isian %(number)d") % {"number": row},
                max_length=1000,
                required=False,
            )

    @property
    def pairs(self):
        """The rows of field and comment, as the page prints them."""
        return [
            (self[f"target-{row}"], self[f"text-{row}"])
            for row in range(1, ROWS + 1)
            if f"target-{row}" in self.fields
        ]

    @property
    def comments(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for row in range(1, ROWS + 1):
            target = self.cleaned_data.get(f"target-{row}")
            text = self.cleaned_data.get(f"text-{row}")
            if target and text:
                found[target] = " ".join(filter(None, [found.get(target), text]))
        return found

    def clean(self):
        cleaned = super().clean()
        for row in range(1, ROWS + 1):
            target, text = cleaned.get(f"target-{row}"), cleaned.get(f"text-{row}")
            if text and not target:
                self.add_error(f"target-{row}", _("Pilih isian yang dimaksud."))
            if target and not text:
                self.add_error(f"text-{row}", _("Tulis apa yang perlu diperbaiki di sini."))
        return cleaned


class ReleaseForm(PortalForm):
    """Why odd numbers are true."""

    versioned = True

    reason = forms.CharField(
        label=_("Mengapa angkanya dapat diterima"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
    )


class DecisionForm(PortalForm):
    """Whose number stands."""

    versioned = True

    standing = forms.ChoiceField(label=_("Angka yang berlaku"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Alasan"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500
    )

    def __init__(self, *args, conflict: Conflict, **kwargs):
        super().__init__(*args, **kwargs)
        self.units = {side.unit.slug: side.unit for side in conflict.sides.all()}
        self.fields["standing"].choices = [
            (slug, unit.short_name) for slug, unit in self.units.items()
        ]
