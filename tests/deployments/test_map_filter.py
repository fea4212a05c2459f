"""The map by task force and function: one selector for table, data, sheet, paper and API."""

import csv
import io
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from deployments import actions
from deployments.actions.placements import EDITABLE
from deployments.models import Deployment
from deployments.queries import chosen_people
from portal import clock
from portal.access.actor import SYSTEM
from portal.registry.models import Agency, Region
from tests.factories import deployments as make

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
PAGE, API = "/peta/", "/api/v1/placed-strength/"
PREVENTIF = {"task_force": "preventif"}


@pytest.fixture
def forces(db, settings):
    """Two task forces in Banjar, one of them with two functions, and people without any."""
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()
    at = datetime(2024, 8, 24, 8, tzinfo=clock.WITA)
    for slug in ("polda-kalsel", "korem-101"):
        actions.declare_strength(
            make.operation(), Agency.objects.get(slug=slug), total=900, source="uji",
            as_of=at, by=SYSTEM, at=at,
        )  # fmt: skip
    place("polres-banjar", "63.03", 100, task_force="preventif", function="Patroli")
    place("polres-banjar", "63.03.03", 40, task_force="preventif", function="Pengamanan TPS")
    place("polres-banjar", "63.03", 7, task_force="gakkum")
    place("polres-tapin", "63.05", 20, task_force="preventif", status="standby")
    place("kodim-1006", "63.03", 30, task_force="preventif", controller="polda-kalsel")
    place("kodim-1006", "63.03", 11)


def place(unit, region, people, status="engaged", controller="", **given):
    values = {
        "unit": make.unit(unit),
        "region": Region.objects.get(code=region),
        "personnel": people,
        "status": status,
        "controller": Agency.objects.get(slug=controller) if controller else None,
        "task": "Uji",
        "starts_on": date(2024, 11, 1),
        "ends_on": None,
        "source": "uji",
        "as_of": NOW,
        "quality": "reported",
    }
    return actions.place_deployment(make.operation(), values | given, by=SYSTEM, at=NOW)


@pytest.fixture
def at_map(forces, client, commander, sign_in):
    return sign_in(client, commander)


def people(**query):
    return chosen_people(make.operation(), NOW, **query)


def data(client, **query):
    return client.get(reverse("deployments:map_data"), query).json()


def region(answer, code="63.03"):
    return next(row for row in answer["regions"] if row["code"] == code)


@pytest.mark.parametrize(
    ("query", "banjar", "province"),
    [
        ({"task_force": "preventif"}, 170, 190),
        ({"task_force": "gakkum"}, 7, 7),
        ({"function": "Patroli"}, 100, 100),
        ({"task_force": "preventif", "agency": "korem-101"}, 30, 30),
        ({"task_force": "preventif", "controller": "polda-kalsel"}, 30, 30),
        ({"task_force": "preventif", "part": "standby"}, 0, 20),
        ({"function": "Tidak ada"}, 0, 0),
    ],
)
def test_selector_and_api_say_the_same(at_map, query, banjar, province):
    found = people(**query)
    assert (found.get("63.03", 0), found.get("63", 0)) == (banjar, province)
    rows = {row["region"]: row["people"] for row in at_map.get(API, query).json()}
    assert (rows["63.03"], rows["63"], len(rows)) == (banjar, province, 14)


def test_all_task_forces_and_those_without_are_everybody(forces):
    parts = [people(task_force=one)["63"] for one in ("preventif", "gakkum")]
    assert sum(parts) + 11 == people()["63"] == 208


def test_table_data_sheet_and_legend_show_what_was_chosen(at_map):
    query = {"task_force": "preventif", "function": "Patroli"}
    page = at_map.get(PAGE, query)
    lines = {line.code: line.figure for line in page.context["lines"]}
    assert (lines["63.03"], lines["63.05"]) == ("100", "–")
    answer = data(at_map, **query)
    assert region(answer)["text"] == "100"
    legend = "Personel tercatat (Satgas Preventif, Patroli)"
    assert answer["legend"]["title"] == legend
    assert page.context["column"] == legend
    assert "· Satgas Preventif, Patroli</caption>" in page.content.decode()
    file = at_map.get("/peta/unduh/", query | {"format": "csv"})
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert rows[0][2] == legend
    assert {row[0]: row[2] for row in rows[1:] if row[0]}["63.03"] == "100"


def test_paper_names_the_choice(at_map):
    answer = at_map.get("/peta/cetak/", PREVENTIF)
    pages = PdfReader(io.BytesIO(answer.content)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Semua instansi · Satgas Preventif" in text
    assert "Personel tercatat (Satgas Preventif)" in text
    assert "Banjar 170 " in text


@pytest.mark.parametrize("paper", ["a4", "a3"])
@pytest.mark.parametrize(
    "query",
    [
        {"measure": "tps_class"},
        {"measure": "tps_class", "within": "63.03"},
        {"measure": "tps_class", "within": "63.02"},
        {"measure": "gap"},
    ],
)
def test_briefing_stays_on_one_sheet_and_breaks_no_name_in_three(at_map, query, paper):
    address = reverse("deployments:map_print")
    sheet = PdfReader(io.BytesIO(at_map.get(address, query | {"paper": paper}).content))
    assert len(sheet.pages) == 1
    assert "Hulu\nSungai\nSelatan" not in sheet.pages[0].extract_text()


def test_strength_per_station_counts_the_engaged_of_the_choice(at_map):
    whole = region(data(at_map, measure="per_station"))["say"]
    part = region(data(at_map, measure="per_station", **PREVENTIF))["say"]
    assert (whole.split()[0], part.split()[0]) == ("188", "170")


def test_other_measures_say_that_they_are_not_narrowed(at_map):
    page = at_map.get(PAGE, {"measure": "gap", **PREVENTIF})
    assert "angka ini tidak disaring" in page.content.decode()
    assert "Satgas" not in data(at_map, measure="gap", **PREVENTIF)["legend"]["title"]
    assert "angka ini tidak disaring" not in at_map.get(PAGE, PREVENTIF).content.decode()


def test_choice_stays_in_every_address(at_map):
    page = at_map.get(PAGE, PREVENTIF)
    assert page.context["query"] == "task_force=preventif"
    assert 'href="/peta/banding/?task_force=preventif"' in page.content.decode()
    assert "task_force=preventif" in region(data(at_map, **PREVENTIF))["panel"]
    assert at_map.get(PAGE, {"task_force": "keliru"}).status_code == 404
    assert at_map.get(API, {"task_force": "keliru"}).status_code == 422


def test_unchanged_choice_is_304_and_another_choice_is_not(at_map):
    address = reverse("deployments:map_data")
    tag = at_map.get(address, PREVENTIF)["ETag"]
    assert at_map.get(address, PREVENTIF, headers={"If-None-Match": tag}).status_code == 304
    other = at_map.get(address, {"task_force": "gakkum"}, headers={"If-None-Match": tag})
    assert other.status_code == 200
    row = Deployment.objects.get(function="Patroli")
    values = {name: getattr(row, name) for name in EDITABLE}
    gakkum = values | {"task_force": "gakkum"}
    actions.change_deployment(row, gakkum, version=1, by=SYSTEM, at=NOW, reason="uji")
    version = reverse("deployments:map_version")
    changed = at_map.get(address, PREVENTIF, headers={"If-None-Match": tag})
    assert (changed.status_code, region(changed.json())["text"]) == (200, "70")
    assert at_map.get(version).status_code == 200


def test_compared_maps_are_both_narrowed(at_map):
    page = at_map.get("/peta/banding/", PREVENTIF | {"measure2": "per_station"})
    [banjar] = [row for row in page.context["rows"] if row["code"] == "63.03"]
    assert banjar["left"] == "170"
    assert page.content.decode().count('name="task_force" value="preventif"') == 1


@pytest.mark.parametrize("address", ["/peta/data/", API])
def test_cost_does_not_grow_with_the_placements(at_map, address):
    costs = []
    for more in (0, 3):
        for number in range(more):
            place("polres-banjar", f"63.03.0{number + 4}", 1, **PREVENTIF)
        at_map.get(address, PREVENTIF)
        with CaptureQueriesContext(connection) as found:
            at_map.get(address, PREVENTIF)
        costs.append(len(found))
    assert costs[0] == costs[1]


def test_who_may_not_see_the_map_gets_neither(forces, client, admin, sign_in):
    sign_in(client, admin)
    assert client.get(PAGE, PREVENTIF).status_code == 403
    assert client.get(API, PREVENTIF).status_code == 403
