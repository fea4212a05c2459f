"""The map at any moment, two of them side by side, its points, its wall, and whether it changed."""

import re
from datetime import date, datetime

import pytest
from django.urls import reverse

from deployments import actions
from deployments.models import Deployment
from incidents.models import Incident
from portal import clock
from portal.access.actor import SYSTEM
from portal.registry.models import Agency, Figure, Operation, Region
from tests.factories import deployments as make

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
PAGE, COMPARE, WALL = "/peta/", "/peta/banding/", "/peta/dinding/"
DATA, VERSION, UNITS = "/peta/data/", "/peta/versi/", "/peta/satuan/"
ROWS = re.compile(r'data-region="(63\.\d\d)">')


@pytest.fixture
def at_map(forces, client, commander, sign_in):
    return sign_in(client, commander)


def test_page_table_and_data_say_the_moment_that_they_show(at_map):
    said = "Angka pukul 20.00 WITA, Minggu, 1 September 2024"
    query = {"at": "2024-09-01T20:00"}
    html = at_map.get(PAGE, query).content.decode()
    table = at_map.get(PAGE, query, headers={"HX-Request": "true"}).content.decode()

    assert at_map.get(DATA, query).json()["texts"]["moment"] == said
    assert html.count(said) == 2
    assert said in table
    assert at_map.get(DATA).json()["texts"]["moment"] == ""


def test_a_moment_to_come_is_called_a_plan(at_map):
    answer = at_map.get(DATA, {"at": "2024-11-27T12:00"}).json()

    assert answer["texts"]["moment"] == "Rencana untuk pukul 12.00 WITA, Rabu, 27 November 2024"


def reinforced(operation: Operation) -> Deployment:
    """A hundred more than were announced before, in Kabupaten Banjar from the first of October."""
    announced = datetime(2024, 9, 15, 8, tzinfo=clock.WITA)
    polda = Agency.objects.get(slug="polda-kalsel")
    said = {"source": "uji", "by": SYSTEM}
    actions.declare_strength(operation, polda, total=6566, as_of=announced, at=announced, **said)
    at = datetime(2024, 10, 1, 8, tzinfo=clock.WITA)
    values = {
        "unit": make.unit("polda-kalsel"),
        "region": Region.objects.get(code="63.03"),
        "personnel": 100,
        "status": "engaged",
        "controller": None,
        "task": "Penebalan",
        "starts_on": date(2024, 10, 1),
        "ends_on": date(2024, 12, 31),
        "source": "uji",
        "as_of": at,
        "quality": "reported",
    }
    return actions.place_deployment(operation, values, by=SYSTEM, at=at)


def test_figures_of_a_moment_are_those_in_place_then(at_map, forces):
    deployment = reinforced(forces)
    texts = [
        at_map.get(DATA, {"at": at, "within": "63"}).json()["regions"][2]["text"]
        for at in ("2024-09-30T20:00", "2024-10-01T20:00")
    ]

    assert int(texts[1]) - int(texts[0]) == deployment.personnel


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("2020-01-01T00:00", "Angka pukul 00.00 WITA, Sabtu, 24 Agustus 2024"),
        ("2024-11-12T20:00+08:00", "Angka pukul 20.00 WITA, Selasa, 12 November 2024"),
        ("2024-11-12T12:00Z", "Angka pukul 20.00 WITA, Selasa, 12 November 2024"),
    ],
)
def test_a_moment_outside_the_operation_is_moved_to_its_edge(at_map, at, shown):
    assert at_map.get(DATA, {"at": at}).json()["texts"]["moment"] == shown


@pytest.mark.parametrize("at", ["kemarin", "2024-13-01T00:00", "9999999-01-01", "' OR 1=1"])
@pytest.mark.parametrize("path", [PAGE, DATA, COMPARE, WALL, UNITS])
def test_an_unreadable_moment_is_404_and_never_now(at_map, path, at):
    assert at_map.get(path, {"at": at}).status_code == 404


def test_moments_are_classed_alike_and_now_is_cut_by_quantiles(at_map):
    def labels(**query):
        bands = at_map.get(DATA, query).json()["legend"]["bands"]
        return [band["label"] for band in bands]

    fixed = ["< 200", "200–<400", "400–<600", "600–<800", "≥ 800"]
    assert labels(at="2024-11-12T20:00") == fixed
    assert labels(classes="fixed") == fixed
    assert labels() == labels(classes="quantile") != fixed


def test_two_moments_of_one_measure_share_their_classes_and_show_the_change(at_map, forces):
    deployment = reinforced(forces)
    answer = at_map.get(COMPARE, {"at": "2024-09-30T20:00", "at2": "2024-10-01T20:00"})

    banjar = next(row for row in answer.context["rows"] if row["code"] == "63.03")
    assert int(banjar["right"]) - int(banjar["left"]) == deployment.personnel
    assert banjar["change"] == f"+{deployment.personnel}"
    assert all("steady=1" in side["query"] for side in answer.context["sides"])


def test_classes_of_two_moments_are_named_where_nothing_is_counted(at_map):
    asked = {"measure": "readiness", "at": "2024-11-19T20:00"}
    same = at_map.get(COMPARE, {**asked, "at2": asked["at"]})
    assert {row["change"] for row in same.context["rows"]} == {"tetap"}
    answer = at_map.get(COMPARE, asked)
    changed = {row["change"] for row in answer.context["rows"]}
    assert any(" → " in words for words in changed), changed


def test_two_measures_stand_side_by_side_without_a_difference(at_map):
    answer = at_map.get(COMPARE, {"measure": "gap", "measure2": "readiness"})
    html = answer.content.decode()

    assert [str(side["title"]) for side in answer.context["sides"]] == [
        "Kekuatan terhadap kebutuhan",
        "Kesiapan",
    ]
    assert {row["change"] for row in answer.context["rows"]} == {""}
    assert "Perubahan" not in html
    assert len(answer.context["rows"]) == 14


def test_version_is_304_until_something_changes(at_map):
    first = at_map.get(VERSION)
    again = at_map.get(VERSION, headers={"If-None-Match": first["ETag"]})
    deployment = Deployment.objects.filter(region="63.03").first()
    Deployment.objects.filter(pk=deployment.pk).update(personnel=deployment.personnel + 7)
    after = at_map.get(VERSION, headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code, after.status_code) == (200, 304, 200)
    assert first.json()["version"] != after.json()["version"]


def test_version_of_the_incidents_follows_them_only(at_map):
    def versions():
        return [
            at_map.get(VERSION, {"measure": key}).json()["version"]
            for key in ("strength", "incidents")
        ]

    before = versions()
    Incident.objects.update(updated_at=clock.now())
    after = versions()

    assert before[0] == after[0]
    assert (before[1] != after[1]) == Incident.objects.exists()


def test_units_stand_at_their_seat_and_open_their_region(at_map):
    units = at_map.get(UNITS, {"within": "63.03"}).json()["units"]

    assert sorted(unit["name"] for unit in units) == ["Kodim 1006", "Polres Banjar"]
    assert {unit["code"] for unit in units} == {"63.03"}
    assert all(-4.5 < unit["lat"] < -1 and 114 < unit["lon"] < 117 for unit in units)
    assert sum(unit["people"] for unit in units) == 480
    assert at_map.get(DATA, {"within": "63.03"}).json()["units"] == "/peta/satuan/?within=63.03"
    assert at_map.get(DATA).json()["units"] == ""


def test_units_of_others_are_no_points_for_a_liaison(forces, client, liaison_kpu, sign_in):
    answer = sign_in(client, liaison_kpu).get(UNITS, {"within": "63.03"}).json()

    assert answer == {"units": []}


def test_wall_says_how_old_it_is_and_renews_its_figures_alone(at_map):
    whole = at_map.get(WALL, {"measure": "missing"}).content.decode()
    part = at_map.get(WALL, {"measure": "missing"}, headers={"HX-Request": "true"}).content.decode()

    assert part.strip() in whole
    assert part.strip().startswith('<aside id="dinding-angka"')
    assert "Data per" in whole
    assert "data-stale=" in whole


def test_wall_never_hides_what_is_not_itemised(at_map):
    assert "tidak terperinci." not in at_map.get(WALL).content.decode()
    police = Agency.objects.get(slug="polda-kalsel")
    actions.declare_strength(
        make.operation(), police, total=6866, source="uji", as_of=NOW, by=SYSTEM, at=NOW
    )
    assert "400 orang tidak terperinci." in at_map.get(WALL).content.decode()


def test_controller_keeps_only_the_people_under_that_control(at_map):
    answer = at_map.get(DATA, {"controller": "polda-kalsel"}).json()
    html = at_map.get(PAGE, {"controller": "polda-kalsel"}).content.decode()

    assert [region["text"] for region in answer["regions"]] == ["30"] * 13
    assert "di bawah kendali Polda Kalsel" in html
    assert html.count('data-label="Personel tercatat">30<') == 13
    assert 'data-label="Personel tercatat">490<' in html


def test_strength_per_station_divides_by_the_published_stations(at_map):
    banjar = at_map.get(DATA, {"measure": "per_station"}).json()["regions"][2]
    stations = Figure.objects.filter(region="63.03", kind="polling_stations").order_by("-as_of")

    assert banjar["say"].startswith("480 personel terlibat untuk ")
    assert banjar["text"] in {
        f"{480 / figure.value:.2f}".replace(".", ",").rstrip("0") for figure in stations
    }


def test_share_of_grave_stations_is_polri_s_alone(at_map):
    answer = at_map.get(DATA, {"measure": "tps_class"}).json()
    html = at_map.get(PAGE, {"measure": "tps_class"}).content.decode()

    assert all(region["text"].endswith("%") for region in answer["regions"])
    assert sum(band["count"] for band in answer["legend"]["bands"]) == 13
    assert "Kelas TPS menurut Polri; bukan penilaian Bawaslu." in html


def test_index_is_read_in_hundredths_with_its_quality(at_map, forces):
    Figure.objects.filter(kind="ikp").delete()
    Figure.objects.create(
        region_id="63.03",
        kind="ikp",
        value=5870,
        as_of=date(2022, 12, 16),
        source="Uji",
        quality="illustrative",
    )
    answer = at_map.get(DATA, {"measure": "ikp", "classes": "fixed"}).json()
    banjar, tapin = answer["regions"][2], answer["regions"][4]

    assert (banjar["text"], banjar["style"]) == ("58,7", "concern-4")
    assert banjar["say"] == "IKP 58,7, data ilustrasi"
    assert (tapin["text"], tapin["style"]) == ("–", "none")


def test_sorting_by_the_measure_puts_the_greatest_first_and_the_unknown_last(at_map):
    query = {"measure": "per_station", "sort": "-figure"}
    html = at_map.get(PAGE, query, headers={"HX-Request": "true"}).content.decode()
    found = re.findall(r'data-label="Terlibat per TPS">([\d,–]+)<', html)[:13]
    figures = [float(text.replace(",", ".")) for text in found if text != "–"]

    assert figures == sorted(figures, reverse=True)
    assert len(ROWS.findall(html)) == 13


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        (DATA, 27),
        (f"{DATA}?at=2024-11-12T20:00", 27),
        (VERSION, 15),
        (f"{UNITS}?within=63.03", 14),
        (COMPARE, 49),
        (WALL, 27),
    ],
)
def test_number_of_queries_is_constant(at_map, django_assert_num_queries, path, queries):
    at_map.get(path)
    with django_assert_num_queries(queries):
        at_map.get(path)


def test_every_address_has_a_name():
    names = ["compare", "data", "export", "print", "units", "version", "wall"]
    assert [reverse(f"deployments:map_{name}") for name in names] == [
        COMPARE,
        DATA,
        "/peta/unduh/",
        "/peta/cetak/",
        UNITS,
        VERSION,
        WALL,
    ]
