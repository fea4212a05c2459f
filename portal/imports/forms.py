from django import forms
from django.utils.translation import gettext_lazy as _

from portal.imports.enums import Mode
from portal.web.forms import PortalForm


class UploadForm(PortalForm):
    file = forms.FileField(
        label=_("Berkas"),
        help_text=_("XLSX atau CSV dengan judul kolom dari templat."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        allow_empty_file=True,
    )


class ApplyForm(PortalForm):
    mode = forms.ChoiceField(label=_("Cara"), choices=Mode.choices)
