"""A warning as CAP 1.2: the rules of the standard, and the same truth as the warning's sheet."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from lxml import etree

from incidents.actions.warning_acts import end_warning
from incidents.actions.warnings import evaluate_incident
from incidents.enums.warning import WarningState
from incidents.exports.cap import cap_message
from incidents.models import EarlyWarning
from portal.access.actor import SYSTEM
from portal.registry.models import Boundary
from tests.factories.incidents import AT, report
from tests.factories.warnings import DISTRICT, raised

NAMES = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("cap-1.2.xsd")))
LATER = AT + timedelta(hours=2)


def message(warning: EarlyWarning) -> etree._Element:
    """The newest one, held against the standard's schema."""
    warning.refresh_from_db()
    xml = cap_message(warning, list(warning.entries.order_by("at", "pk")))
    alert = etree.fromstring(xml)
    SCHEMA.assertValid(alert)
    return alert


def said(alert, path: str) -> list[str]:
    return [one.text for one in alert.findall("c:" + path.replace("/", "/c:"), NAMES)]


def test_the_schema_refuses_what_the_standard_refuses(coordinator):
    alert = message(raised(coordinator))
    for path, wrong in (
        ("sent", "2024-11-20T00:00:00Z"),
        ("identifier", "dua kata"),
        ("msgType", "Peringatan"),
        ("info/urgency", "Segera"),
    ):
        element = alert.find("c:" + path.replace("/", "/c:"), NAMES)
        right, element.text = element.text, wrong
        assert not SCHEMA.validate(alert), path
        element.text = right
    assert SCHEMA.validate(alert)
    alert.remove(alert.find("c:scope", NAMES))
    assert not SCHEMA.validate(alert)


def test_an_alert_says_what_the_warning_says(coordinator):
    warning = raised(coordinator)

    alert = message(warning)

    assert said(alert, "msgType") == ["Alert"]
    assert said(alert, "scope") == ["Restricted"]
    assert said(alert, "restriction") == ["Hanya untuk instansi penerima; tidak untuk umum."]
    assert said(alert, "references") == []
    assert said(alert, "info/language") == ["id-ID", "en-US"]
    assert said(alert, "info/event") == ["Banjir berulang", "Repeated floods"]
    assert said(alert, "info/description") == [warning.why, warning.why_en]
    assert said(alert, "info/urgency") == ["Immediate", "Immediate"]
    assert said(alert, "info/certainty") == ["Likely", "Likely"]
    assert said(alert, "info/severity") == ["Moderate", "Moderate"]
    assert said(alert, "info/instruction") == [
        "Siapkan jalur cadangan.",
        "Prepare a reserve route.",
    ]
    assert said(alert, "info/area/geocode/value") == [DISTRICT, DISTRICT]
    assert datetime.fromisoformat(said(alert, "sent")[0]) == warning.raised_at
    assert datetime.fromisoformat(said(alert, "info/expires")[0]) == warning.valid_until


def test_the_outline_is_latitude_first_and_closed(coordinator):
    warning = raised(coordinator)
    has_outline = Boundary.objects.filter(pk=DISTRICT).exists()

    rings = said(message(warning), "info/area/polygon")

    assert bool(rings) == has_outline
    for ring in rings:
        points = ring.split()
        assert points[0] == points[-1]
        latitude, longitude = map(float, points[0].split(","))
        assert -5 < latitude < 0 < 110 < longitude < 120


def test_an_update_and_a_cancel_name_what_came_before(coordinator):
    warning = raised(coordinator)
    first = message(warning)
    evaluate_incident(report(coordinator, region=DISTRICT, at=LATER), by=SYSTEM, at=LATER)
    second = message(warning)
    end_warning(warning, WarningState.FALSE_ALARM, reason="Keliru.", by=coordinator, at=LATER)
    third = message(warning)

    name = [
        ",".join(said(one, each)[0] for each in ("sender", "identifier", "sent"))
        for one in (first, second)
    ]
    assert [said(one, "msgType")[0] for one in (first, second, third)] == [
        "Alert", "Update", "Cancel",
    ]  # fmt: skip
    assert said(second, "references") == [name[0]]
    assert said(third, "references") == [" ".join(name)]
    for alert in (second, third):
        SCHEMA.assertValid(alert)
        alert.find("c:references", NAMES).text = name[0].split(",")[1]
        assert not SCHEMA.validate(alert)
    assert said(third, "info/certainty") == ["Unlikely", "Unlikely"]
    assert said(third, "info/urgency") == ["Past", "Past"]


def test_illustrative_is_an_exercise_and_true_is_actual(coordinator):
    warning = raised(coordinator)
    assert said(message(warning), "status") == ["Actual"]

    EarlyWarning.objects.filter(pk=warning.pk).update(illustrative=True)

    alert = message(warning)
    assert said(alert, "status") == ["Exercise"]
    assert said(alert, "note") == ["Data ilustrasi / Illustrative data"]


@pytest.mark.parametrize("markup", ["<b>&amp;</b>", "]]> & 'x' \"y\""])
def test_markup_in_a_rule_is_text(coordinator, markup):
    warning = raised(coordinator)
    warning.rule.instruction = markup
    warning.rule.save()

    assert said(message(EarlyWarning.objects.get()), "info/instruction")[0] == markup


def test_page_and_api_give_the_same_and_strangers_nothing(
    client, sign_in, coordinator, liaison_dprd
):
    warning = raised(coordinator)
    page = reverse("incidents:warning_cap", args=[warning.pk])
    api = reverse("warning-cap", args=[warning.pk])

    sign_in(client, coordinator)
    answer = client.get(page)
    assert answer.headers["Content-Type"] == "application/cap+xml; charset=utf-8"
    assert answer.content == client.get(api).content
    SCHEMA.assertValid(etree.fromstring(answer.content))

    sign_in(client, liaison_dprd)
    assert [client.get(page).status_code, client.get(api).status_code] == [404, 404]
    client.logout()
    assert [client.get(page).status_code, client.get(api).status_code] == [302, 401]
