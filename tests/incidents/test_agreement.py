"""Warnings over CAP, the reports and the statistics tell one truth: the same incidents, counted and
named alike, whoever prints them."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from lxml import etree

from deployments.maps.measure import Asked as AskedOfMap
from deployments.queries.sections import Asked
from incidents.actions.warning_acts import end_warning
from incidents.actions.warnings import evaluate_incident
from incidents.enums import Severity
from incidents.enums.warning import WarningState
from incidents.exports import daily_incidents
from incidents.exports.cap import SEVERITIES
from incidents.maps import WEEK_OF_INCIDENTS
from incidents.models import EarlyWarning
from portal.access.actor import SYSTEM
from portal.access.classification import Classification
from portal.registry.models import Operation, Region
from portal.web.templatetags.portal import wita as printed
from tests.factories.gakkumdu import wita
from tests.factories.incidents import report
from tests.factories.warnings import DISTRICT, rule

CAP = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}
NOON, EVENING = wita(11, 20, 12), wita(11, 20, 18)
PROVINCE_QUERY = {"region": "63", "day": "2024-11-20", "hour": "18"}


@pytest.fixture
def afternoon(coordinator, liaison_kpu, client, sign_in, demo_clock):
    """Six incidents of one half day, one of them secret, and the warning that three floods gave."""
    demo_clock(EVENING + timedelta(minutes=5))
    rule()
    told = [
        report(coordinator, at=NOON, region=DISTRICT),
        report(coordinator, at=NOON + timedelta(hours=1), region=DISTRICT, severity=Severity.HIGH),
        report(coordinator, at=NOON + timedelta(hours=2), region=DISTRICT),
        report(liaison_kpu, at=NOON, code="B3", region="63.71"),
        report(coordinator, at=NOON, region="63.05", severity=Severity.LOW),
        report(coordinator, at=NOON, region="63.05", classification=Classification.RAHASIA),
    ]
    for incident in told:
        evaluate_incident(incident, by=SYSTEM, at=incident.reported_at)
    sign_in(client, coordinator)
    return told


def asked_of_paper(actor) -> Asked:
    operation = Operation.objects.get(slug="mantap-praja-intan-2024")
    return Asked(actor, operation, EVENING, Region.objects.get(code="63"))


def test_reports_statistics_list_and_map_count_the_same(afternoon, coordinator, client):
    figures = client.get("/api/v1/incidents/statistics/").json()
    report_ = client.get("/api/v1/situation-reports/", PROVINCE_QUERY).json()
    listed = client.get("/api/v1/incidents/").json()["results"]

    assert figures["total"] == len(listed) == len(report_["new"]) + report_["withheld"] == 6
    open_numbers = {row["number"] for row in listed if row["classification"] <= 2}
    assert {row["number"] for row in report_["new"]} == open_numbers
    assert len(open_numbers) == 5

    # The paper tells the secret one as a number only; what remains is the same per severity, type.
    secret = Counter({"Sedang": 1}), Counter({afternoon[-1].type.label: 1})
    names = {str(value): str(label) for value, label in Severity.choices}
    by_severity = Counter({names[key]: number for key, number in figures["severities"].items()})
    by_severity -= secret[0]
    by_type = Counter({row["label"]: row["total"] for row in figures["types"]}) - secret[1]
    assert {row["label"]: row["new"] for row in report_["by_severity"]} == by_severity
    assert {row["label"]: row["new"] for row in report_["by_type"]} == by_type

    daily = daily_incidents(asked_of_paper(coordinator)).rows
    lines = [row for row in daily if row[1] != "–"]
    assert {row[1].partition(" ")[0] for row in lines} == open_numbers
    assert dict(Counter(row[3] for row in lines)) == by_severity
    assert dict(Counter(row[1].partition(" · ")[2] for row in lines)) == by_type

    places = {row["key"]: row["total"] for row in figures["places"]}
    asked = AskedOfMap(
        coordinator, asked_of_paper(coordinator).operation, EVENING, "63", tuple(places), {}
    )
    on_map = {code: fact.value or 0 for code, fact in WEEK_OF_INCIDENTS.facts(asked).items()}
    assert on_map == places


def test_the_message_is_the_warning_of_the_report(afternoon, client):
    warning = EarlyWarning.objects.get()
    report_ = client.get("/api/v1/situation-reports/", PROVINCE_QUERY).json()
    page = client.get(reverse("incidents:situation"), PROVINCE_QUERY).content.decode()
    alert = etree.fromstring(
        client.get(reverse("incidents:warning_cap", args=[warning.pk])).content
    )
    (info, _english) = alert.findall("c:info", CAP)

    def said(path: str) -> str:
        return info.find("c:" + path.replace("/", "/c:"), CAP).text

    (row,) = report_["warnings"]
    assert alert.find("c:identifier", CAP).text.partition(".")[0] == row["number"]
    assert said("event") == row["rule"]
    assert said("severity") == SEVERITIES[row["severity"]] == "Severe"
    assert said("area/areaDesc") == row["place"]
    expires = datetime.fromisoformat(said("expires"))
    assert expires == datetime.fromisoformat(row["valid_until"]) == warning.valid_until
    assert row["number"] in page
    assert printed(warning.valid_until) in page

    # What it rests on are the incidents that the statistics count there.
    figures = client.get(
        "/api/v1/incidents/statistics/", {"region": DISTRICT[:5], "type": "F1"}
    ).json()
    places = {one["key"]: one["total"] for one in figures["places"]}
    assert warning.facts.count() == places[DISTRICT] == 3


def test_a_report_of_then_still_names_what_was_called_off_since(afternoon, coordinator, client):
    warning = EarlyWarning.objects.get()
    later = EVENING + timedelta(minutes=1)
    end_warning(warning, WarningState.CANCELLED, reason="Surut.", by=coordinator, at=later)

    report_ = client.get("/api/v1/situation-reports/", PROVINCE_QUERY).json()
    assert [row["number"] for row in report_["warnings"]] == [warning.number]

    elsewhere = client.get("/api/v1/situation-reports/", PROVINCE_QUERY | {"region": "63.71"})
    morning = client.get("/api/v1/situation-reports/", PROVINCE_QUERY | {"hour": "6"})
    assert elsewhere.json()["warnings"] == morning.json()["warnings"] == []


@pytest.mark.parametrize(("hours", "valid"), [(12, wita(11, 21, 1)), (4, None)])
def test_validity_is_that_of_the_cut_off(coordinator, client, sign_in, demo_clock, hours, valid):
    """Prolonged, or given anew, after the cut-off: the report of then keeps what was known then."""
    rule(valid_hours=hours)
    for at in (NOON, NOON + timedelta(hours=1), EVENING + timedelta(hours=1)):
        incident = report(coordinator, at=at, region=DISTRICT)
        evaluate_incident(incident, by=SYSTEM, at=at)
    demo_clock(EVENING + timedelta(days=1))
    sign_in(client, coordinator)

    told = client.get("/api/v1/situation-reports/", PROVINCE_QUERY).json()["warnings"]
    assert [datetime.fromisoformat(row["valid_until"]) for row in told] == [valid] * bool(valid)
