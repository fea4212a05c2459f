from django import forms
from django.utils.translation import gettext_lazy as _

from portal.registry.models import Agency
from portal.web.forms import DateTimeInput


class RecapForm(forms.Form):
    """Which moment and whose figures."""

    agency = forms.ModelChoiceField(
        label=_("Instansi"),
        queryset=Agency.objects.order_by("position"),
        to_field_name="slug",
        required=False,
        empty_label=_("Semua"),
    )
    at = forms.DateTimeField(label=_("Angka pukul (WITA)"), required=False, widget=DateTimeInput())
