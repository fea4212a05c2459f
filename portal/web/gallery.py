"""The examples on the /ui/ page. Nothing here is real data."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.access.errors import Stale
from portal.web import gallery_coordination, gallery_forces
from portal.web.forms import PortalForm

NOTE = """### Arahan pokok

Satgas **wajib** melaporkan kesiapan sebelum pukul 18.00 WITA:

1. jumlah personel *siap gerak*;
2. titik rawan beserta [jalur evakuasi](https://demo.test/jalur).

> Laporan yang belum masuk tidak dihitung sebagai aman.

| Satuan | Siap |
|---|---|
| Polres Banjar | 412 |
| Kodim 1006 | 186 |
"""


class ExampleForm(PortalForm):
    subject = forms.CharField(label=_lazy("Perihal"), max_length=120)
    starts_at = forms.DateTimeField(label=_lazy("Waktu mulai"))
    due_on = forms.DateField(
        label=_lazy("Batas waktu"), help_text=_lazy("Hari kerja terakhir untuk menjawab.")
    )
    strength = forms.IntegerField(label=_lazy("Kekuatan (personel)"), min_value=0)
    kind = forms.ChoiceField(
        label=_lazy("Sifat"),
        choices=[("request", _lazy("Permintaan")), ("agreement", _lazy("Kesepakatan"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_lazy("Uraian"), required=False, widget=forms.Textarea)
    confirmed = forms.BooleanField(label=_lazy("Sudah dibaca pimpinan"), required=False)


class ExampleFilter(forms.Form):
    """What a list is narrowed by."""

    q = forms.CharField(label=_lazy("Kata kunci"), required=False)
    state = forms.ChoiceField(
        label=_lazy("Keadaan"),
        required=False,
        choices=[
            ("", _lazy("Semua")),
            ("late", _lazy("Terlambat")),
            ("none", _lazy("Belum lapor")),
        ],
    )
    mine = forms.BooleanField(label=_lazy("Hanya instansi saya"), required=False)


class StoredRow:
    """The row as somebody else left it, for the example of a form that came too late."""

    version = 2
    subject = "Rakor kesiapan logistik"
    strength = 412
    kind = "agreement"


def stale_form() -> ExampleForm:
    """A form whose row was changed meanwhile: both texts are shown."""
    form = ExampleForm(
        {
            "subject": "Rakor kesiapan personel",
            "strength": "412",
            "kind": "agreement",
            "starts_at": "2024-11-22T09:00",
            "due_on": "2024-11-22",
        }
    )
    form.is_valid()
    form.refuse(Stale(_("Data ini sudah diubah orang lain."), current=StoredRow()))
    return form


def valid() -> str:
    return _("Contoh formulir terisi benar.")


def rows() -> list[dict[str, Any]]:
    """Ten rows of a table, prepared as plain values as `queries.py` does it."""
    states = [
        ("success", _("Lengkap")),
        ("warning", _("Terlambat")),
        ("silent", _("Belum lapor")),
        ("danger", _("Bertentangan")),
    ]
    names = [
        "Banjar",
        "Barito Kuala",
        "Tapin",
        "Tanah Laut",
        "Kotabaru",
        "Tanah Bumbu",
        "Balangan",
        "Tabalong",
        "Banjarmasin",
        "Banjarbaru",
    ]
    return [
        {
            "name": name,
            "declared": 180 + 37 * index,
            "ready": None if index % 4 == 2 else 150 + 31 * index,
            "kind": states[index % 4][0],
            "state": states[index % 4][1],
        }
        for index, name in enumerate(names)
    ]


def links(now: datetime) -> list[dict[str, Any]]:
    """A chain with a link of every state, and something that happened on the way."""
    return [
        {"key": "agenda", "label": _("Butir agenda"), "state": "hidden"},
        {
            "key": "directive",
            "label": _("Arahan bernomor"),
            "state": "done",
            "title": "ARH/7/XI/2024",
            "at": now - timedelta(hours=26),
            "by": _("Koordinator"),
            "text": _("Satuan jajaran sudah diberi tahu."),
            "url": "#tabel",
            "turns": [
                {
                    "title": _("Tenggat besok"),
                    "at": now - timedelta(hours=3),
                    "by": _("Sistem"),
                    "kind": "warning",
                }
            ],
        },
        {"key": "closed", "label": _("Diverifikasi dan ditutup"), "state": "missing"},
    ]


def examples() -> dict[str, Any]:
    """Everything that the gallery's components are fed with."""
    now = clock.now()
    return {
        "now": now,
        "kinds": [
            ("neutral", _("Rencana")),
            ("info", _("Berlangsung")),
            ("success", _("Selesai")),
            ("warning", _("Jatuh tempo besok")),
            ("danger", _("Lewat tenggat")),
            ("silent", _("Belum lapor")),
        ],
        "headers": [
            {"label": _("Wilayah")},
            {"label": _("Tercatat"), "number": True},
            {"label": _("Siap"), "number": True},
            {"label": _("Keadaan")},
        ],
        "tabs": [
            {"label": _("Ringkasan"), "url": "?tab=ringkasan", "current": True},
            {"label": _("Agenda"), "url": "?tab=agenda", "count": 5},
            {"label": _("Daftar hadir"), "url": "?tab=hadir", "count": 9},
            {"label": _("Notula"), "url": "?tab=notula"},
        ],
        "crumbs": [
            {"label": _("Beranda"), "url": "/"},
            {"label": _("Komponen"), "url": ""},
        ],
        "facts": [
            {"label": _("Tuan rumah"), "value": "Polda Kalimantan Selatan"},
            {"label": _("Tempat"), "value": "Banjarmasin"},
            {"label": _("Klasifikasi"), "value": _("Terbatas")},
            {"label": _("Pimpinan rapat"), "value": ""},
        ],
        "events": [
            {
                "at": now - timedelta(hours=26),
                "title": _("Arahan diterbitkan"),
                "by": _("Koordinator"),
                "kind": "info",
            },
            {
                "at": now - timedelta(hours=3),
                "title": _("Diterima oleh Korem 101/Antasari"),
                "by": _("Liaison Korem"),
                "text": _("Satuan jajaran sudah diberi tahu."),
                "kind": "success",
            },
            {
                "at": now,
                "title": _("Tenggat besok"),
                "by": _("Sistem"),
                "kind": "warning",
            },
        ],
        "links": links(now),
        "coordination": gallery_coordination.examples(now),
        "forces": gallery_forces.examples(),
        "sample": NOTE,
        "filter": ExampleFilter(),
        "stale": stale_form(),
    }
