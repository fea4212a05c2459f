"""Rekapitulasi kuat personel as a sheet and on paper: the rows of the page."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from deployments.models import ReadinessReport
from deployments.queries.personnel import FIGURES, PersonnelRow, PersonnelTable
from portal import clock
from portal.documents.xlsx import Sheet


def heads() -> list[str]:
    """What the form calls the figures, in the order of FIGURES."""
    names = {field.name: field.verbose_name for field in ReadinessReport._meta.fields}
    return [_("Kurang") if figure == "absent" else str(names[figure]) for figure in FIGURES]


def personnel_sheet(table: PersonnelTable, operation: str) -> Sheet:
    """The last line is the whole. An empty cell: nobody said."""
    return Sheet(
        title=_("Kuat personel"),
        notes=[
            _("Rekapitulasi kuat personel, %(operation)s") % {"operation": operation},
            _("Angka pukul %(at)s WITA; batas waktu laporan %(cut_off)s WITA")
            % {"at": _moment(table.at), "cut_off": _moment(table.cut_off_at)},
            rule(),
        ],
        headers=[
            _("Kode"), _("Nama"), _("Instansi"), _("Laporan ditunggu"), _("Laporan masuk"),
            _("Terlambat"), *heads(), _("Data per"),
        ],
        rows=[_cells(row) for row in table.rows],
        total=_cells(table.whole) if table.whole else (),
    )  # fmt: skip


def rule() -> str:
    return _(
        "Jumlah = hadir + kurang. Menurut laporan satuan dalam lingkup pembaca; yang belum lapor "
        "tidak ikut. DSP dan riil kosong bila ada satuan yang tidak mengisinya. Satuan dihitung "
        "utuh di wilayah asalnya; rekapitulasi kesiapan membaginya menurut wilayah tugas."
    )


def _cells(row: PersonnelRow) -> list[Any]:
    name = row.name
    if row.rest:
        name = _("%(region)s, tidak terperinci per wilayah") % {"region": name}
    counts: Sequence[int] = (row.expected, row.received, row.late)
    figures = [row.figures[figure] for figure in FIGURES]
    return [row.key, name, row.agency, *counts, *figures, _moment(row.as_of)]


def _moment(at: Any) -> str:
    return clock.local(at).strftime("%d-%m-%Y %H.%M") if at else "–"


def file_name(table: PersonnelTable) -> str:
    return f"rekapitulasi-kuat-personel-{clock.local(table.at):%Y%m%d-%H%M}"
