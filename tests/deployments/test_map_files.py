"""The map to take away: the same figures on paper, in a picture and in a sheet."""

import csv
import io
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import load_workbook
from pypdf import PdfReader

from deployments import actions
from deployments.maps.picture import FILLS
from portal import clock
from portal.access.actor import SYSTEM
from portal.audit.models import Entry
from portal.registry.models import Agency, Boundary
from tests.factories import deployments as make

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
PRINT, EXPORT = "/peta/cetak/", "/peta/unduh/"


@pytest.fixture
def at_map(forces, client, coordinator, sign_in):
    return sign_in(client, coordinator)


@pytest.mark.parametrize("paper", ["a4", "a3"])
@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF-"), ("png", b"\x89PNG")])
def test_briefing_comes_on_either_paper_and_is_recorded(at_map, paper, form, begins):
    answer = at_map.get(PRINT, {"measure": "readiness", "paper": paper, "format": form})

    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert f'filename="peta-readiness-63-20241120-0800.{form}"' in answer["Content-Disposition"]
    assert Entry.objects.filter(verb="operation.map_print").count() == 1


@pytest.mark.parametrize("query", [{"paper": "a0"}, {"format": "exe"}, {"at": "kemarin"}])
def test_unknown_paper_format_or_moment_is_404_and_not_recorded(at_map, query):
    assert at_map.get(PRINT, query).status_code == 404
    assert not Entry.objects.filter(verb="operation.map_print").exists()


def test_districts_are_printed_too(at_map):
    answer = at_map.get(PRINT, {"within": "63.03", "measure": "incidents"})

    assert answer.content.startswith(b"%PDF-")


def test_briefing_without_boundaries_still_has_its_table(at_map):
    Boundary.objects.all().delete()
    assert at_map.get(PRINT).content.startswith(b"%PDF-")
    assert at_map.get(PRINT, {"within": "63.03"}).content.startswith(b"%PDF-")


def test_sheet_has_the_rows_and_the_sum_of_the_page(at_map):
    query = {"agency": "korem-101", "sort": "-declared"}
    book = load_workbook(io.BytesIO(at_map.get(EXPORT, query).content))
    rows = list(book.active.iter_rows(values_only=True))
    head = next(place for place, row in enumerate(rows) if row[0] == "Kode")
    body = rows[head + 1 :]

    assert rows[head][1:4] == ("Wilayah", "Tercatat", "Terlibat")
    assert len(body) == 15
    assert sum(row[2] for row in body[:-1]) == body[-1][2] == 2041
    assert [row[0] for row in body[:13]] == at_codes(at_map, query)


def at_codes(client, query) -> list[str]:
    html = client.get("/peta/", query, headers={"HX-Request": "true"}).content.decode()
    return re.findall(r'data-region="(63\.\d\d)">', html)


def test_csv_has_the_column_of_the_measure(at_map):
    answer = at_map.get(EXPORT, {"measure": "per_station", "format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert rows[0][:3] == ["Kode", "Wilayah", "Terlibat per TPS"]
    assert len(rows) == 1 + 13 + 1 + 1
    assert Entry.objects.filter(verb="operation.map_export").count() == 1


def test_silence_is_empty_in_the_sheet_and_no_zero(at_map):
    rows = list(csv.DictReader(io.StringIO(
        at_map.get(EXPORT, {"format": "csv"}).content.decode("utf-8-sig")
    )))  # fmt: skip
    quiet = [row for row in rows[:13] if row["Laporan ditunggu"] > row["Laporan masuk"] == "0"]

    assert quiet
    assert {(row["Kuat yang dilaporkan"], row["Hadir"]) for row in quiet} == {("", "")}


def test_paper_and_picture_take_the_gap_in_classes_of_like_size(at_map):
    query = {"measure": "gap", "classes": "quantile"}

    assert at_map.get(PRINT, query).content.startswith(b"%PDF-")
    assert at_map.get(PRINT, query | {"format": "png"}).content.startswith(b"\x89PNG")


def test_sheet_names_the_moment(at_map):
    book = load_workbook(io.BytesIO(at_map.get(EXPORT, {"at": "2024-11-12T20:00"}).content))
    notes = [row[0] for row in book.active.iter_rows(max_row=4, values_only=True)]

    assert "Angka pukul 20.00 WITA, Selasa, 12 November 2024" in notes


@pytest.mark.parametrize("path", [PRINT, EXPORT])
def test_who_may_not_export_gets_no_file(db, client, liaison_kpu, sign_in, path):
    reader = sign_in(client, liaison_kpu)
    may_export = reader.get("/kuat-personel/unduh/").status_code == 200

    assert (reader.get(path).status_code == 200) == may_export


def test_paper_has_the_colours_of_the_screen_by_day():
    tokens = {}
    for name in ("tokens.css", "map.css"):
        sheet = (Path(settings.BASE_DIR) / "static" / "css" / name).read_text()
        day = sheet[: sheet.index('[data-bs-theme="dark"]')]
        tokens |= re.findall(r"--([a-z]+-\w+): (#[0-9a-f]{6});", day)
    tokens["none"] = tokens.pop("fill-none")

    assert {name: tokens[name] for name in FILLS} == FILLS


def test_what_is_not_itemised_is_said_on_paper_and_has_its_own_row_and_column(at_map):
    police = Agency.objects.get(slug="polda-kalsel")
    actions.declare_strength(
        make.operation(), police, total=6866, source="uji", as_of=NOW, by=SYSTEM, at=NOW
    )
    said = "400 orang tidak terperinci."
    paper = PdfReader(io.BytesIO(at_map.get(PRINT).content)).pages[0].extract_text()
    assert said in " ".join(paper.split())
    book = load_workbook(io.BytesIO(at_map.get(EXPORT).content))
    assert said in [row[0] for row in book.active.iter_rows(max_row=8, values_only=True)]
    text = at_map.get(EXPORT, {"format": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    kept, nowhere, total = rows[-3:]
    assert kept["Wilayah"] == "Tingkat provinsi, tidak terperinci per kabupaten/kota"
    assert (nowhere["Wilayah"], nowhere["Tercatat"]) == ("Tidak terperinci", "400")
    assert [row["Tidak terperinci"] for row in rows[-3:]] == ["0", "400", "400"]
    assert sum(int(row["Tercatat"]) for row in rows[:-1]) == int(total["Tercatat"])
    page = at_map.get("/peta/").context
    assert [(line.name, line.declared) for line in page["rests"]] == [
        (kept["Wilayah"], f"{int(kept['Tercatat']):,}".replace(",", ".")),
        ("Tidak terperinci", "400"),
    ]
    assert said in at_map.get("/peta/").content.decode()
