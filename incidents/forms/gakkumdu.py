from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.actions.gakkumdu_clock import EDITABLE, LONGEST
from incidents.enums.gakkumdu import CaseBasis, Effect, Outcome, TimeUnit
from incidents.models import ClockStep, GakkumduCase, Incident
from portal.web.forms import PortalForm


class Versioned(PortalForm):
    """A form over a row as the user saw it."""

    versioned = True

    def __init__(self, *args, row: Any, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = row.version


class HandOverForm(Versioned):
    """What the desk must know to start the clock; whom it is about is not written by name."""

    basis = forms.ChoiceField(label=_("Asal"), choices=CaseBasis.choices)
    known_at = forms.DateTimeField(
        label=_("Diketahui atau ditemukan"),
        help_text=_("WITA. Batas penyampaian laporan dihitung dari saat ini."),
    )
    received_at = forms.DateTimeField(
        label=_("Diterima Bawaslu"),
        help_text=_("WITA. Batas kajian Bawaslu dihitung dari saat ini."),
    )
    summary = forms.CharField(
        label=_("Uraian dugaan"),
        widget=forms.Textarea,
        help_text=_("Peran, bukan nama; tanpa NIK dan tanpa pilihan politik."),
    )
    article = forms.CharField(
        label=_("Pasal yang disangkakan"),
        max_length=GakkumduCase._meta.get_field("article").max_length,
        required=False,
    )
    complete = forms.BooleanField(
        label=_("Syarat minimum laporan lengkap"),
        required=False,
        help_text=_(
            "Nama dan alamat pelapor, pihak terlapor, waktu dan tempat kejadian, uraian kejadian "
            "ada pada berkas Bawaslu."
        ),
    )
    late = forms.BooleanField(
        label=_("Laporan ini terlambat"),
        required=False,
        help_text=_("Tetap dicatat; perkaranya langsung gugur dan tinggal ditutup."),
    )

    def __init__(self, *args, incident: Incident, **kwargs):
        super().__init__(*args, row=incident, **kwargs)


class FinishForm(Versioned):
    happened_at = forms.DateTimeField(label=_("Dilakukan"))
    note = forms.CharField(
        label=_("Catatan"),
        widget=forms.Textarea,
        required=False,
        help_text=_("Nomor surat atau berita acara; tanpa nama orang."),
    )
    step = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args, row: GakkumduCase, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields["step"].initial = row.step


class ReturnForm(Versioned):
    happened_at = forms.DateTimeField(label=_("Dikembalikan"))
    reason = forms.CharField(label=_("Petunjuk untuk penyidik"), widget=forms.Textarea)


class ExtendForm(Versioned):
    reason = forms.CharField(label=_("Keterangan yang masih diperlukan"), widget=forms.Textarea)
    step = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args, row: GakkumduCase, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields["step"].initial = row.step


class CloseForm(Versioned):
    outcome = forms.ChoiceField(label=_("Hasil"))
    reason = forms.CharField(
        label=_("Alasan"), widget=forms.Textarea, help_text=_("Tanpa nama orang.")
    )

    def __init__(self, *args, row: GakkumduCase, choices: tuple[Outcome, ...], **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields["outcome"].choices = [(choice.value, choice.label) for choice in choices]


class ClockStepForm(Versioned):
    """What an administrator corrects when the law or a lawyer says otherwise."""

    limit = forms.IntegerField(
        label=pgettext_lazy("jam hukum", "Batas waktu"),
        min_value=1,
        max_value=LONGEST,
        required=False,
        help_text=_("Kosong: tanpa batas waktu."),
    )
    unit = forms.ChoiceField(label=_("Satuan waktu"), choices=TimeUnit.choices)
    extension = forms.IntegerField(
        label=_("Perpanjangan satu kali"),
        min_value=0,
        max_value=LONGEST,
        help_text=_("0: undang-undang tidak memberi perpanjangan."),
    )
    effect = forms.ChoiceField(label=_("Akibat lewat waktu"), choices=Effect.choices)
    lapse = forms.CharField(label=_("Yang gugur"), max_length=200)
    lapse_en = forms.CharField(label=_("Yang gugur (Inggris)"), max_length=200)
    remind_hours = forms.IntegerField(
        label=_("Pengingat sebelum habis (jam)"), min_value=0, max_value=24 * 14
    )
    source = forms.CharField(label=_("Sumber"), max_length=200)

    def __init__(self, *args, row: ClockStep, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        for name in EDITABLE:
            self.fields[name].initial = getattr(row, name)
