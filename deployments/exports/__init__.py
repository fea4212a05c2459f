"""The table of strength as a sheet: the same rows, in the same order, with the same numbers."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deployments.enums import AccountPart, Light, Tally
from deployments.maps.words import is_told
from deployments.queries import Recap, RecapRow, StrengthRow, StrengthTable
from deployments.queries.statement import Statement
from portal import clock
from portal.access.classification import Classification
from portal.documents.typst import render
from portal.documents.xlsx import Sheet
from portal.web.templatetags.portal import angka, tanggal, wita


def strength_sheet(table: StrengthTable, operation: str) -> Sheet:
    """Regions down, agencies across; the total is the province."""
    agencies = [(agency.slug, agency.short_name) for agency in table.agencies]
    return Sheet(
        title=_("Kuat personel"),
        notes=[
            _("Rekapitulasi kuat personel, %(operation)s") % {"operation": operation},
            _("Keadaan %(at)s WITA; laporan kesiapan %(cut_off)s WITA")
            % {"at": _moment(table.at), "cut_off": _moment(table.cut_off_at)},
            *(
                [_("Wilayah: %(name)s") % {"name": table.totals.region_name}]
                if table.totals
                else []
            ),
            _("Selisih = personel Polri terlibat − kebutuhan PAM TPS; negatif berarti kurang."),
            *(_source(agency) for agency in table.agencies),
        ],
        headers=[
            _("Kode"),
            _("Wilayah"),
            *(name for _slug, name in agencies),
            _("Jumlah"),
            _("Terlibat"),
            _("Siaga"),
            _("Cadangan"),
            _("Tidak terperinci"),
            _("Kebutuhan PAM TPS"),
            _("Selisih"),
            _("Laporan ditunggu"),
            _("Laporan masuk"),
            _("Masuk terlambat"),
            _("Kesiapan"),
        ],
        rows=[_cells(row, agencies) for row in table.rows],
        total=_cells(table.totals, agencies) if table.totals else (),
    )


def recap_sheet(recap: Recap, title: str, operation: str) -> Sheet:
    """The recapitulation as the page shows it; the last line is the whole."""
    return Sheet(
        title=title,
        notes=[
            _("Rekapitulasi kesiapan, %(operation)s") % {"operation": operation},
            _("Angka pukul %(at)s WITA; batas waktu laporan %(cut_off)s WITA")
            % {"at": _moment(recap.at), "cut_off": _moment(recap.cut_off_at)},
        ],
        headers=[
            _("Kode"),
            _("Nama"),
            _("Batas waktu"),
            _("Laporan ditunggu"),
            _("Laporan masuk"),
            _("Terlambat"),
            _("Belum masuk"),
            *(str(tally.label) for tally in Tally),
            _("Terverifikasi"),
            _("Hadir"),
            _("Jumlah"),
            _("Tempat bertentangan"),
            _("Kesiapan"),
            _("Data per"),
        ],
        rows=[_recap_cells(row) for row in recap.rows],
        total=_recap_cells(recap.whole) if recap.whole else (),
    )


def _recap_cells(row: RecapRow) -> list[Any]:
    return [
        row.key,
        _("%(region)s, tidak terperinci per wilayah") % {"region": row.name}
        if row.rest
        else row.name,
        row.cut_offs,
        row.expected,
        row.received,
        row.late,
        row.missing,
        *(row.states[tally.value] if row.states else None for tally in Tally),
        row.verified,
        row.present if is_told(row) else None,
        row.total if is_told(row) else None,
        row.conflicts,
        row.light_label,
        _moment(row.as_of),
    ]


def _cells(row: StrengthRow, agencies: list[tuple[str, str]]) -> list[Any]:
    name = row.region_name
    if row.undistributed:
        name = _("%(region)s, tidak terperinci per wilayah") % {"region": name}
    return [
        row.region,
        name,
        *(row.by_agency[slug].declared if slug in row.by_agency else 0 for slug, _n in agencies),
        row.declared,
        row.engaged,
        row.standby,
        row.reserve,
        row.not_itemised,
        row.need,
        row.difference,
        row.expected,
        row.received,
        row.came_late,
        str(Light(row.light).label) if row.light else "",
    ]


def _source(agency: Any) -> str:
    return _(
        "%(agency)s: dinyatakan %(declared)d, terperinci %(itemised)d, tidak terperinci "
        "%(rest)d. Sumber: %(source)s, per %(as_of)s."
    ) % {
        "agency": agency.short_name,
        "declared": agency.declared,
        "itemised": agency.itemised,
        "rest": agency.not_itemised,
        "source": agency.source or "–",
        "as_of": _moment(agency.as_of),
    }


def _moment(at: Any) -> str:
    return clock.local(at).strftime("%d-%m-%Y %H.%M") if at else "–"


def statement_heads() -> list[tuple[str, int]]:
    """The columns with their widths in characters."""
    return [
        (_("Tanggal"), 10),
        (_("Uraian"), 40),
        (_("Alasan"), 22),
        (_("Masuk"), 8),
        (_("Keluar"), 8),
        (_("Saldo"), 8),
        (_("Sumber"), 20),
        (_("Dicatat oleh"), 20),
        (_("Dicatat"), 14),
    ]


def statement_notes(found: Statement, operation: str) -> list[str]:
    days = {"since": tanggal(found.since), "until": tanggal(found.until)}
    parts = "; ".join(
        f"{AccountPart(part).label} {angka(people)}" for part, people in found.parts.items()
    )
    return [
        f"{operation}: {found.title}",
        _("%(since)s sampai %(until)s") % days,
        _(
            "Saldo awal %(opening)s, masuk %(incoming)s, keluar %(outgoing)s, saldo akhir "
            "%(closing)s"
        )
        % {
            "opening": angka(found.opening),
            "incoming": angka(found.incoming),
            "outgoing": angka(found.outgoing),
            "closing": angka(found.closing),
        },
        parts,
    ]


def statement_sheet(found: Statement, rows: list[dict[str, Any]], operation: str) -> Sheet:
    """A statement as the page shows it; the last row is the closing balance."""
    opening = ["", _("Saldo awal"), "", "", "", found.opening, "", "", ""]
    return Sheet(
        title=_("Mutasi kekuatan"),
        notes=statement_notes(found, operation),
        headers=[head for head, _width in statement_heads()],
        rows=[opening, *(_statement_cells(row) for row in rows)],
        total=["", _("Saldo akhir"), "", found.incoming, found.outgoing, found.closing, "", "", ""],
    )


def _statement_cells(row: dict[str, Any]) -> list[Any]:
    numbers = [row["incoming"] or "", row["outgoing"] or "", row["balance"]]
    who = [row["origin"], row["post"], wita(row["recorded"])]
    return [row["day"], row["text"], row["reason"], *numbers, *who]


def statement_pdf(
    found: Statement, rows: list[dict[str, Any]], operation: str, at: datetime
) -> bytes:
    """The same rows on A4 landscape."""
    sheet = statement_sheet(found, rows, operation)
    heads = statement_heads()
    printed = [
        [angka(value) if isinstance(value, int) else str(value) for value in row]
        for row in [*sheet.rows, sheet.total]
    ]
    data = {
        "language": (get_language() or "id")[:2],
        "title": sheet.title,
        "classification": str(Classification.TERBATAS.label).upper(),
        "stamp": _("Keadaan %(at)s") % {"at": wita(at)},
        "notes": list(sheet.notes),
        "heads": [head for head, _width in heads],
        "widths": [width for _head, width in heads],
        "numeric": [3, 4, 5],
        "labels": {"page": _("Halaman"), "of": _("dari"), "empty": ""},
        "rows": printed,
    }
    return render("table.typ", data, at=at)
