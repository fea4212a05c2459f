"""A rule gives one warning for its facts; who sees it, who acknowledges it, how it ends."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from incidents.actions.warning_acts import acknowledge_warning, end_warning, expire_warnings
from incidents.actions.warning_rules import load_rules
from incidents.actions.warnings import evaluate_incident
from incidents.enums.warning import WarningState
from incidents.exports.cap import NAMESPACE, cap_message
from incidents.intake import read_rules
from incidents.models import EarlyWarning
from incidents.queries.warnings import grounds, precision, unacknowledged_for
from portal.access.actor import SYSTEM
from portal.access.classification import Classification
from portal.access.errors import Refused
from tests.factories.incidents import AT, report

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def rules(db):
    load_rules(rules=read_rules(), by=SYSTEM, at=AT)


def lost(by, number, *, start=0, **fields):
    for n in range(start, start + number):
        at = AT + n * HOUR
        evaluate_incident(report(by, code="D2", at=at, **fields), by=SYSTEM, at=at)


def test_the_threshold_raises_one_warning_and_more_prolongs_it(coordinator):
    lost(coordinator, 2)
    assert not EarlyWarning.objects.exists()

    lost(coordinator, 2, start=2)

    warning = EarlyWarning.objects.get(rule="logistik-beruntun")
    assert (warning.rule_id, warning.region_id) == ("logistik-beruntun", "63.03")
    assert warning.valid_until == AT + 3 * HOUR + 24 * HOUR
    assert grounds(warning, coordinator).number == 4
    steps = warning.entries.values_list("step", flat=True)
    assert list(steps) == ["raised", "extended"]


def test_confidential_incidents_never_count(coordinator):
    lost(coordinator, 2)
    secret = report(coordinator, code="D2", at=AT + HOUR)
    secret.classification = Classification.RAHASIA
    secret.save()
    assert evaluate_incident(secret, by=SYSTEM, at=AT + 2 * HOUR) == []
    assert not EarlyWarning.objects.exists()


def test_the_same_facts_warn_no_second_time_after_a_false_alarm(coordinator):
    lost(coordinator, 3)
    warning = EarlyWarning.objects.get(rule="logistik-beruntun")
    with pytest.raises(Refused):
        end_warning(warning, WarningState.FALSE_ALARM, reason=" ", by=coordinator, at=AT + 3 * HOUR)
    end_warning(
        warning, WarningState.FALSE_ALARM, reason="Salah.", by=coordinator, at=AT + 3 * HOUR
    )

    lost(coordinator, 1, start=4)

    assert EarlyWarning.objects.get(rule="logistik-beruntun").state == WarningState.FALSE_ALARM
    known = precision(coordinator)["logistik-beruntun"]
    assert (known.confirmed, known.false, known.open, known.share) == (0, 1, 0, 0)


def test_an_agency_acknowledges_once_and_time_ends_it(coordinator, liaison_kpu, liaison_dprd):
    lost(coordinator, 3)
    warning = EarlyWarning.objects.get(rule="logistik-beruntun")
    assert not EarlyWarning.objects.visible_to(liaison_dprd).exists()
    assert len(unacknowledged_for(liaison_kpu)) == 1

    for n in (3, 4):
        acknowledge_warning(warning, by=liaison_kpu, at=AT + n * HOUR)

    assert unacknowledged_for(liaison_kpu) == []
    assert warning.entries.filter(step="acknowledged").count() == 1
    assert [expire_warnings(at=warning.valid_until) for _time in range(2)] == [1, 0]


def test_cap_names_the_messages_before_it(coordinator):
    lost(coordinator, 3)
    warning = EarlyWarning.objects.get(rule="logistik-beruntun")
    end_warning(warning, WarningState.CANCELLED, reason="Usai.", by=coordinator, at=AT + 3 * HOUR)
    warning.refresh_from_db()

    alert = ET.fromstring(cap_message(warning, list(warning.entries.all())))  # noqa: S314 (our own message)

    tags = [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in alert]
    assert tags[:7] == [
        "identifier", "sender", "sent", "status", "msgType", "scope", "restriction"
    ]  # fmt: skip
    text = {child.tag.removeprefix(f"{{{NAMESPACE}}}"): child.text for child in alert}
    assert text["msgType"] == "Cancel"
    assert text["sent"] == "2024-11-20T11:00:00+08:00"
    assert text["references"].count(",") == 2
    assert tags[-2:] == ["info", "info"]


def test_every_page_opens_and_the_page_and_the_api_give_the_same_cap(client, sign_in, coordinator):
    lost(coordinator, 3)
    warning = EarlyWarning.objects.get(rule="logistik-beruntun")
    sign_in(client, coordinator)
    here = f"/peringatan/{warning.pk}/"
    for address in (
        "/peringatan/", here, f"{here}akhiri/", "/peringatan/aturan/",
        "/peringatan/aturan/posko-diam/", "/peringatan/aturan/posko-diam/ubah/",
        "/peringatan/ancaman/", "/peringatan/ancaman/63.03.01/",
    ):  # fmt: skip
        assert client.get(address).status_code == 200, address
    shown = client.get(here).content.decode()
    assert "Paling sedikit 3 kejadian" in shown
    assert "Dasar peringatan (3)" in shown
    page = client.get(f"{here}cap.xml").content
    assert page == client.get(f"/api/v1/warnings/{warning.pk}/cap/").content
    listed = client.get("/api/v1/warnings/").json()["results"]
    assert len(listed[0]["incidents"]) == 3
