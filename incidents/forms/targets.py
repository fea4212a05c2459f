from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.enums.targets import TargetRecipient
from incidents.forms.gakkumdu import Versioned
from incidents.models import TargetRung
from incidents.models.target import HIGHEST


class TargetRungForm(Versioned):
    percent = forms.IntegerField(
        label=_("Bagian waktu yang habis (%)"),
        min_value=1,
        max_value=HIGHEST,
        help_text=_("Di bawah 100: pengingat sebelum batas. 100 ke atas: target terlewat."),
    )
    recipient = forms.ChoiceField(label=_("Penerima"), choices=TargetRecipient.choices)
    is_active = forms.BooleanField(label=_("Aktif"), required=False)

    def __init__(self, *args, row: TargetRung, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        for name in ("percent", "recipient", "is_active"):
            self.fields[name].initial = getattr(row, name)
