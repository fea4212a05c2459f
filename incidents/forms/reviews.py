from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import Review
from incidents.queries.reviews import PARTS
from portal.web.forms import PortalForm


class ReviewForm(PortalForm):
    versioned = True
    happened = forms.CharField(
        label=_("Yang terjadi"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Jalannya penanganan, bukan kejadiannya saja; tanpa nama orang."),
    )
    expected = forms.CharField(
        label=_("Yang seharusnya terjadi"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Menurut rencana, protap, dan target waktu."),
    )
    went_well = forms.CharField(
        label=_("Yang berjalan baik"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    must_change = forms.CharField(
        label=_("Yang harus berubah"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Tindakan perbaikannya dibuat sebagai arahan setelah ini disimpan."),
    )

    def __init__(self, *args: Any, review: Review | None, **kwargs: Any):
        known = {name: getattr(review, name) for name in PARTS} if review else {}
        super().__init__(*args, initial=known, **kwargs)
        self.fields["version"].required = False
        self.fields["version"].initial = review.version if review else None
