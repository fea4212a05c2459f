from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from deployments.enums import TagVariable, TpsClass
from deployments.models import GuardPattern
from deployments.queries.needs import GUARDS
from deployments.queries.stations import indicators_by_variable
from portal.registry.models import Agency, Unit
from portal.web.forms import PortalForm, PortalModelForm

LARGEST_PATTERN = 1000


class PatternForm(PortalModelForm):
    """Police : stations : linmas for one class, for one Polres or for all."""

    class Meta:
        model = GuardPattern
        fields = (
            "unit",
            "tps_class",
            "police",
            "tps",
            "linmas",
            "linmas_override",
            "valid_from",
            "valid_to",
            "source",
        )

    def __init__(self, *args, agency: Agency, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(
            agency=agency, kind__in=GUARDS, is_active=True
        ).order_by("path")
        self.fields["unit"].empty_label = _("Semua Polres")
        for name in ("police", "tps", "linmas"):
            self.fields[name].min_value = 0 if name == "linmas" else 1
            self.fields[name].max_value = LARGEST_PATTERN
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    def _post_clean(self):
        """The action checks and writes; the form only reads what was typed."""


class PatternEndForm(PortalForm):
    """Until when a pattern holds, and why."""

    valid_to = forms.DateField(label=_("Berlaku sampai"))
    reason = forms.CharField(label=_("Alasan"), max_length=300)


class ClassForm(PortalForm):
    """One class from a day on, for one reason."""

    tps_class = forms.ChoiceField(label=_("Kelas TPS"), choices=TpsClass.choices)
    valid_from = forms.DateField(label=_("Berlaku sejak"))
    reason = forms.CharField(label=_("Alasan"), max_length=300)


class MatchingClassForm(ClassForm):
    """For all stations of a filter; `digest` says which ones were counted on the page."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def count_anew(self, digest: str) -> None:
        """The page shows the number of now; sending it again confirms that one."""
        self.data = self.data.copy()
        self.data["digest"] = digest


class StationClassForm(ClassForm):
    """For one station or many. `station` comes once for each as "id:class row seen"."""

    @property
    def choices(self) -> list[str]:
        return list(self.data.getlist("station")) if self.is_bound else []

    @property
    def seen(self) -> dict[int, int]:
        """By station id the id of the class row that the user saw; nonsense is left out."""
        found = {}
        for text in self.choices:
            station, _colon, row = text.partition(":")
            if station.isascii() and station.isdigit() and row.isascii() and row.isdigit():
                if len(station) < 18 and len(row) < 18:
                    found[int(station)] = int(row)
        return found

    def clean(self) -> dict[str, Any]:
        if not self.seen:
            raise ValidationError(_("Pilih paling sedikit satu TPS."))
        return super().clean() or self.cleaned_data


class StationTagForm(PortalForm):
    """The supervisors' tags of one station, under their variables."""

    keys = forms.MultipleChoiceField(label=_("Tanda"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    note = forms.CharField(
        label=_("Keterangan"),
        required=False,
        max_length=300,
        help_text=_("Wajib bila ada tanda yang dicabut."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.indicators = indicators_by_variable()
        self.fields["keys"].choices = [
            (item.pk, item.label) for items in self.indicators.values() for item in items
        ]

    @property
    def groups(self) -> list[dict[str, Any]]:
        """A group of check boxes per variable, in the order of the supervisors' list."""
        ticked = set(self["keys"].value() or [])
        return [
            {
                "label": str(TagVariable(variable).label),
                "items": [
                    {"key": item.pk, "label": item.label, "checked": item.pk in ticked}
                    for item in items
                ],
            }
            for variable, items in self.indicators.items()
        ]

    @property
    def seen_keys(self) -> list[str]:
        return [key for key in self.cleaned_data["seen"].split(",") if key]
