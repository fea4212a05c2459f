"""The daily report (laporan harian) for paper: the same numbers as the pages, in words."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deployments.exports.personnel import heads
from deployments.maps.words import is_told, short_or_over
from deployments.queries import DailyReport, RecapRow, StrengthRow
from deployments.queries.daily import Move, Remark, Silent
from deployments.queries.personnel import FIGURES, PersonnelRow
from deployments.queries.sections import Section
from portal import clock
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.documents.typst import render
from portal.exports.making import stamp
from portal.registry.models import Agency
from portal.web.templatetags.portal import angka, jam, tanggal, wita

NOTHING = "–"


def daily_pdf(report: DailyReport, *, reader: Actor, at: datetime) -> tuple[str, bytes]:
    """The file's name, and A4 on its side with the reader's letterhead and stamp; `at` is when it
    is made."""
    agency = Agency.objects.get(pk=reader.agency_id)
    letterhead = [agency.name.upper(), report.operation.name.upper()]
    values = daily_values(report, letterhead, stamp(reader, at))
    place = report.unit.slug if report.unit else report.region.code
    name = f"laporan-harian-{place}-{clock.local(report.at):%Y%m%d-%H%M}.pdf"
    return name, render("laporan_harian.typ", values, at=at)


def daily_values(report: DailyReport, letterhead: Sequence[str], taken: str) -> dict[str, Any]:
    """What templates/documents/laporan_harian.typ prints: texts and tables, in order."""
    reported = _("%(received)s dari %(expected)s") % {
        "received": angka(report.received),
        "expected": angka(report.expected),
    }
    return {
        "language": (get_language() or "id")[:2],
        "letterhead": list(letterhead),
        "classification": str(Classification.TERBATAS.label).upper(),
        "title": _("Laporan harian"),
        "subtitle": _subtitle(report),
        "stamp": taken,
        "head": [
            [_("Hari"), tanggal(clock.local(report.at))],
            [_("Angka pukul"), jam(report.at)],
            [_("Batas waktu laporan"), wita(report.cut_off_at) or _("belum ada")],
            [_("Laporan masuk"), reported],
            [_("Data per"), wita(report.as_of) or _("belum ada data")],
        ],
        "labels": {"page": _("Halaman"), "of": _("dari")},
        "parts": [
            _strength(report),
            _personnel(report),
            _readiness(report),
            _silent(_("Belum lapor"), report.silent),
            _silent(_("Terlambat"), report.late),
            _moves(report.moves),
            *(_brought(section) for section in report.sections),
            _remarks(report.remarks),
        ],
        "foot": [
            _("Yang belum lapor tidak ikut dalam jumlah personel dan tidak pernah dianggap siap."),
            _(
                "Hadir dan jumlah suatu wilayah dapat memuat bagian satuan tetangga yang bertugas "
                "di kecamatannya."
            ),
            _(
                "Daftar satuan, gerakan, dan catatan hanya memuat yang boleh dilihat penerima; "
                "jumlah dan matriks adalah angka bersama."
            ),
            _("Selisih = personel Polri terlibat dibandingkan dengan kebutuhan PAM TPS."),
        ],
    }


def _subtitle(report: DailyReport) -> str:
    parts = [report.operation.name, report.region.name]
    if report.unit is not None:
        parts.append(report.unit.name)
    elif report.agency and report.whole:
        parts += [part.agency_short for part in report.whole.by_agency.values()]
    return " · ".join(parts)


def _part(
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    widths: Sequence[str],
    empty: str = "",
    total: Sequence[str] | None = None,
    numeric: int = 0,
) -> dict[str, Any]:
    """A table under its title; the last `numeric` columns stand to the right. `empty` is said where
    there are no rows."""
    return {
        "title": title,
        "heads": list(heads),
        "rows": [list(row) for row in rows],
        "total": list(total or []),
        "widths": list(widths),
        "numeric": numeric,
        "empty": empty,
    }


def _place(name: str, rest: bool) -> str:
    return _("%(region)s, tidak terperinci per wilayah") % {"region": name} if rest else name


def _strength(report: DailyReport) -> dict[str, Any]:
    return _part(
        _("Rekapitulasi kuat personel dan kebutuhan"),
        [
            _("Wilayah"), _("Tercatat"), _("Terlibat"), _("Siaga"), _("Cadangan"),
            _("Tidak terperinci"), _("Kebutuhan"), _("Selisih"),
        ],
        [_people(row) for row in report.strength],
        total=_people(report.whole) if report.whole else None,
        widths=["2.6fr"] + ["1fr"] * 7,
        numeric=7,
        empty=_("Belum ada personel yang tercatat."),
    )  # fmt: skip


def _people(row: StrengthRow) -> list[str]:
    numbers = (
        row.declared, row.engaged, row.standby, row.reserve, row.not_itemised, row.need,
    )  # fmt: skip
    return [
        _place(row.region_name, row.undistributed),
        *(angka(number) for number in numbers),
        short_or_over(row.gap),
    ]


def _personnel(report: DailyReport) -> dict[str, Any]:
    table = report.personnel
    named = [_("Laporan masuk"), *heads()]
    return _part(
        _("Kuat personel: hadir dan kurang menurut laporan satuan")
        if table.by == "unit"
        else _("Kuat personel: hadir dan kurang, satuan utuh di wilayah asalnya"),
        [_("Satuan") if table.by == "unit" else _("Wilayah"), *named],
        [_counted(row) for row in table.rows],
        total=_counted(table.whole) if table.whole else None,
        widths=["15fr", *(f"{_longest(head)}fr" for head in named)],
        numeric=len(named),
        empty=_("Tidak ada laporan yang ditunggu."),
    )


def _longest(head: str) -> int:
    """Characters of the longest word, which must not run into the next column; room for 5.307."""
    return max(6, *(len(word) + 1 for word in head.split()))


def _counted(row: PersonnelRow) -> list[str]:
    reported = f"{angka(row.received)}/{angka(row.expected)}"
    return [_place(row.name, row.rest), reported, *(angka(row.figures[name]) for name in FIGURES)]


def _readiness(report: DailyReport) -> dict[str, Any]:
    title = (
        _("Matriks kesiapan per satuan") if report.unit else _("Matriks kesiapan per wilayah tugas")
    )
    whole = report.recap.whole
    return _part(
        title,
        [
            _("Satuan") if report.unit else _("Wilayah"), _("Kesiapan"), _("Laporan masuk"),
            _("Terlambat"), _("Belum masuk"), _("Terverifikasi"), _("Hadir"), _("Jumlah"),
            _("Bertentangan"),
        ],
        [_ready(row) for row in report.recap.rows],
        total=_ready(whole) if whole else None,
        widths=["2.6fr", "1.3fr"] + ["1fr"] * 7,
        numeric=7,
        empty=_("Tidak ada laporan yang ditunggu."),
    )  # fmt: skip


def _ready(row: RecapRow) -> list[str]:
    received = _("%(received)s dari %(expected)s") % {
        "received": angka(row.received),
        "expected": angka(row.expected),
    }
    people = [angka(row.present), angka(row.total)] if is_told(row) else [NOTHING, NOTHING]
    counts = [angka(row.late), angka(row.missing), angka(row.verified)]
    name, light = _place(row.name, row.rest), row.light_label or NOTHING
    return [name, light, received, *counts, *people, angka(row.conflicts)]


def _silent(title: str, rows: Sequence[Silent]) -> dict[str, Any]:
    return _part(
        f"{title} ({angka(len(rows))})",
        [_("Satuan"), _("Instansi"), _("Paling lambat"), _("Masuk")],
        [[row.unit, row.agency, wita(row.due_at), wita(row.sent_at) or NOTHING] for row in rows],
        widths=["2fr", "1fr", "1.2fr", "1.2fr"],
        empty=_("Tidak ada."),
    )


def _moves(rows: Sequence[Move]) -> dict[str, Any]:
    return _part(
        _("Gerakan penempatan hari ini (%(number)s)") % {"number": angka(len(rows))},
        [_("Pukul"), _("Satuan"), _("Personel"), _("Wilayah"), _("Keadaan"), _("Tugas dan Sprin")],
        [
            [
                jam(row.at), row.unit, angka(row.people), row.region, row.state_label,
                " · ".join(filter(None, (row.task, row.sprin, row.note, _mark(row)))),
            ]
            for row in rows
        ],
        widths=["auto", "1.2fr", "auto", "1.2fr", "1.2fr", "2.6fr"],
        empty=_("Tidak ada gerakan yang tercatat."),
    )  # fmt: skip


def _brought(section: Section) -> dict[str, Any]:
    return _part(
        section.title, section.heads, section.rows, widths=section.widths, empty=section.empty
    )


def _mark(row: Move) -> str:
    return _("Data ilustrasi") if row.illustrative else ""


def _remarks(rows: Sequence[Remark]) -> dict[str, Any]:
    kinds = {
        "conflict": _("Angka bertentangan"),
        "oddity": _("Angka tidak wajar"),
        "note": _("Catatan"),
    }
    return _part(
        _("Pertentangan, angka tidak wajar, dan catatan (%(number)s)")
        % {"number": angka(len(rows))},
        [_("Jenis"), _("Satuan atau wilayah"), _("Isi")],
        [[kinds[row.kind], row.where, row.text] for row in rows],
        widths=["1fr", "1.2fr", "4fr"],
        empty=_("Tidak ada."),
    )
