from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.models import SavedView
from portal.web.forms import PortalModelForm


class ViewForm(PortalModelForm):
    class Meta:
        model = SavedView
        fields = ["name", "is_shared", "is_default"]
        help_texts = {
            "is_shared": _("Rekan hanya melihat baris yang memang boleh mereka lihat."),
            "is_default": _("Dipakai saat matriks dibuka tanpa saringan."),
        }

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class NewViewForm(ViewForm):
    query = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)
