from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.enums import Audience
from incidents.models.special_report import REPORTED_TO
from incidents.queries.situation import HOURS
from portal.registry.models import Region
from portal.web.forms import DateInput, PortalForm


class SpecialReportForm(PortalForm):
    audience = forms.ChoiceField(
        label=_("Pembaca"),
        choices=[(kind.value, kind.label) for kind in map(Audience, REPORTED_TO)],
        help_text=_(
            "Antarinstansi: tanpa catatan internal, dibaca semua yang melihat kejadian ini. "
            "Internal: dengan catatan internal instansi Anda, dibaca instansi Anda saja."
        ),
    )
    situation = forms.CharField(
        label=_("Situasi akhir"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Keadaan pada saat laporan ini diterbitkan."),
    )
    plan = forms.CharField(
        label=_("Rencana tindak lanjut"), widget=forms.Textarea(attrs={"rows": 4})
    )


class SituationForm(forms.Form):
    """Which region and which cut-off."""

    region = forms.ModelChoiceField(
        label=_("Wilayah"),
        queryset=Region.objects.none(),
        to_field_name="code",
        empty_label=None,
    )
    day = forms.DateField(label=pgettext_lazy("laporan", "Tanggal"), widget=DateInput())
    hour = forms.TypedChoiceField(
        label=_("Batas waktu (WITA)"),
        coerce=int,
        choices=[(hour, f"{hour:02d}.00") for hour in HOURS],
    )

    def __init__(self, *args: Any, regions: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions
