"""Official numbers: one counter per series and year, locked until the number is used."""

from datetime import datetime

from django.db import connection

from coordination.enums import Series
from coordination.models import Counter
from portal import clock
from portal.access.classification import Classification

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
CLASS_CODES = {
    Classification.BIASA: "B",
    Classification.TERBATAS: "T",
    Classification.RAHASIA: "R",
}
ARCHIVE_CODE = "OPS.1."


def next_number(series: Series, at: datetime) -> int:
    """The next number of the series in the year (WITA). Rolls back with the transaction, so none is
    lost; a second transaction waits until the first is through, so none is given twice."""
    table = Counter._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS counter (series, year, last) VALUES (%s, %s, 1) "  # noqa: S608 (our own table's name)
            "ON CONFLICT (series, year) DO UPDATE SET last = counter.last + 1 RETURNING last",
            [series, clock.local(at).year],
        )
        return cursor.fetchone()[0]


def meeting_number(at: datetime) -> str:
    """RAKOR/7/XI/2024"""
    return _plain("RAKOR", Series.MEETING, at)


def directive_number(at: datetime) -> str:
    """ARH/12/VI/2024"""
    return _plain("ARH", Series.DIRECTIVE, at)


def letter_number(classification: int, office_code: str, at: datetime) -> str:
    """B/31/VI/OPS.1./2024/Roops: class, number, month, archive code, year, office."""
    return _official(Series.LETTER, classification, office_code, at)


def minutes_number(classification: int, office_code: str, at: datetime) -> str:
    """T/ND-4/VI/OPS.1./2024/Roops: the pattern of letters, with the counter of minutes."""
    return _official(Series.MINUTES, classification, office_code, at)


def _plain(code: str, series: Series, at: datetime) -> str:
    day = clock.local(at)
    return f"{code}/{next_number(series, at)}/{ROMAN[day.month - 1]}/{day.year}"


def _official(series: Series, classification: int, office_code: str, at: datetime) -> str:
    day = clock.local(at)
    mark = CLASS_CODES[Classification(classification)]
    prefix = "ND-" if series == Series.MINUTES else ""
    number = f"{prefix}{next_number(series, at)}"
    return f"{mark}/{number}/{ROMAN[day.month - 1]}/{ARCHIVE_CODE}/{day.year}/{office_code}"
