"""One way to make a file, used by the request for short lists and by the worker for long ones."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal import clock
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.accounts.models import User
from portal.documents.reader import named
from portal.documents.tables import PDF_MOST, CsvFile, PdfFile, Table, TableFile, XlsxFile
from portal.exports.enums import Format
from portal.exports.kinds import Kind, Selection

CHUNK = 500
DIRECT_ROWS = 500
"""Up to so many rows the file comes with the answer; above, a worker makes it."""
MEDIA_TYPES: dict[str, str] = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.PDF: "application/pdf",
}


def refuse_size(form: str, rows: int) -> None:
    """Raises Refused when the format cannot hold so many rows."""
    if form == Format.PDF and rows > PDF_MOST:
        raise Refused(
            _(
                "PDF memuat paling banyak %(limit)d baris, sedangkan saringan ini berisi %(rows)d. "
                "Persempit saringan, atau pilih XLSX atau CSV yang memuat semuanya."
            )
            % {"limit": PDF_MOST, "rows": rows},
            field="format",
        )


def file_name(kind: Kind, form: str, at: datetime) -> str:
    return f"{kind.name}-{clock.local(at):%Y%m%d-%H%M}.{form}"


def make(
    path: Path,
    kind: Kind,
    form: str,
    selection: Selection,
    *,
    actor: Actor,
    at: datetime,
    steps: Callable[[int], AbstractContextManager],
) -> int:
    """Write the file; returns how many rows it holds. Each chunk is read inside `steps(rows so
    far)`, which decides about transactions and shows progress."""
    refuse_size(form, len(selection.ids))
    with steps(0):
        table = table_of(kind, selection, actor=actor, at=at)
    target = _open(path, form, table, at, rows=len(selection.ids))
    written = 0
    for chunk in _chunks(selection.ids):
        with steps(written):
            lines = kind.lines(actor, chunk, at, written + 1)
        target.add(lines)
        written += len(lines)
    target.close()
    return written


def _open(path: Path, form: str, table: Table, at: datetime, *, rows: int) -> TableFile:
    if form == Format.XLSX:
        return XlsxFile(path, table)
    if form == Format.CSV:
        return CsvFile(path, table)
    return PdfFile(path, table, rows=rows, at=at, language=(get_language() or "id")[:2])


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def table_of(kind: Kind, selection: Selection, *, actor: Actor, at: datetime) -> Table:
    rows = len(selection.ids)
    count = ngettext("%(count)d baris", "%(count)d baris", rows) % {"count": rows}
    chosen = "; ".join(selection.words) or _("semua yang tampak bagi jabatan ini")
    return Table(
        title=str(kind.title),
        columns=kind.columns(),
        notes=[_("Saringan: %(words)s") % {"words": chosen}, count],
        classification=str(Classification(selection.classification).label).upper(),
        stamp=stamp(actor, at),
        labels={
            "page": _("Halaman"),
            "of": _("dari"),
            "part": _("bagian %(number)s dari %(total)s"),
            "empty": _("Tidak ada baris yang cocok dengan saringan ini."),
        },
        numeric=kind.numeric,
    )


def stamp(actor: Actor, at: datetime) -> str:
    """Who took the file away, in which office, when."""
    local = clock.local(at)
    person = User.objects.filter(pk=actor.user_id).values_list("name", flat=True).first()
    return _("Diunduh oleh %(reader)s, %(day)s pukul %(time)s WITA") % {
        "reader": named(person or "–", actor.post_title),
        "day": date_format(local, "j F Y"),
        "time": f"{local:%H.%M}",
    }
