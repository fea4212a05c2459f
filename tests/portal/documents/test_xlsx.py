import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from portal.documents.xlsx import Sheet, comma_separated, plain, xlsx


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_formula_arrives_as_text(text):
    sheet = Sheet("Uji", ["=kepala"], [[text]], total=[text])
    cells = [cell for row in load_workbook(io.BytesIO(xlsx([sheet]))).active for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(str(cell.value).startswith("'") for cell in cells)
    assert f"'{text[0]}".encode() in comma_separated(sheet)


def test_values_keep_their_kind():
    assert plain(-5) == -5
    assert plain(None) is None
    assert plain(True) is True
    assert plain(date(2024, 11, 20)) == "2024-11-20"
    assert plain(datetime(2024, 11, 20, 0, 0, tzinfo=UTC)) == "2024-11-20 08:00"
    assert plain("a\x00b") == "ab"


def test_notes_stand_above_and_titles_are_cut():
    sheet = Sheet("Kuat/personel [per wilayah] yang sangat panjang", ["Kode"], [[1]], notes=["Per"])
    page = load_workbook(io.BytesIO(xlsx([sheet]))).active
    assert [row[0].value for row in page.rows] == ["Per", "Kode", 1]
    assert page.title == "Kuatpersonel per wilayah yang s"
