"""CSV in the encodings and with the separators that spreadsheets write."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from portal.access.errors import Refused

SEPARATORS = (";", ",", "\t")
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
LONGEST_CELL = 100_000


class Separated:
    """The records of a CSV file."""

    merged: list[Any] = []

    def __init__(self, data: bytes) -> None:
        self.notices: list[str] = []
        self.text = self._decode(data)
        self.first = 1
        if self.text[:4].lower() == "sep=":
            self.text = self.text.partition("\n")[2]
            self.first = 2
        self.separator = self._separator()
        self.estimate = self.text.count("\n")

    def _decode(self, data: bytes) -> str:
        encoding = next((name for mark, name in BOMS if data.startswith(mark)), "utf-8")
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding != "utf-8":
                raise Refused(_wrong_encoding()) from error
            text = self._western(data)
        if "\x00" in text:
            raise Refused(_("Isi berkas rusak atau bukan %(kind)s.") % {"kind": "CSV"})
        return text

    def _western(self, data: bytes) -> str:
        """What an old Excel writes; said aloud, since the guess can be wrong."""
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as error:
            raise Refused(_wrong_encoding()) from error
        strange = next(char for char in text if char > "\x7f")
        line = text.count("\n", 0, text.index(strange)) + 1
        self.notices.append(
            _("Berkas ini bukan UTF-8; dibaca sebagai Windows-1252. Periksa huruf khusus, mulai "
              "dari “%(char)s” pada baris %(line)d.")
            % {"char": strange, "line": line}
        )  # fmt: skip
        return text

    def _separator(self) -> str:
        """The one that parts the first line most often, outside quotation marks."""
        head = next((line for line in self.text.splitlines() if line.strip()), "")
        bare = "".join(part for index, part in enumerate(head.split('"')) if index % 2 == 0)
        return max(SEPARATORS, key=bare.count)

    def more_than(self, limit: int, after: int) -> bool:
        """Whether so many records and more stand below that line."""
        below = (line for line, _record in self.rows() if line > after)
        return sum(1 for _line in below) > limit

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Records that are not empty, by the line on which each begins."""
        reader = csv.reader(
            io.StringIO(self.text, newline=""), delimiter=self.separator, strict=True
        )
        line = self.first
        try:
            for record in reader:
                if any(cell.strip() for cell in record):
                    if max(map(len, record)) > LONGEST_CELL:
                        raise csv.Error("field too long")
                    yield line, list(record)
                line = self.first + reader.line_num
        except csv.Error as error:
            raise Refused(
                _("Baris %(line)d tidak terbaca sebagai CSV: tanda kutip tidak berpasangan atau "
                  "isi sel terlalu panjang.")
                % {"line": line}
            ) from error  # fmt: skip


def _wrong_encoding() -> str:
    return _("Pengodean huruf berkas ini tidak dikenal. Simpan sebagai CSV UTF-8.")


@contextmanager
def opened(path: Path) -> Iterator[Separated]:
    yield Separated(path.read_bytes())
