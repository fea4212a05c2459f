"""XLSX, read through: formulas, merged cells and errors are told by address, never guessed."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from portal.access.errors import Refused
from portal.documents.xlsx import FORMULA_STARTS
from portal.imports.cells import Broken

MAX_COLUMNS = 100
LAST_ROW = 1_048_576
DATA_SHEET = "data"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]+\d+:[A-Z]+\d+)[\"']")
MOST_MERGED = 500
PIECE = 1_000_000
OVERLAP = 300

Box = tuple[int, int, int, int]
"""First column, first row, last column, last row; from 1."""


def refuse_doctypes(path: Path) -> None:
    """Raises Refused for XML that would define entities of its own, or in an encoding that hides
    it: no spreadsheet program writes either."""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if not entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                continue
            with archive.open(entry) as part:
                head = part.read(4096)
            start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
            if start and not start.startswith(b"<") or b"\x00" in head:
                raise Refused(_("Isi berkas rusak atau bukan %(kind)s.") % {"kind": "XLSX"}, "file")
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise Refused(_("Isi berkas rusak atau bukan %(kind)s.") % {"kind": "XLSX"}, "file")


class Workbook:
    """The sheet of an XLSX that holds the data, row by row."""

    def __init__(self, book: Any, path: Path) -> None:
        self.notices: list[str] = []
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not visible:
            raise Refused(_("Berkas ini tidak memuat lembar yang terlihat."))
        named = [sheet for sheet in visible if sheet.title.strip().casefold() == DATA_SHEET]
        self.sheet = (named or visible)[0]
        self.estimate = min(self.sheet.max_row or 0, LAST_ROW)
        if len(visible) > 1 and not named:
            self.notices.append(
                _("Berkas memuat %(number)d lembar; yang dibaca “%(name)s”.")
                % {"number": len(visible), "name": self.sheet.title}
            )
        # What the file says of its own size is not believed.
        self.sheet.reset_dimensions()
        self.merged = _merged(path, self.sheet._worksheet_path)

    def more_than(self, limit: int, after: int) -> bool:
        """Not known before all of it was read."""
        return False

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Rows that are not empty, by their numbers. Raises Refused when the file is broken."""
        try:
            for number, row in enumerate(self.sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
                if number > LAST_ROW:
                    raise Refused(_("Berkas ini mempunyai lebih banyak baris daripada Excel."))
                if any(cell.value is not None for cell in row):
                    yield number, [_value(cell) for cell in row]
        except (ParseError, BadZipFile, KeyError, ValueError, SyntaxError) as error:
            raise Refused(_("Isi berkas rusak atau bukan %(kind)s.") % {"kind": "XLSX"}) from error


def _value(cell: Any) -> Any:
    kind = getattr(cell, "data_type", "n")
    value = cell.value
    if kind == "f":
        return Broken(_("Berisi rumus. Salin lalu tempel sebagai nilai."), _formula(value))
    if kind == "e":
        return Broken(_("Berisi galat %(error)s.") % {"error": value}, str(value))
    return value


def _formula(value: Any) -> str:
    text = str(getattr(value, "text", value) or "")
    return text if text.startswith(FORMULA_STARTS) else f"={text}"


def _merged(path: Path, inner: str) -> list[Box]:
    """The merged ranges of the sheet. They stand after the cells, so all of it is looked through
    without being parsed."""
    found: list[Box] = []
    with zipfile.ZipFile(path) as archive, archive.open(inner) as part:
        kept = b""
        while piece := part.read(PIECE):
            text = kept + piece
            last = 0
            for match in MERGED.finditer(text):
                found.append(range_boundaries(match.group(1).decode()))
                last = match.end()
            if len(found) > MOST_MERGED:
                raise Refused(_("Terlalu banyak sel gabungan. Pisahkan sel gabungan lebih dahulu."))
            kept = text[max(last, len(text) - OVERLAP) :]
    return found


@contextmanager
def opened(path: Path) -> Iterator[Workbook]:
    """The workbook, closed afterwards. Raises Refused when it is none."""
    refuse_doctypes(path)
    # Opened here: the name under which we keep it has no ending, and openpyxl asks for one.
    with path.open("rb") as file:
        yield from _read(file, path)


def _read(file: Any, path: Path) -> Iterator[Workbook]:
    try:
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Refused:
        raise
    except Exception as error:
        raise Refused(_("Isi berkas rusak atau bukan %(kind)s.") % {"kind": "XLSX"}) from error
    try:
        yield Workbook(book, path)
    finally:
        book.close()
