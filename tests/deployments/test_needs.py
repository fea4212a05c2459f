"""The need at polling stations: from the stations, per Polres, and the re-vote's 424."""

import csv
import io
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.db.models import Count, Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deployments import actions
from deployments.models import GuardPattern, StationClass, StationTag
from deployments.queries import guard_needs, need_books, need_table, rollup_rows
from portal import clock
from portal.access.actor import SYSTEM
from portal.home.demo import stations as demo_stations
from portal.registry.models import Agency, Operation, PollingStation, Region, Unit
from tests.deployments.test_patterns import pattern
from tests.deployments.test_strength import NEED, NOW
from tests.factories import deployments as make

REVOTE_DAY = datetime(2025, 4, 19, 8, tzinfo=clock.WITA)


@pytest.fixture
def stations(forces_and_stations) -> Operation:
    return forces_and_stations


def test_stations_are_the_published_numbers(stations):
    own = PollingStation.objects.of(stations)
    assert own.count() == 7382
    assert own.aggregate(voters=Sum("voters"))["voters"] == 3_041_499
    assert own.filter(district__in=demo_stations.NEXT_DOOR).count() == 80
    classes = StationClass.objects.filter(station__operation=stations)
    assert dict(classes.values_list("tps_class").annotate(number=Count("pk")).order_by()) == {
        "kurang_rawan": 7031,
        "rawan": 280,
        "sangat_rawan": 38,
        "khusus": 33,
    }
    tags = StationTag.objects.values_list("indicator").annotate(number=Count("pk")).order_by()
    assert dict(tags) == demo_stations.TAGS


def test_need_from_the_stations_is_the_published_column(stations):
    polda = Agency.objects.get(slug="polda-kalsel").pk
    needs = guard_needs(stations, NOW)
    assert {code: need for (_agency, code), need in needs.items() if len(code) == 5} == NEED
    assert needs[polda, "63"] == 2194
    assert len([code for _agency, code in needs if len(code) == 8]) == 156


def test_polres_add_up_to_the_province_across_the_regency_border(stations):
    [book] = need_books(stations, NOW)
    by_unit = {Unit.objects.get(pk=unit).slug: need.police for unit, need in book.units.items()}
    assert (by_unit["polres-banjarbaru"], by_unit["polres-banjar"]) == (124 + 20, 330 - 20)
    assert sum(by_unit.values()) == 2194


def test_re_vote_needs_424_on_page_and_api_and_in_the_file(stations, client, sign_in, auditor):
    revote = Operation.objects.get(slug=demo_stations.REVOTE)
    table = need_table(revote, REVOTE_DAY, Region.objects.get(code="63"))
    assert (table.total.need, table.total.stations, table.total.linmas) == (424, 403, 806)
    assert (table.total.engaged, table.total.gap) == (425, -1)
    assert [row.region for row in table.rows] == ["63.72"]
    sign_in(client, auditor)
    query = {"operation": demo_stations.REVOTE}
    page = client.get(reverse("deployments:need"), query)
    assert page.context["total"]["row"].need == 424
    assert ">424<" in page.content.decode()
    api = client.get("/api/v1/guard-needs/", query).json()
    assert (api["total"]["need"], api["rows"][0]["gap"]) == (424, -1)
    assert [part["police"] for part in api["parts"]] == [382, 42]
    assert need_file(client, urlencode(query))[-4:] == ["424", "425", "1", "806"]


def need_file(client, query: str) -> list[str]:
    """The province's row of the file."""
    address = reverse("exports:create", args=["kebutuhan-pam-tps"])
    answer = client.post(address, {"format": "csv", "query": query})
    rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    return [row for row in rows if row[:1] == ["63"]][-1]


def test_page_api_and_file_show_the_same_2194(stations, client, sign_in, auditor):
    sign_in(client, auditor)
    page = client.get(reverse("deployments:need"))
    api = client.get("/api/v1/guard-needs/").json()
    rollups = client.get("/api/v1/rollups/?level=province&agency=polda-kalsel").json()
    assert api["total"]["need"] == rollups["results"][0]["need"] == 2194
    assert page.context["total"]["row"].need == 2194
    assert {row["region"]: row["need"] for row in api["rows"] if row["need"]} == NEED
    assert sum(part["police"] for part in api["parts"]) == 2194
    assert sum(row["engaged"] for row in api["rows"]) == api["total"]["engaged"] == 6466
    assert need_file(client, "")[-4] == "2194"


def test_districts_round_up_on_their_own_and_the_page_says_so(stations, client, sign_in, auditor):
    table = need_table(stations, NOW, Region.objects.get(code="63.03"))
    districts = {row.region: row.need for row in table.rows if not row.undistributed}
    assert table.total.need == 330
    assert sum(districts.values()) > 330
    assert sum(row.stations for row in table.rows) == table.total.stations == 1101
    assert districts["63.03.01"] == 14  # 49 stations, 7 teams of 8
    [rest] = [row for row in table.rows if row.undistributed]
    assert (rest.engaged, table.total.engaged) == (450, 450)
    rows = rollup_rows(
        stations, level="district", agency_slug="polda-kalsel", at=NOW, within="63.03"
    )
    assert {row.region: row.need for row in rows if not row.undistributed} == districts
    page = sign_in(client, auditor).get(reverse("deployments:need"), {"region": "63.03"})
    assert "dibulatkan sendiri-sendiri" in page.content.decode()


def test_the_past_keeps_the_need_that_was_shown(stations, liaison_polda):
    polda, late = Agency.objects.get(slug="polda-kalsel").pk, NOW + timedelta(hours=1)
    pattern(stations, liaison_polda, late, tps=4, linmas=8, valid_from=date(2024, 9, 1))
    assert guard_needs(stations, NOW)[polda, "63"] == 2194
    assert guard_needs(stations, late)[polda, "63"] > 2194


def test_polres_own_pattern_goes_before_the_agencys(stations, liaison_polda):
    polda, unit = Agency.objects.get(slug="polda-kalsel").pk, make.unit("polres-banjarbaru")
    own = pattern(stations, liaison_polda, unit=unit, tps=5, linmas=10)
    needs = guard_needs(stations, NOW)
    # 385 stations in the city and 80 next door: 77 and 16 teams of 5.
    assert needs[polda, "63.72"] == 77 * 2 + 26
    assert needs[polda, "63.03"] == 310 + 16 * 2
    actions.end_guard_pattern(own, valid_to=NOW.date(), reason="uji", by=liaison_polda, at=NOW)
    tomorrow = NOW + timedelta(days=1)
    assert guard_needs(stations, tomorrow)[polda, "63.72"] == NEED["63.72"]
    assert guard_needs(stations, NOW)[polda, "63.72"] == 77 * 2 + 26


def test_patterns_are_set_and_ended_by_the_police_only(
    stations, client, sign_in, liaison_polda, liaison_korem, posko_banjar
):
    create = reverse("deployments:pattern_create")
    values = {
        "unit": make.unit("polres-tapin").pk,
        "tps_class": "kurang_rawan",
        "police": 1,
        "tps": 5,
        "linmas": 5,
        "valid_from": "2024-11-20",
        "source": "Rengiat Polres",
    }
    for actor in (liaison_korem, posko_banjar):
        assert sign_in(client, actor).post(create, values).status_code == 403
    sign_in(client, liaison_polda)
    refused = client.post(create, values).content.decode()
    assert "Linmas dua per TPS: 10 untuk 5 TPS." in refused
    assert 'value="Rengiat Polres"' in refused
    client.post(create, values | {"linmas_override": "on"})
    own = GuardPattern.objects.get(source="Rengiat Polres")
    assert (str(own), own.unit.slug, own.linmas_override) == ("1:5:5", "polres-tapin", True)
    end = reverse("deployments:pattern_end", args=[own.pk])
    past = client.post(end, {"valid_to": "2024-11-01", "reason": "x"}).content.decode()
    assert "Pola paling awal berakhir 20 Nov 2024." in past
    client.post(end, {"valid_to": "2024-11-25", "reason": "Selesai"})
    own.refresh_from_db()
    assert own.valid_to == date(2024, 11, 25)
    assert sign_in(client, liaison_korem).post(end, {}).status_code == 403
    page = client.get(reverse("deployments:pattern_list"))
    assert [row["end_url"] for row in page.context["standing"]] == [""] * 5
    api = client.get("/api/v1/guard-patterns/", {"tps_class": "kurang_rawan"}).json()
    assert {row["unit"] for row in api["results"]} == {None, "polres-tapin"}


def test_need_page_costs_the_same_whatever_the_stations(stations, client, sign_in, auditor):
    sign_in(client, auditor)
    costs = []
    for query in ({}, {"region": "63.03"}, {"operation": demo_stations.REVOTE}):
        client.get(reverse("deployments:need"), query)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("deployments:need"), query)
        costs.append(len(queries))
    assert costs == [32, 32, 32]


def test_list_of_all_stations_costs_what_a_list_of_one_does(stations, client, sign_in, auditor):
    sign_in(client, auditor)
    client.get(reverse("deployments:station_list"))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("deployments:station_list"))
    assert page.context["page"].paginator.count == 7382
    assert len(queries) == 14


def test_need_of_a_district_or_of_nothing_is_not_found(stations, client, sign_in, auditor):
    sign_in(client, auditor)
    for query in ({"region": "63.03.01"}, {"region": "99"}, {"operation": "tidak-ada"}):
        assert client.get(reverse("deployments:need"), query).status_code == 404


def test_need_page_shows_the_moment_asked_for(stations, client, sign_in, auditor, settings):
    settings.DEMO_NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
    settings.DEMO_ANCHOR = clock.true_now().timestamp()
    address = reverse("deployments:need")
    sign_in(client, auditor)
    before = client.get(address).context["total"]["row"].need
    values = {"police": 40, "tps": 2, "linmas": 4, "source": "uji"}
    actions.set_guard_pattern(
        make.operation(), Agency.objects.get(slug="polda-kalsel"), tps_class="kurang_rawan",
        valid_from=date(2024, 11, 25), by=SYSTEM, at=settings.DEMO_NOW, **values,
    )  # fmt: skip
    plan = client.get(address, {"at": "2024-11-27T20:00"})
    assert client.get(address).context["total"]["row"].need == before
    assert plan.context["total"]["row"].need > before
    assert "rencana untuk" in plan.content.decode()
    assert "at=2024-11-27T20%3A00" in plan.content.decode()
    past = client.get(address, {"at": "2024-11-12T20:00"}).content.decode()
    assert "12 Nov 2024, 20.00" in past
    assert "rencana untuk" not in past
    assert client.get(address, {"at": "kemarin"}).status_code == 404
