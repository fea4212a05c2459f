from django import forms
from django.utils.translation import gettext_lazy as _

from deployments.forms.report_forms import Untouched
from deployments.models import ReportSchedule
from portal.registry.enums import UnitKind
from portal.registry.models import Agency

TERMS = ("opens_before", "grace", "valid_from", "valid_to", "source")


class ScheduleForm(Untouched):
    """A new hour at which the units of a kind report."""

    agency = forms.ModelChoiceField(label=_("Instansi"), queryset=Agency.objects.none())
    unit_kind = forms.ChoiceField(label=_("Jenis satuan"), choices=UnitKind.choices)

    class Meta:
        model = ReportSchedule
        fields = ("agency", "unit_kind", "local_time", *TERMS)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.order_by("position")
        self.fields["opens_before"].help_text = _("Sejak kapan laporan dapat dikirim.")
        self.fields["grace"].help_text = _(
            "Sampai kapan laporan sesudah batas waktu belum terhitung terlambat."
        )


class ScheduleTermsForm(Untouched):
    """The terms of an hour that is there."""

    versioned = True

    class Meta:
        model = ReportSchedule
        fields = TERMS
