"""What a cell means: Indonesian numbers and dates, and what has two meanings is refused."""

from datetime import datetime

import pytest

from portal.imports.cells import Broken, Mistake, read
from portal.imports.enums import CellType
from portal.imports.kinds import Column

AS_EXCEL = datetime(2024, 11, 25)  # noqa: DTZ001 (a date of Excel has no zone)
CHOICES = (("engaged", "Terlibat"), ("standby", "Siaga"))


def column(kind, **given):
    return Column("x", "X", CellType(kind), choices=CHOICES, **given)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("2041", 2041), ("2.041", 2041), ("12.465", 12465), ("1.234.567", 1234567),
        (" 30 ", 30), ("2 041", 2041), ("2041,00", 2041), ("-5", -5), (2041, 2041),
        (2041.0, 2041), ("2.041,0", 2041), ("\u00a07", 7), ("'-3", -3),
    ],
)  # fmt: skip
def test_whole_numbers_are_read(value, number):
    assert read(column("whole"), value) == number


@pytest.mark.parametrize(
    "value",
    ["2,041", "2,5", "1.5", "20.41", "seribu", "1.23.456", "1e3", 2.041, float("nan"), True,
     AS_EXCEL, "٣" * 3 + "x", "9" * 30],
)  # fmt: skip
def test_what_is_no_whole_number_is_refused(value):
    with pytest.raises(Mistake):
        read(column("whole"), value)


def test_a_comma_of_thousands_says_that_it_has_two_meanings():
    with pytest.raises(Mistake, match="2,041 bermakna ganda"):
        read(column("whole"), "2,041")


@pytest.mark.parametrize(
    ("value", "number"),
    [("2,5", 2.5), ("2.041,5", 2041.5), ("-3,4512", -3.4512), ("2.5", 2.5), (2.5, 2.5), ("7", 7.0)],
)
def test_decimals_are_read(value, number):
    assert read(column("decimal"), value) == number


def test_a_point_before_three_digits_has_two_meanings_unless_only_one_fits():
    with pytest.raises(Mistake, match="bermakna ganda"):
        read(column("decimal"), "114.602")
    assert read(column("decimal", least=-180, most=180), "114.602") == 114.602
    with pytest.raises(Mistake, match="di luar batas"):
        read(column("decimal", least=-90, most=90), "114,602")


@pytest.mark.parametrize(
    "value",
    ["2024-11-25", "25/11/2024", "25-11-2024", "25 November 2024", "25 Nov 2024", "25 nov. 2024",
     AS_EXCEL, "2024-11-25 00:00:00"],
)  # fmt: skip
def test_dates_are_read_in_three_styles_and_as_excel_has_them(value):
    assert read(column("date"), value) == "2024-11-25"


@pytest.mark.parametrize(
    "value", ["11/25/2024", "31/02/2024", "25/11/24", "25 Nopembris 2024", 45621, "besok",
              "25/11/1024"],
)  # fmt: skip
def test_what_is_no_date_is_refused(value):
    with pytest.raises(Mistake):
        read(column("date"), value)


@pytest.mark.parametrize(
    ("value", "text"),
    [("0063", "0063"), (6303012001001, "6303012001001"), (63.0, "63"), ("'+62 811", "+62 811"),
     ("63.03", "63.03")],
)  # fmt: skip
def test_codes_keep_what_was_typed(value, text):
    assert read(column("code"), value) == text


@pytest.mark.parametrize("value", [63.1, "6,303E+12", True, AS_EXCEL, "a\nb", "x" * 201])
def test_codes_that_a_spreadsheet_has_spoilt_are_refused(value):
    with pytest.raises(Mistake):
        read(column("code"), value)


@pytest.mark.parametrize("value", ["=1+1", "'=1+1", " =HYPERLINK(1)", "rus\ufffdak", "ke\x07ndali"])
def test_formulas_and_broken_text_are_refused(value):
    with pytest.raises(Mistake):
        read(column("text"), value)
    with pytest.raises(Mistake, match="Berisi rumus"):
        read(column("whole"), Broken("Berisi rumus"))


@pytest.mark.parametrize("value", ["Siaga", "siaga", "standby", " SIAGA "])
def test_choices_are_known_by_word_and_by_code(value):
    assert read(column("choice"), value) == "standby"
    with pytest.raises(Mistake, match="Pilihan: Terlibat, Siaga"):
        read(column("choice"), "Santai")


@pytest.mark.parametrize(
    ("value", "yes"), [("Ya", True), ("tidak", False), (True, True), (0, False)]
)
def test_yes_and_no_are_read(value, yes):
    assert read(column("yes_no"), value) is yes
    with pytest.raises(Mistake):
        read(column("yes_no"), "mungkin")


def test_an_empty_cell_is_nothing_and_refused_where_it_is_required():
    assert read(column("text"), "  ") is None
    assert read(column("whole"), None) is None
    with pytest.raises(Mistake, match="Wajib diisi"):
        read(column("text", required=True), "")
