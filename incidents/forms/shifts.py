from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Post
from portal.web.forms import PortalForm


class HandoverForm(PortalForm):
    to = forms.ModelChoiceField(
        label=_("Diserahkan kepada"),
        queryset=Post.objects.none(),
        empty_label=None,
        help_text=_("Bila jabatan dipegang beberapa orang: penerimanya harus orang lain."),
    )
    notes = forms.CharField(
        label=_("Hal yang perlu diperhatikan"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        help_text=_("Yang sedang ditunggu, yang harus dihubungi, dan yang dijanjikan."),
    )
    equipment = forms.CharField(
        label=_("Perlengkapan dan kunci"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("Radio, kendaraan, kunci, dan kerusakannya."),
    )

    def __init__(self, *args: Any, posts: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = posts


class TakeOverForm(PortalForm):
    remark = forms.CharField(
        label=_("Catatan penerima"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("Yang tidak sesuai dengan yang ditulis; boleh kosong."),
    )
