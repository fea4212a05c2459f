from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PortalForm


class MailChoiceForm(PortalForm):
    information = forms.BooleanField(
        label=_("Kirim juga informasi (bukan tugas) lewat surel"),
        help_text=_("Pemberitahuan tugas selalu dikirim."),
        required=False,
    )
