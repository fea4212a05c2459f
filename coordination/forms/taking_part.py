from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.forms.lines import AgencyChoice
from portal.web.forms import PortalForm


class LeaveForm(PortalForm):
    """An agency that leaves the operation."""

    agency = AgencyChoice(label=_("Instansi"), empty_label=_("Pilih instansi"))
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dibaca oleh instansi itu."),
    )


class ReadmitForm(PortalForm):
    """An agency that comes back."""

    reason = forms.CharField(
        label=_("Alasan kembali"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
