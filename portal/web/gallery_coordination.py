"""The examples of coordination's components on the /ui/ page. Nothing here is real data."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def examples(now: datetime) -> dict[str, Any]:
    return {
        "agenda": agenda(now),
        "agenda_sum": {"planned": 45, "available": 30, "over": 15},
        "week": week(),
        "comments": comments(now),
        "diff": [
            ("same", _("Logistik tiba di gudang ")),
            ("removed", _("Jumat")),
            ("added", _("Kamis")),
            ("same", _(" sebelum pukul 18.00.")),
        ],
        "quorum": {"present": 4, "seats": 9, "needed": 5, "heads": 6, "reached": False},
        "ladder": ladder(now),
        "import_rows": import_rows(),
        "views": [
            {"name": _("Semua"), "current": False},
            {"name": _("Terlambat di instansi kita"), "current": True},
            {"name": _("Menjelang hari pemungutan suara"), "current": False},
        ],
    }


def agenda(now: datetime) -> list[dict[str, Any]]:
    """An item that ran over, the one that is running, and one closed to the reader."""
    start = now - timedelta(minutes=40)
    lines: list[dict[str, Any]] = [
        {"title": _("Laporan situasi"), "presenter": "Polda Kalsel", "minutes": 15, "took": 18}
        | {"over": 3, "started_at": start, "ended_at": start + timedelta(minutes=18)},
        {"title": _("Kesiapan gudang logistik"), "presenter": "KPU Kalsel", "minutes": 20}
        | {"started_at": start + timedelta(minutes=18), "running": True},
        {"title": _("Butir tertutup"), "minutes": 10, "closed": True, "shown": False},
    ]
    plain = {"heading": "", "shown": True, "took": None, "running": False}
    return [plain | line | {"number": number} for number, line in enumerate(lines, start=1)]


def import_rows() -> list[dict[str, Any]]:
    """A row that is new, one that changes, one that cannot be taken."""
    return [
        {
            "line": 2,
            "subject": "63.03.01-001",
            "verdict": ("success", pgettext("baris", "Baru")),
            "facts": [(_("Nama"), "TPS 1"), (_("Pemilih"), "480")],
        },
        {
            "line": 3,
            "subject": "63.03.01-002",
            "verdict": ("info", pgettext("baris", "Berubah")),
            "changes": [(_("Pemilih"), "2.041", "2.050")],
        },
        {
            "line": 4,
            "subject": "63.03.01-003",
            "verdict": ("danger", pgettext("baris", "Ditolak")),
            "reasons": [(_("Pemilih") + " H4", _("2,041 bermakna ganda."))],
        },
    ]


def week() -> list[dict[str, Any]]:
    rest = (_("Kamis"), _("Jumat"), _("Sabtu"), _("Minggu"))
    return [
        {"name": _("Senin"), "entries": []},
        {
            "name": _("Selasa"),
            "today": True,
            "entries": [
                {"kind": "meeting", "time": "09.00", "title": _("Anev mingguan")}
                | {"note": _("Terjadwal")},
                {"kind": "obligation", "time": "16.00", "title": _("Rekapitulasi personel")}
                | {"note": _("Tenggat")},
            ],
        },
        {
            "name": _("Rabu"),
            "entries": [
                {"kind": "stage", "time": "", "title": _("Masa tenang"), "note": _("Mulai")}
            ],
        },
        *({"name": day, "entries": []} for day in rest),
    ]


def comments(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "author": _("Penghubung KPU"),
            "agency": "KPU Kalsel",
            "internal": True,
            "at": now - timedelta(hours=2),
            "body": _("Data kecamatan **belum lengkap**."),
        },
        {
            "author": _("Koordinator"),
            "agency": "Polda Kalsel",
            "internal": False,
            "at": now - timedelta(hours=1),
            "body": _("Mohon dilengkapi sebelum anev."),
            "mentions": ["KPU Kalsel"],
        },
    ]


def ladder(now: datetime) -> dict[str, Any]:
    """One reminder sent, three to come: the later ones are folded."""
    titles = [_("Menjelang tenggat"), _("Lewat tenggat"), _("Lewat tenggat, 8 jam")]
    return {
        "said": [
            {"title": _("Belum ditindaklanjuti"), "at": now - timedelta(hours=5)}
            | {"told": _("Penghubung KPU"), "badge": ("neutral", _("Terkirim")), "passed": False}
        ],
        "coming": [
            {"title": title, "at": now + timedelta(hours=8 * step), "told": _("Penghubung KPU")}
            for step, title in enumerate(titles, start=1)
        ],
    }
