"""Files that go out: the template to fill in, and the refused rows to mend."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from portal.documents.xlsx import plain, sheet_title
from portal.imports.enums import CellType, Source
from portal.imports.kinds import Column, Kind
from portal.imports.reading import REASON_HEAD

AS_TEXT = frozenset({CellType.TEXT, CellType.CODE, CellType.CHOICE, CellType.YES_NO})
TEXT_FORMAT = "@"
FILL = PatternFill("solid", start_color="EEF1F4")


def template(kind: Kind, form: str) -> bytes:
    """The headings, in a workbook with a second sheet that explains each."""
    return _file(kind, form, [], [])


def refused_rows(kind: Kind, form: str, rows: Iterable[tuple[dict[str, str], str]]) -> bytes:
    """The rows as they came, each with why it was refused. The file can be sent again."""
    lines = [[raw.get(c.name, "") for c in kind.columns] + [why] for raw, why in rows]
    return _file(kind, form, [str(REASON_HEAD)], lines)


def _file(kind: Kind, form: str, more: list[str], rows: list[list[str]]) -> bytes:
    heads = [str(column.head) for column in kind.columns] + more
    if form == Source.CSV:
        return _separated(heads, rows)
    return _workbook(kind, heads, rows)


def _separated(heads: list[str], rows: list[list[str]]) -> bytes:
    target = io.StringIO()
    # Where the comma is the decimal sign, spreadsheets part columns by semicolons.
    writer = csv.writer(target, delimiter=";")
    writer.writerow([plain(head) for head in heads])
    writer.writerows([plain(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def _workbook(kind: Kind, heads: list[str], rows: list[list[str]]) -> bytes:
    book = Workbook()
    data: Any = book.active
    data.title = "Data"
    data.append([plain(head) for head in heads])
    for cell in data[1]:
        cell.font = Font(bold=True)
        cell.fill = FILL
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    data.freeze_panes = "A2"
    for index, head in enumerate(heads, start=1):
        dimension = data.column_dimensions[get_column_letter(index)]
        dimension.width = max(14, len(head) + 3) if index <= len(kind.columns) else 60
        if index <= len(kind.columns) and kind.columns[index - 1].type in AS_TEXT:
            # Codes keep their zeros.
            dimension.number_format = TEXT_FORMAT
    for row in rows:
        data.append([plain(value) for value in row])
        for cell in data[data.max_row]:
            cell.number_format = TEXT_FORMAT
    _explain(book.create_sheet(sheet_title(_("Petunjuk"))), kind)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _explain(sheet: Any, kind: Kind) -> None:
    sheet.append([plain(str(kind.title))])
    sheet.append([plain(str(kind.about))])
    sheet.append([])
    sheet.append([plain(head) for head in help_heads()])
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
        cell.fill = FILL
    for line in help_rows(kind.columns):
        sheet.append([plain(text) for text in line])
    for index, width in enumerate((24, 10, 18, 26, 80), start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet["A1"].font = Font(bold=True)


def help_heads() -> list[str]:
    return [_("Kolom"), _("Wajib"), _("Isi"), _("Contoh"), _("Keterangan")]


def help_rows(columns: Sequence[Column]) -> list[list[str]]:
    """Each column with what it holds, for the template and for the page."""
    return [
        [
            str(column.head),
            _("Ya") if column.required else _("Tidak"),
            str(column.type.label),
            column.example,
            " ".join(filter(None, [str(column.help), _choices(column)])),
        ]
        for column in columns
    ]


def _choices(column: Column) -> str:
    if not column.choices:
        return ""
    labels = "; ".join(str(label) for _key, label in column.choices)
    return _("Pilihan: %(labels)s.") % {"labels": labels}
