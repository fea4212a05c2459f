from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.registry.enums import HolidayKind
from portal.registry.models import Holiday
from portal.web.forms import PortalForm


class HolidayForm(PortalForm):
    """An entry of the calendar; its date is fixed once it stands."""

    versioned = True

    name = forms.CharField(label=_("Nama"), max_length=120)
    kind = forms.ChoiceField(label=_("Jenis"), choices=HolidayKind.choices)
    is_working = forms.BooleanField(
        label=_("Tetap hari kerja"),
        required=False,
        help_text=_("Centang bila pada hari ini orang bekerja, juga pada akhir pekan."),
    )
    source = forms.CharField(
        label=_("Dasar"), max_length=200, help_text=_("Misalnya nomor keputusan atau surat edaran.")
    )

    def __init__(self, data: Any = None, *, holiday: Holiday | None = None):
        super().__init__(data)
        self.fields["version"].required = False
        if holiday is not None:
            for name in ("version", "name", "kind", "is_working", "source"):
                self.fields[name].initial = getattr(holiday, name)


class NewHolidayForm(HolidayForm):
    date = forms.DateField(label=_("Tanggal"))

    field_order = ["date", "name", "kind", "is_working", "source"]


class RemoveHolidayForm(PortalForm):
    versioned = True

    reason = forms.CharField(
        label=_("Alasan"),
        max_length=300,
        help_text=_("Hari ini kembali dihitung sebagai hari kerja biasa."),
    )

    def __init__(self, data: Any = None, *, holiday: Holiday):
        super().__init__(data)
        self.fields["version"].initial = holiday.version
