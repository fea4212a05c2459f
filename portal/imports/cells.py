"""A cell's content as its column's type: Indonesian numbers and dates; what has two meanings is
refused."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from portal.documents.xlsx import FORMULA_STARTS
from portal.imports.enums import CellType
from portal.imports.kinds import Column
from portal.web.forms import FIRST_YEAR, GROUPED, LAST_YEAR, readable_text, single_line

MAX_TEXT = 500
PLAIN = re.compile(r"[+-]?\d+")
COMMA = re.compile(r"[+-]?\d{1,3}(?:(?:\.\d{3})+|\d*),\d+")
POINT = re.compile(r"[+-]?\d+\.\d+")
SCIENTIFIC = re.compile(r"\d+([.,]\d+)?[eE]\+?\d+")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
NAMED = re.compile(r"(\d{1,2})\s+([A-Za-z]+)\.?\s+(\d{4})")
MONTHS = (
    ("januari", "january", "jan"),
    ("februari", "february", "feb", "pebruari"),
    ("maret", "march", "mar"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("agustus", "august", "agu", "agt", "ags", "agst", "aug"),
    ("september", "sep", "sept"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nov", "nopember", "nop"),
    ("desember", "december", "des", "dec"),
)
MONTH_NUMBERS = {word: number for number, words in enumerate(MONTHS, start=1) for word in words}
YES = frozenset({"ya", "y", "yes", "benar", "true", "1"})
NO = frozenset({"tidak", "t", "no", "n", "salah", "false", "0"})


class Mistake(Exception):
    """Why a cell cannot be taken, as a sentence for the user."""


class Broken:
    """A cell that must not be read, with the sentence that says why."""

    def __init__(self, sentence: str, shown: str = ""):
        self.sentence, self.shown = sentence, shown


def is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def shown(value: Any) -> str:
    """The cell as text, as the person who typed it would know it again."""
    if value is None:
        return ""
    if isinstance(value, Broken):
        return value.shown[:MAX_TEXT]
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M:%S")
    if isinstance(value, str) and value.isascii() and value.isprintable():
        return value[:MAX_TEXT]
    # PostgreSQL holds no NUL, and half characters stand in no document.
    text = str(value).replace("\x00", "\ufffd")
    return text.encode("utf-8", "replace").decode("utf-8")[:MAX_TEXT]


def _number_text(value: float) -> str:
    whole = value.is_integer() and abs(value) < 2**53
    return str(int(value)) if whole else f"{value!r}".replace(".", ",")


def read(column: Column, value: Any) -> Any:
    """The cell's value, or None when it is empty. Raises Mistake."""
    if isinstance(value, Broken):
        raise Mistake(value.sentence)
    if isinstance(value, str):
        value = _text(value)
    if is_empty(value):
        if column.required:
            raise Mistake(_("Wajib diisi."))
        return None
    return READERS[column.type](column, value)


def _text(value: str) -> str:
    """Without the blanks around it and without the mark that keeps a text from being a formula.
    Raises Mistake for formulas and for what cannot be read."""
    text = value.replace("\u00a0", " ").strip(" \n\r")
    if text.startswith("'") and text[1:].startswith(FORMULA_STARTS):
        text = text[1:]
    if text.startswith("="):
        raise Mistake(_("Berisi rumus. Salin lalu tempel sebagai nilai."))
    if text.isascii() and text.isprintable():
        return text
    try:
        readable_text(text)
    except ValidationError as error:
        raise Mistake(" ".join(error.messages)) from error
    return text.strip()


def _words(column: Column, value: Any) -> str:
    if isinstance(value, datetime | date | time):
        raise Mistake(_("Berisi tanggal, padahal kolom ini teks. Format selnya sebagai Teks."))
    if isinstance(value, bool):
        raise Mistake(_("Berisi nilai logika, padahal kolom ini teks."))
    if isinstance(value, float) and not value.is_integer():
        raise Mistake(
            _("Terbaca sebagai angka %(number)s; nol di belakang dapat hilang. Format selnya "
              "sebagai Teks, lalu ketik ulang.")
            % {"number": _number_text(value)}
        )  # fmt: skip
    text = value if isinstance(value, str) else shown(value)
    try:
        if not text.isprintable():
            single_line(text)
    except ValidationError as error:
        raise Mistake(" ".join(error.messages)) from error
    most = int(column.most or 200)
    if len(text) > most:
        raise Mistake(
            _("Terlalu panjang: paling banyak %(most)d karakter, ini %(length)d.")
            % {"most": most, "length": len(text)}
        )
    return text


def _code(column: Column, value: Any) -> str:
    text = _words(column, value)
    if SCIENTIFIC.fullmatch(text):
        raise Mistake(
            _("Kode ini telah diubah menjadi notasi ilmiah (%(text)s). Format selnya sebagai Teks, "
              "lalu ketik ulang.")
            % {"text": text}
        )  # fmt: skip
    return text


def _readings(text: str) -> Iterator[Decimal]:
    """Every number that the text can mean; the comma is the decimal sign."""
    compact = text.replace(" ", "") if re.fullmatch(r"[+-]?\d{1,3}( \d{3})+(,\d+)?", text) else text
    if PLAIN.fullmatch(compact):
        yield Decimal(compact)
        return
    if GROUPED.fullmatch(compact):
        yield Decimal(compact.replace(".", ""))
    if POINT.fullmatch(compact):
        yield Decimal(compact)
    if COMMA.fullmatch(compact):
        yield Decimal(compact.replace(".", "").replace(",", "."))


def _numbers(column: Column, value: Any) -> list[Decimal]:
    """What the cell can mean. Raises Mistake for what is no number."""
    if isinstance(value, bool | datetime | date | time):
        raise Mistake(_("“%(text)s” bukan angka.") % {"text": shown(value)})
    if isinstance(value, float) and value != value or value in (float("inf"), -float("inf")):
        raise Mistake(_("“%(text)s” bukan angka.") % {"text": value})
    found = list(_readings(value)) if isinstance(value, str) else [Decimal(repr(value))]
    if not found:
        raise Mistake(_("“%(text)s” bukan angka.") % {"text": shown(value)})
    return found


def _within(column: Column, found: list[Decimal], value: Any) -> list[Decimal]:
    least = column.least if column.least is not None else -2_147_483_648
    most = column.most if column.most is not None else 2_147_483_647
    fitting = [number for number in found if Decimal(str(least)) <= number <= Decimal(str(most))]
    if not fitting:
        raise Mistake(
            _("%(text)s di luar batas: dari %(least)s sampai %(most)s.")
            % {
                "text": shown(value),
                "least": _limit(least),
                "most": _limit(most),
            }
        )
    return fitting


def _limit(value: float) -> str:
    """1.000.000; 1,5"""
    whole = float(value).is_integer()
    return number_format(value, 0, force_grouping=True) if whole else _number_text(value)


def _whole(column: Column, value: Any) -> int:
    found = _numbers(column, value)
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", value):
        raise Mistake(
            _("%(text)s bermakna ganda: koma adalah tanda desimal. Tulis ribuan dengan titik "
              "(2.041) atau tanpa tanda (2041).")
            % {"text": value}
        )  # fmt: skip
    whole = [number for number in found if number == number.to_integral_value()]
    if not whole:
        raise Mistake(_("%(text)s bukan bilangan bulat.") % {"text": shown(value)})
    return int(_within(column, whole, value)[0])


def _decimal(column: Column, value: Any) -> float:
    fitting = _within(column, _numbers(column, value), value)
    if len(set(fitting)) > 1:
        raise Mistake(
            _("%(text)s bermakna ganda: ribuan atau desimal. Tulis desimal dengan koma.")
            % {"text": shown(value)}
        )
    return float(fitting[0])


def _date(column: Column, value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        found = value
    elif isinstance(value, str):
        found = _date_of(value)
    else:
        raise Mistake(
            _("“%(text)s” bukan tanggal. Tulis 25/11/2024, 2024-11-25, atau 25 November 2024.")
            % {"text": shown(value)}
        )
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Mistake(
            _("Tahun harus antara %(first)s dan %(last)s.")
            % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return found.isoformat()


def _date_of(text: str) -> date:
    """2024-11-25, 25/11/2024 (day first) or 25 November 2024."""
    try:
        if match := ISO.fullmatch(text):
            year, month, day = match.groups()
            return date(int(year), int(month), int(day))
        if match := NUMERIC.fullmatch(text):
            day, month, year = match.groups()
            return date(int(year), int(month), int(day))
        if match := NAMED.fullmatch(text):
            day, word, year = match.groups()
            return date(int(year), MONTH_NUMBERS[word.lower()], int(day))
    except (ValueError, KeyError) as error:
        raise Mistake(_("Tanggal “%(text)s” tidak ada di kalender.") % {"text": text}) from error
    raise Mistake(
        _("“%(text)s” bukan tanggal. Tulis 25/11/2024, 2024-11-25, atau 25 November 2024.")
        % {"text": text}
    )


def _choice(column: Column, value: Any) -> str:
    wanted = shown(value).strip().casefold()
    for key, label in column.choices:
        if wanted in {key.casefold(), *(said.casefold() for said in in_both(label))}:
            return key
    allowed = ", ".join(str(label) for _key, label in column.choices)
    raise Mistake(
        _("“%(text)s” tidak dikenal. Pilihan: %(allowed)s.")
        % {"text": shown(value)[:60], "allowed": allowed}
    )


def in_both(words: Any) -> list[str]:
    """A translated text in Indonesian and in English."""
    found = []
    for language in ("id", "en"):
        with translation.override(language):
            found.append(str(words))
    return found


def _yes_no(column: Column, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = shown(value).strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Mistake(_("“%(text)s” bukan Ya atau Tidak.") % {"text": shown(value)[:60]})


READERS: dict[str, Callable[[Column, Any], Any]] = {
    CellType.TEXT: _words,
    CellType.CODE: _code,
    CellType.WHOLE: _whole,
    CellType.DECIMAL: _decimal,
    CellType.DATE: _date,
    CellType.CHOICE: _choice,
    CellType.YES_NO: _yes_no,
}
