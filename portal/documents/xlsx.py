"""Tables as XLSX and CSV. What a spreadsheet would run as a formula arrives as text."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from portal import clock

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
WIDEST = 60


@dataclass(frozen=True)
class Sheet:
    """One table: `notes` stand above the headers, `total` is the last, bold row."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    total: Sequence[Any] = ()
    notes: Sequence[str] = field(default=())


def plain(value: Any) -> Any:
    """A value as a cell may hold it: numbers stay numbers, formulas become text, times are WITA."""
    if isinstance(value, bool) or value is None or isinstance(value, (int, float)):
        return value
    if isinstance(value, datetime):
        return clock.local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    text = "".join(char for char in str(value) if char >= " " or char in "\n\t\r")
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with one worksheet per sheet."""
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet_title(sheet.title))
        for note in sheet.notes:
            page.append([plain(note)])
        page.append([plain(head) for head in sheet.headers])
        for cell in page[page.max_row]:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.freeze_panes = f"B{page.max_row + 1}"
        for row in sheet.rows:
            page.append([plain(value) for value in row])
        if sheet.total:
            page.append([plain(value) for value in sheet.total])
            for cell in page[page.max_row]:
                cell.font = Font(bold=True)
        for index, head in enumerate(sheet.headers, start=1):
            texts = [str(head), *(str(row[index - 1]) for row in sheet.rows)]
            width = min(max(len(text) for text in texts) + 2, WIDEST)
            page.column_dimensions[get_column_letter(index)].width = width
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def sheet_title(text: str) -> str:
    """A worksheet's name: at most 31 characters, none of []:*?/\\."""
    return "".join(char for char in text if char not in "[]:*?/\\")[:31]


def comma_separated(sheet: Sheet) -> bytes:
    """The sheet as CSV in UTF-8 with a byte order mark, which spreadsheets need to see."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([plain(head) for head in sheet.headers])
    writer.writerows([plain(value) for value in row] for row in sheet.rows)
    if sheet.total:
        writer.writerow([plain(value) for value in sheet.total])
    return b"\xef\xbb\xbf" + target.getvalue().encode()
