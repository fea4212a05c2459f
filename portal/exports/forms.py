from django import forms
from django.utils.translation import gettext_lazy as _

from portal.exports.enums import Format
from portal.web.forms import PortalForm


class ExportForm(PortalForm):
    format = forms.ChoiceField(label=_("Format"), choices=Format.choices)
    query = forms.CharField(label=_("Saringan"), required=False, max_length=1000)
