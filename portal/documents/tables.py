"""Long tables as files, a few rows at a time: what is written is not kept in memory.

CSV and XLSX have no limit of their own. Laying out a PDF takes 0.17 MB a row, so a long one is made
of parts, each in a process of its own. What it costs (11 columns, Typst 0.15, peak of a process):
600 rows as a whole 130 MB, 4,000 as a whole 630 MB.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import pikepdf
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from portal.documents.typst import render, render_apart
from portal.documents.xlsx import plain, sheet_title

A4 = 9  # as XLSX counts sizes of paper
PDF_ROWS = 600
"""So many are laid out as a whole: some fifty sheets of A4."""
PDF_PART = 400
"""Rows of a part of a longer one."""
PDF_MOST = 12_000
"""More is for nobody's printer: a thousand sheets. A worker has 200 MB and four minutes for all."""


@dataclass(frozen=True)
class Table:
    """What stands around the rows: title, heads with widths in characters, notes above (filter,
    number of rows), the class line and the stamp of the reader."""

    title: str
    columns: Sequence[tuple[str, int]]
    notes: Sequence[str]
    classification: str
    stamp: str
    labels: dict[str, str] = field(default_factory=dict)
    numeric: frozenset[int] = frozenset()

    @property
    def heads(self) -> list[str]:
        return [head for head, _width in self.columns]


class TableFile(Protocol):
    """A file that takes rows until it is closed."""

    def add(self, rows: Iterable[Sequence[Any]]) -> None: ...

    def close(self) -> None: ...


class CsvFile:
    """UTF-8 with a byte order mark; heads first, the notes and the stamp after the last row."""

    def __init__(self, path: Path, table: Table) -> None:
        self.table = table
        self.file = path.open("w", encoding="utf-8-sig", newline="")
        self.writer = csv.writer(self.file)
        self.writer.writerow([plain(head) for head in table.heads])

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        self.writer.writerows([plain(value) for value in row] for row in rows)

    def close(self) -> None:
        self.writer.writerow([])
        for note in (self.table.classification, *self.table.notes, self.table.stamp):
            self.writer.writerow([plain(note)])
        self.file.close()


class XlsxFile:
    """One worksheet, written through: A4 landscape, heads frozen and repeated on each sheet."""

    def __init__(self, path: Path, table: Table) -> None:
        self.path, self.table = path, table
        self.book = Workbook(write_only=True)
        self.sheet = self.book.create_sheet(sheet_title(table.title))
        self.thin = Side(style="thin", color="9AA3AD")
        above = [table.classification, table.title.upper(), *table.notes, table.stamp]
        self._dress(len(above) + 2)
        for index, note in enumerate(above):
            self.sheet.append([self._cell(note, bold=index < 2)])
        self.sheet.append([])
        self.sheet.append([self._head(head) for head in table.heads])

    def _dress(self, head_row: int) -> None:
        for index, (_head, width) in enumerate(self.table.columns, start=1):
            self.sheet.column_dimensions[get_column_letter(index)].width = width
        self.sheet.freeze_panes = f"C{head_row + 1}"
        self.sheet.print_title_rows = f"{head_row}:{head_row}"
        self.sheet.page_setup.orientation = "landscape"
        self.sheet.page_setup.paperSize = A4
        self.sheet.page_setup.fitToHeight = 0
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True
        self.sheet.oddFooter.left.text = self.table.classification.replace("&", "&&")
        self.sheet.oddFooter.right.text = "&P / &N"

    def _cell(self, value: Any, *, bold: bool = False) -> WriteOnlyCell:
        cell = WriteOnlyCell(self.sheet, plain(value))
        cell.font = Font(bold=bold)
        return cell

    def _head(self, text: str) -> WriteOnlyCell:
        cell = self._cell(text, bold=True)
        cell.fill = PatternFill("solid", start_color="EEF1F4")
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        cell.border = Border(self.thin, self.thin, self.thin, self.thin)
        return cell

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        look = Alignment(wrap_text=True, vertical="top")
        for row in rows:
            cells = []
            for value in row:
                cell = WriteOnlyCell(self.sheet, plain(value))
                cell.alignment = look
                cells.append(cell)
            self.sheet.append(cells)

    def close(self) -> None:
        self.book.save(self.path)


class PdfFile:
    """A4 landscape with the heads on each sheet, class line, stamp and numbers of pages.

    Up to `PDF_ROWS` rows it is laid out as a whole, tagged. More are laid out and written part by
    part, joined at the end: the pages count on, each says which part it belongs to, without tags.
    """

    def __init__(self, path: Path, table: Table, *, rows: int, at: datetime, language: str) -> None:
        self.path, self.table, self.at, self.language = path, table, at, language
        self.total = -(-rows // PDF_PART) if rows > PDF_ROWS else 1
        self.rows: list[list[str]] = []
        self.parts: list[Path] = []
        self.pages = 0

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        self.rows += [[str(value) for value in row] for row in rows]
        while self.total > 1 and len(self.rows) >= PDF_PART:
            self._write_part(self.rows[:PDF_PART])
            del self.rows[:PDF_PART]

    def close(self) -> None:
        if self.total == 1:
            self.path.write_bytes(render("table.typ", self._values(self.rows), at=self.at))
            return
        try:
            if self.rows:
                self._write_part(self.rows)
            self._join()
        finally:
            for part in self.parts:
                part.unlink(missing_ok=True)

    def _values(self, rows: list[list[str]]) -> dict[str, Any]:
        words = {"number": len(self.parts) + 1, "total": self.total}
        return {
            "language": self.language,
            "title": self.table.title,
            "classification": self.table.classification,
            "stamp": self.table.stamp,
            "notes": list(self.table.notes),
            "heads": self.table.heads,
            "widths": [width for _head, width in self.table.columns],
            "numeric": sorted(self.table.numeric),
            "labels": self.table.labels,
            "rows": rows,
            "before": self.pages,
            "part": self.table.labels["part"] % words if self.total > 1 else "",
        }

    def _write_part(self, rows: list[list[str]]) -> None:
        pdf = render_apart("table.typ", self._values(rows), at=self.at)
        part = self.path.with_name(f"{self.path.name}.{len(self.parts) + 1}")
        part.write_bytes(pdf)
        self.parts.append(part)
        with pikepdf.open(part) as document:
            self.pages += len(document.pages)

    def _join(self) -> None:
        first, *others = self.parts
        with pikepdf.open(first) as whole:
            for part in others:
                with pikepdf.open(part) as document:
                    whole.pages.extend(document.pages)
            whole.save(self.path, deterministic_id=True)
