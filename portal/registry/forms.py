from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.registry.enums import HolidayKind, PlaceKind, Quality
from portal.registry.models import Agency, Holiday, Region
from portal.registry.rules import keeps_places_of_all
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


class PlaceFilterForm(forms.Form):
    """Which places are listed."""

    region = forms.ModelChoiceField(
        label=_("Kabupaten/kota"),
        queryset=Region.objects.regencies().order_by("code"),
        required=False,
        empty_label=_("Semua"),
    )
    kind = forms.ChoiceField(
        label=_("Jenis"), choices=[("", _("Semua")), *PlaceKind.choices], required=False
    )


class PlaceForm(PortalForm):
    """A place at which people can be put; the agencies are those whose places the post keeps."""

    name = forms.CharField(label=_("Nama"), max_length=160)
    kind = forms.ChoiceField(label=_("Jenis"), choices=PlaceKind.choices)
    district = forms.ModelChoiceField(
        label=_("Kecamatan"),
        queryset=Region.objects.districts().select_related("parent").order_by("code"),
    )
    agency = forms.ModelChoiceField(label=_("Instansi"), queryset=Agency.objects.none())
    latitude = forms.FloatField(
        label=_("Lintang"),
        required=False,
        min_value=-90,
        max_value=90,
        help_text=_("Derajat desimal; isi bersama bujur."),
    )
    longitude = forms.FloatField(label=_("Bujur"), required=False, min_value=-180, max_value=180)
    source = forms.CharField(label=_("Sumber"), max_length=200)
    as_of = forms.DateField(label=_("Per tanggal"))
    quality = forms.ChoiceField(label=_("Mutu"), choices=Quality.choices, initial=Quality.REPORTED)

    def __init__(self, data: Any = None, *, actor: Actor):
        super().__init__(data)
        district: Any = self.fields["district"]
        district.label_from_instance = lambda row: f"{row.parent.name}: {row.name}"
        agencies = Agency.objects.order_by("position")
        if not keeps_places_of_all(actor):
            agencies = agencies.filter(pk=actor.agency_id)
        own: Any = self.fields["agency"]
        own.queryset = agencies
        own.initial = actor.agency_id
