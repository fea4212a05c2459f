from django import forms
from django.utils.translation import gettext_lazy as _


class TrailFilter(forms.Form):
    verb = forms.CharField(
        label=_("Tindakan"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": _("Kata atau kode")}),
    )
    post = forms.CharField(label=_("Jabatan"), required=False, max_length=120)
    object_type = forms.CharField(label=_("Jenis data"), required=False, max_length=60)
