"""The map's pages and data: the same figures everywhere, cheap when nothing changed."""

import gzip
import json
import re
from datetime import datetime

import pytest
from django.urls import reverse

from deployments import actions
from deployments.models import Deployment
from deployments.queries import rollup_rows
from portal import clock
from portal.access.actor import SYSTEM
from portal.registry.models import Agency, Region

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
PAGE = "/peta/"
SUM = re.compile(r'data-sum="declared">([\d.]+)<')


@pytest.fixture
def at_map(forces, client, commander, sign_in):
    return sign_in(client, commander)


def data(client, **query) -> dict:
    return client.get(reverse("deployments:map_data"), query).json()


def total(html: str) -> int:
    """The declared strength in the table's last line."""
    return int(SUM.findall(html)[-1].replace(".", ""))


@pytest.mark.parametrize(
    ("agency", "people_declared"), [("korem-101", 2041), ("polda-kalsel", 6466)]
)
def test_sum_of_table_equals_declaration_and_api(at_map, forces, agency, people_declared):
    html = at_map.get(PAGE, {"agency": agency}).content.decode()
    rows = rollup_rows(forces, level="regency", agency_slug=agency, at=clock.now())
    answer = at_map.get("/api/v1/rollups/", {"level": "province", "agency": agency}).json()

    assert total(html) == people_declared
    assert sum(row.declared for row in rows) == people_declared
    assert [row["declared"] for row in answer["results"] if not row.get("undistributed")] == [
        people_declared
    ]


def test_data_names_every_regency_once(at_map):
    answer = data(at_map)

    assert sorted(answer) == [
        "around",
        "as_of",
        "boundaries",
        "language",
        "legend",
        "level",
        "measure",
        "regions",
        "texts",
        "units",
        "within",
    ]
    codes = Region.objects.regencies().order_by("code").values_list("code", flat=True)
    assert [region["code"] for region in answer["regions"]] == list(codes)
    banjar = answer["regions"][2]
    assert banjar == {
        "code": "63.03",
        "name": "Kabupaten Banjar",
        "name_on_map": "Banjar",
        "short": "Banjar",
        "style": banjar["style"],
        "text": banjar["text"],
        "say": f"{banjar['text']} personel",
        "hatched": False,
        "panel": "/peta/wilayah/63.03/?",
    }
    assert sum(band["count"] for band in answer["legend"]["bands"]) == 13


def test_silent_region_is_hatched_and_never_green(at_map):
    tapin = next(r for r in data(at_map, measure="missing")["regions"] if r["code"] == "63.05")
    readiness = data(at_map, measure="readiness")["regions"]

    assert tapin["hatched"]
    assert not any(r["hatched"] and r["style"] == "light-ready" for r in readiness)


def test_unchanged_data_is_304(at_map):
    address = reverse("deployments:map_data")
    first = at_map.get(address)
    again = at_map.get(address, headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert again.content == b""


def test_changed_strength_changes_etag_and_figure(at_map):
    address = reverse("deployments:map_data")
    before = at_map.get(address)
    deployment = Deployment.objects.filter(region="63.03").first()
    deployment.personnel -= 7
    actions.settle(deployment, by=SYSTEM, at=clock.now(), reason="uji")
    after = at_map.get(address, headers={"If-None-Match": before["ETag"]})

    assert after.status_code == 200
    figures = [
        int(reply.json()["regions"][2]["text"].replace(".", "")) for reply in (before, after)
    ]
    assert figures[0] - figures[1] == 7


def test_drill_shows_districts_and_what_is_not_itemised(at_map):
    answer = data(at_map, within="63.03")
    html = at_map.get(PAGE, {"within": "63.03"}).content.decode()

    assert answer["level"] == "district"
    assert len(answer["regions"]) == 20
    assert "Tidak terperinci per kecamatan" in html


def test_boundaries_are_small_and_cached_for_good(at_map):
    address = data(at_map)["boundaries"]
    answer = at_map.get(address, headers={"Accept-Encoding": "gzip"})
    again = at_map.get(address, headers={"If-None-Match": answer["ETag"]})

    assert len(answer.content) < 60_000
    assert "immutable" in answer["Cache-Control"]
    features = json.loads(gzip.decompress(answer.content))["features"]
    assert len(features) == 13
    assert again.status_code == 304


def test_land_is_served_from_our_own_origin(at_map):
    answer = at_map.get(reverse("deployments:map_land"))

    assert answer["Content-Type"] == "application/geo+json"
    assert answer.json()["features"]


def test_page_names_no_outside_address(at_map):
    html = at_map.get(PAGE).content.decode()

    assert re.findall(r'(?:src|href)="(?:https?:)?//', html) == []
    assert "Batas perkiraan, bukan acuan resmi." in html


def test_htmx_gets_the_table_alone(at_map):
    whole = at_map.get(PAGE, {"measure": "gap", "sort": "-gap"}).content.decode()
    part = at_map.get(
        PAGE, {"measure": "gap", "sort": "-gap"}, headers={"HX-Request": "true"}
    ).content.decode()

    assert part.strip() in whole
    assert part.strip().startswith('<div id="peta-tabel"')


def test_htmx_gets_the_panel_alone(at_map):
    address = reverse("deployments:map_panel", args=["63.03"])
    part = at_map.get(address, headers={"HX-Request": "true"}).content.decode()
    whole = at_map.get(address).content.decode()

    assert part.strip() in whole
    assert "Polres Banjar" in part
    assert "<html" not in part


def test_sorting_puts_the_greatest_gap_first(at_map):
    html = at_map.get(PAGE, {"sort": "-declared"}).content.decode()
    figures = [
        int(text.replace(".", "")) for text in re.findall(r'data-label="Tercatat">([\d.]+)<', html)
    ]

    assert figures == sorted(figures, reverse=True)
    assert 'aria-sort="descending"' in html


@pytest.mark.parametrize(
    ("sort", "direction", "turn"),
    [("", "", "gap"), ("gap", "ascending", "-gap"), ("-gap", "descending", "gap")],
)
def test_the_arrow_of_the_gap_follows_the_figures_shown(at_map, sort, direction, turn):
    heads = at_map.get(PAGE, {"measure": "gap", "sort": sort}).context["heads"]
    [head] = [head for head in heads if head["label"] == "Selisih"]

    assert (head["direction"], head["order"]) == (direction, turn)


def test_classes_of_like_size_are_kept_by_the_gap_and_counted_only_where_they_count(at_map):
    gap = at_map.get(PAGE, {"measure": "gap", "classes": "quantile"}).context
    lights = at_map.get(PAGE, {"measure": "readiness", "classes": "quantile"}).context

    assert str(gap["choice"].measure.legend) == "Terlibat dikurangi kebutuhan"
    assert "measure=gap" in gap["query"] and "classes=quantile" in gap["query"]
    assert (gap["narrowings"], lights["narrowings"]) == (1, 0)


def test_panel_of_a_liaison_lists_own_units_only(forces, client, liaison_kpu, sign_in):
    address = reverse("deployments:map_panel", args=["63.03"])
    html = sign_in(client, liaison_kpu).get(address).content.decode()

    assert "Polres Banjar" not in html
    assert "Tidak ada satuan yang boleh Anda lihat terperinci" in html
    assert ">450<" in html


@pytest.mark.parametrize(
    "name",
    [
        "map",
        "map_boundaries",
        "map_compare",
        "map_data",
        "map_export",
        "map_land",
        "map_print",
        "map_units",
        "map_version",
        "map_wall",
    ],
)
def test_administrator_may_not_see_the_map(client, admin, sign_in, name):
    assert sign_in(client, admin).get(reverse(f"deployments:{name}")).status_code == 403


@pytest.mark.parametrize(
    "query",
    [{"agency": "tidak-ada"}, {"within": "99"}, {"within": "63.03.01"}, {"within": "63' OR 1=1"}],
)
def test_unknown_agency_or_region_is_404(at_map, query):
    assert at_map.get(PAGE, query).status_code == 404
    assert at_map.get(reverse("deployments:map_data"), query).status_code == 404


def test_unknown_measure_and_sort_show_the_default(at_map):
    answer = at_map.get(PAGE, {"measure": "suara", "sort": "drop table"})

    assert answer.status_code == 200
    assert answer.context["choice"].measure.key == "strength"
    assert answer.context["choice"].sort == ""


def test_unknown_panel_and_boundaries_are_404(at_map):
    assert at_map.get(reverse("deployments:map_panel", args=["99.99"])).status_code == 404
    assert at_map.get(reverse("deployments:map_boundaries"), {"level": "x"}).status_code == 404


def test_agency_without_people_shows_dashes(at_map):
    answer = data(at_map, agency="kpu-kalsel")

    assert {region["text"] for region in answer["regions"]} == {"–"}
    assert at_map.get(PAGE, {"agency": "kpu-kalsel"}).status_code == 200
    assert Agency.objects.filter(slug="kpu-kalsel").exists()


@pytest.mark.parametrize(
    ("path", "queries"), [("/peta/", 60), ("/peta/data/", 27), ("/peta/wilayah/63.03/", 61)]
)
def test_number_of_queries_is_constant(at_map, django_assert_num_queries, path, queries):
    at_map.get(path)
    with django_assert_num_queries(queries):
        at_map.get(path)
