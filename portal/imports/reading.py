"""A file as rows of its kind: which heading stands where, and each cell read or refused."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from openpyxl.utils import get_column_letter

from portal.access.errors import Refused
from portal.imports import cells, separated, workbooks
from portal.imports.cells import Mistake
from portal.imports.enums import Source
from portal.imports.kinds import Column, Kind, Values
from portal.imports.workbooks import Box
from portal.web.templatetags.portal import angka

REASON_HEAD = gettext_lazy("Alasan ditolak")
HEADS_WITHIN = 20
"""The headings stand on one of the first so many filled rows."""


@dataclass
class ReadRow:
    """One row: as it came, as it was read, and by column why not."""

    line: int
    raw: dict[str, str] = field(default_factory=dict)
    values: Values = field(default_factory=dict)
    reasons: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Heads:
    """By position the column that stands there; None for the reasons of an earlier round."""

    line: int
    columns: dict[int, Column | None]


class Reading:
    """The rows of an opened file, in its order."""

    def __init__(self, kind: Kind, source: Any) -> None:
        self.kind, self.source = kind, source
        self.filled = source.rows()
        self.heads = self._heads()

    @property
    def notices(self) -> list[str]:
        return self.source.notices

    @property
    def estimate(self) -> int:
        """About how many rows there are; known for certain at the end only."""
        return min(max(self.source.estimate - self.heads.line, 0), self.kind.limit)

    def _heads(self) -> Heads:
        first: tuple[int, list[Any]] | None = None
        for count, (line, row) in enumerate(self.filled, start=1):
            first = first or (line, row)
            known = [self._column(value) for value in row]
            if sum(column is not None for column in known) >= min(2, len(self.kind.columns)):
                return self._fitting(line, row)
            if count >= HEADS_WITHIN:
                break
        if first is None:
            raise Refused(_("Berkas kosong."))
        raise Refused(
            _("Judul kolom tidak ditemukan. Baris %(line)d berbunyi “%(text)s”; pakai judul dari "
              "templat: %(heads)s.")
            % {
                "line": first[0],
                "text": " | ".join(cells.shown(value) for value in first[1])[:80],
                "heads": ", ".join(str(column.head) for column in self.kind.columns),
            }
        )  # fmt: skip

    def _column(self, value: Any) -> Column | None:
        word = _word(value)
        return next((column for column in self.kind.columns if word in _names(column)), None)

    def _fitting(self, line: int, row: list[Any]) -> Heads:
        """Raises Refused for headings that are unknown, twice there, merged or missing."""
        for box in self.source.merged:
            if box[1] <= line <= box[3]:
                raise Refused(
                    _("Sel %(cells)s digabung pada baris judul. Pisahkan sel gabungan.")
                    % {"cells": _range(box)}
                )
        columns: dict[int, Column | None] = {}
        for index, value in enumerate(row):
            if cells.is_empty(value):
                continue
            column = self._column(value)
            if column is None and _word(value) not in _reason_heads():
                raise Refused(
                    _("Judul “%(text)s” pada %(cell)s tidak dikenal. Pakai judul dari templat.")
                    % {"text": cells.shown(value)[:60], "cell": address(index, line)}
                )
            if column is not None and column in columns.values():
                raise Refused(
                    _("Judul “%(text)s” berulang pada %(cell)s.")
                    % {"text": cells.shown(value)[:60], "cell": address(index, line)}
                )
            columns[index] = column
        missing = [c for c in self.kind.columns if c.required and c not in columns.values()]
        if missing:
            heads = ", ".join(str(column.head) for column in missing)
            raise Refused(
                ngettext(
                    "Kolom wajib tidak ada pada baris %(line)d: %(heads)s.",
                    "Kolom wajib tidak ada pada baris %(line)d: %(heads)s.",
                    len(missing),
                )
                % {"line": line, "heads": heads}
            )
        return Heads(line, columns)

    def rows(self) -> Iterator[ReadRow]:
        """Every row below the headings. Raises Refused when there are none or too many."""
        count, limit = 0, self.kind.limit
        if self.source.more_than(limit, self.heads.line):
            raise self._too_many()
        for line, row in self.filled:
            if not self._holds_data(row):
                continue
            count += 1
            if count > limit:
                raise self._too_many()
            yield self._read(line, row)
        if not count:
            raise Refused(_("Tidak ada baris di bawah judul kolom."))

    def _too_many(self) -> Refused:
        sentence = _("Lebih dari %(limit)s baris. Bagi berkas ini menjadi beberapa.")
        return Refused(sentence % {"limit": angka(self.kind.limit)})

    def _holds_data(self, row: list[Any]) -> bool:
        """More than the reason that our own file of refused rows carries."""
        own = self.heads.columns
        return any(
            not cells.is_empty(value)
            for index, value in enumerate(row)
            if own.get(index, "") is not None
        )

    def _read(self, line: int, row: list[Any]) -> ReadRow:
        found = ReadRow(line)
        for index, column in self.heads.columns.items():
            if column is None:
                continue
            value = row[index] if index < len(row) else None
            if not cells.is_empty(value):
                found.raw[column.name] = cells.shown(value)
            try:
                found.values[column.name] = cells.read(column, value)
            except Mistake as mistake:
                found.reasons.append(_reason(column.name, address(index, line), str(mistake)))
        for index, value in enumerate(row):
            if index not in self.heads.columns and not cells.is_empty(value):
                text = _("Berisi “%(text)s” di luar kolom berjudul.")
                text %= {"text": cells.shown(value)[:60]}
                found.reasons.append(_reason("", address(index, line), text))
        found.reasons += [
            _reason("", _range(box), _("Sel digabung. Pisahkan sel gabungan, lalu isi tiap baris."))
            for box in self.source.merged
            if box[1] <= line <= box[3]
        ]
        for column in self.kind.columns:
            found.values.setdefault(column.name, None)
        return found


def _reason(column: str, cell: str, text: str) -> dict[str, str]:
    return {"column": column, "cell": cell, "text": text}


def address(index: int, line: int) -> str:
    """Column 0 on line 5 is A5."""
    return f"{get_column_letter(index + 1)}{line}"


def _range(box: Box) -> str:
    return f"{address(box[0] - 1, box[1])}:{address(box[2] - 1, box[3])}"


def _word(value: Any) -> str:
    """A heading without what people add to it: case, blanks and the star of what is required."""
    return " ".join(cells.shown(value).replace("*", " ").casefold().split())


def _names(column: Column) -> set[str]:
    return {column.name.casefold(), *(_word(text) for text in cells.in_both(column.head))}


def _reason_heads() -> set[str]:
    return {_word(text) for text in cells.in_both(REASON_HEAD)}


@contextmanager
def reading(kind: Kind, source: str, path: Path) -> Iterator[Reading]:
    """The file as rows of the kind. Raises Refused with what is wrong with the whole of it."""
    opener: AbstractContextManager[Any]
    opener = workbooks.opened(path) if source == Source.XLSX else separated.opened(path)
    with opener as opened:
        yield Reading(kind, opened)
