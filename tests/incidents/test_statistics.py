"""Incidents in figures: each table sums up to what the list counts, for every reader."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from deployments.maps.measure import Asked
from incidents.actions.grouping import merge_incident
from incidents.enums import Severity
from incidents.filters import IncidentListFilter
from incidents.maps import WEEK_OF_INCIDENTS
from incidents.models import Incident
from incidents.queries.statistics import shade, statistics
from incidents.queries.trend import HEIGHT, ceiling, step, trend
from portal import clock
from portal.access.classification import Classification
from portal.registry.models import Operation
from portal.registry.queries.stages import main_spans, main_stage
from tests.factories.incidents import AT, report

PAGE = reverse("incidents:incident_statistics")
API = "/api/v1/incidents/statistics/"


def day(month: int, number: int, hour: int = 9) -> datetime:
    return datetime(2024, month, number, hour, tzinfo=clock.WITA)


@pytest.fixture
def operation(db) -> Operation:
    return Operation.objects.get(slug="mantap-praja-intan-2024")


@pytest.fixture
def season(liaison_kpu) -> list[Incident]:
    """Six incidents over the season: one before the operation, one in each of four stages, and a
    second one on the day of the campaign's."""
    return [
        report(liaison_kpu, at=day(8, 1), region="63.71"),
        report(liaison_kpu, at=day(8, 25), region="63.03.17"),
        report(liaison_kpu, at=day(9, 24), code="B3", region="63.03"),
        report(liaison_kpu, at=day(10, 9), severity=Severity.CRITICAL),
        report(liaison_kpu, at=day(10, 9, 23), region="63.05", severity=Severity.LOW),
        report(liaison_kpu, at=day(11, 27, 7)),
    ]


LATE = day(12, 1)


def figures(actor, operation, at=LATE, **asked):
    filters = IncidentListFilter(asked, Incident.objects.visible_to(actor))
    return statistics(filters.qs, operation, at)


def test_each_table_has_the_same_sum(season, coordinator, operation):
    told = figures(coordinator, operation)

    assert told.total == len(season) == 6
    assert told.severities == (1, 4, 0, 1)
    assert sum(week.total for week in told.weeks) + told.earlier == 6
    for table in (told.stages, told.types, told.places):
        assert sum(row.total for row in table) == 6
        assert all(sum(row.severities) == row.total for row in table)
        assert tuple(map(sum, zip(*(row.severities for row in table), strict=True))) == (1, 4, 0, 1)


def test_stages_begin_before_the_operation_and_end_with_what_no_stage_names(
    season, coordinator, operation
):
    told = figures(coordinator, operation)

    assert [(row.key, row.total) for row in told.stages if row.total] == [
        ("before", 1),
        ("candidacy_announcement", 1),
        ("campaign", 2),
        ("voting", 1),
        ("between", 1),
    ]
    by_key = {row.key: row for row in told.stages}
    assert (by_key["campaign"].days, by_key["voting"].days) == (60, 1)
    assert by_key["campaign"].daily == pytest.approx(2 / 60)
    assert (by_key["before"].days, by_key["before"].daily) == (0, None)
    assert by_key["candidacy_announcement"].most == "Banjir/longsor/cuaca ekstrem/gelombang"


def test_a_running_stage_has_lasted_until_now_only(season, coordinator, operation):
    told = figures(coordinator, operation, at=day(10, 10, 0))

    assert told.total == 5
    assert (told.stages[-2].key, told.stages[-2].days) == ("campaign", 15)
    assert "voting" not in {row.key for row in told.stages}


@pytest.mark.parametrize("moment", [day(8, 24, 0), day(9, 24, 5), day(11, 23, 23), day(11, 27, 0)])
def test_spans_name_the_stage_of_the_moment(operation, moment):
    spans = main_spans(operation, day(8, 24, 0), LATE)

    [span] = [span for span in spans if span.begins <= moment < span.ends]
    assert span.stage == main_stage(operation, moment)


def test_spans_have_neither_gap_nor_overlap(operation):
    since, until = day(8, 24, 0), LATE
    spans = main_spans(operation, since, until)

    assert (spans[0].begins, spans[-1].ends) == (since, until)
    assert all(a.ends == b.begins for a, b in zip(spans, spans[1:], strict=False))
    assert main_spans(operation, since, since) == []


def test_weeks_run_from_monday_in_wita_and_those_without_anything_stand(
    liaison_kpu, coordinator, operation
):
    report(liaison_kpu, at=day(9, 2, 0))
    report(liaison_kpu, at=day(9, 1, 23))
    told = figures(coordinator, operation, at=day(9, 12))

    assert [(week.monday, week.total) for week in told.weeks] == [
        (date(2024, 8, 19), 0),
        (date(2024, 8, 26), 1),
        (date(2024, 9, 2), 1),
        (date(2024, 9, 9), 0),
    ]


def test_places_are_the_regencies_or_the_kecamatan_of_one(season, coordinator, operation):
    told = figures(coordinator, operation)
    by_key = {row.key: row for row in told.places}
    assert (len(told.places), by_key["63.03"].total, by_key["63.71"].total) == (13, 4, 1)
    assert "" not in by_key
    assert by_key["63.71"].weeks == ((0, 0),) * 13

    inside = Incident.objects.visible_to(coordinator).in_region("63.03")
    below = statistics(inside, operation, LATE, within="63.03")
    assert sum(row.total for row in below.places) == below.total == 4
    assert {row.key: row.total for row in below.places if row.total} == {"63.03.17": 1, "": 3}


def test_a_merged_incident_counts_once(liaison_kpu, coordinator, operation):
    kept, gone = report(liaison_kpu), report(liaison_kpu)
    merge_incident(gone, into=kept, reason="Sama.", by=coordinator, at=AT)

    assert figures(coordinator, operation).total == 1


def test_everybody_counts_what_he_sees(
    liaison_kpu, liaison_bawaslu, posko_banjar, coordinator, commander, operation
):
    report(liaison_kpu, region="63.71")
    report(liaison_kpu, region="63.03.17")
    report(coordinator, classification=Classification.RAHASIA)

    seen = [
        figures(who, operation).total
        for who in (commander, posko_banjar, liaison_kpu, liaison_bawaslu)
    ]
    listed = [
        Incident.objects.visible_to(who).count()
        for who in (commander, posko_banjar, liaison_kpu, liaison_bawaslu)
    ]
    assert seen == listed
    assert seen[0] == 3 and seen[3] == 0


def test_page_list_and_api_agree_under_a_filter(client, sign_in, season, coordinator, demo_clock):
    demo_clock(LATE)
    sign_in(client, coordinator)
    asked = {"region": "63.03", "type": "F1"}

    page = client.get(PAGE, asked)
    listed = client.get(reverse("incidents:incident_list"), asked)
    told = client.get(API, asked).json()

    assert page.context["figures"].total == listed.context["page"].paginator.count == 3
    assert (told["total"], told["severities"]) == (3, {"1": 0, "2": 2, "3": 0, "4": 1})
    assert [row["total"] for row in told["places"]] == [
        row.total for row in page.context["figures"].places
    ]
    assert [row["total"] for row in told["stages"]] == [
        row.total for row in page.context["figures"].stages
    ]


def test_page_says_that_none_is_no_statement_of_safety(client, sign_in, liaison_bawaslu):
    page = sign_in(client, liaison_bawaslu).get(PAGE).content.decode()

    assert "Ini bukan pernyataan aman." in page


def test_rows_lead_to_what_is_behind_them_under_the_same_filter(
    client, sign_in, season, coordinator, demo_clock
):
    demo_clock(LATE)
    context = sign_in(client, coordinator).get(PAGE, {"severity": "2"}).context

    for row, url in context["types"]:
        assert client.get(url).context["page"].paginator.count == row.total
    [inside] = [url for row, url in context["places"] if row.key == "63.03"]
    assert inside == "?severity=2&region=63.03"
    assert client.get(PAGE + inside).context["figures"].within == "63.03"


def test_page_costs_the_same_whatever_it_counts(
    client, sign_in, liaison_kpu, coordinator, django_assert_num_queries, demo_clock
):
    demo_clock(LATE)
    report(liaison_kpu)
    sign_in(client, coordinator).get(PAGE)
    with django_assert_num_queries(QUERIES := 14):
        client.get(PAGE)
    for code in ("A1", "B3"):
        report(liaison_kpu, code=code, region="63.05")
    with django_assert_num_queries(QUERIES):
        client.get(PAGE)


@pytest.mark.parametrize(
    ("most", "distance", "top"),
    [(0, 1, 1), (1, 1, 1), (4, 1, 4), (5, 2, 6), (9, 5, 10), (17, 5, 20), (41, 20, 60)],
)
def test_lines_stand_on_round_numbers(most, distance, top):
    assert (step(max(most, 1)), ceiling(most)) == (distance, top)


def test_bars_reach_as_high_as_their_number(season, coordinator, operation):
    told = figures(coordinator, operation)
    drawn = trend(told.weeks)

    heights = [sum(float(part.height) for part in bar.parts) for bar in drawn.bars]
    most = max(week.total for week in told.weeks)
    assert heights == pytest.approx(
        [week.total * HEIGHT / ceiling(most) for week in told.weeks], abs=0.2
    )
    busiest = drawn.bars[[week.total for week in told.weeks].index(2)]
    assert busiest.say == "Pekan 7 Okt 2024: 2 kejadian"
    assert [part.severity for part in busiest.parts] == [1, 4]


@pytest.mark.parametrize(
    ("number", "most", "expected"), [(0, 9, 0), (1, 100, 1), (9, 9, 5), (5, 9, 3), (0, 0, 0)]
)
def test_shades_are_five_equal_steps(number, most, expected):
    assert shade(number, most) == expected


def test_the_map_tells_the_week_before_its_moment(season, liaison_kpu, coordinator, operation):
    codes = ("63.03", "63.71", "63")

    def told(at, actor=coordinator, agency="") -> dict[str, float | None]:
        asked = Asked(actor, operation, at, "63", codes, {}, agency=agency)
        facts = WEEK_OF_INCIDENTS.facts(asked)
        return {code: fact.value for code, fact in facts.items()}

    assert told(day(10, 10)) == {"63.03": 1, "63.71": None, "63": 2}
    assert told(day(10, 16, 9)) == {"63.03": None, "63.71": None, "63": 1}
    assert told(day(10, 17)) == dict.fromkeys(codes)
    assert told(day(8, 2)) == {"63.03": None, "63.71": 1, "63": 1}
