"""Open incidents as a measure of the map."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from deployments.maps.measure import Asked, Measure
from deployments.maps.measures import measures
from deployments.maps.shading import shade_all
from incidents.actions.moves import move_incident
from incidents.actions.threats import set_threat
from incidents.enums import INCIDENT_MOVES, IncidentState
from incidents.enums.warning import ThreatLevel
from incidents.maps import OPEN_INCIDENTS, THREAT, open_at, threat_version, version
from incidents.models import Incident
from portal.registry.models import Operation, Region
from tests.factories.incidents import AT, report

LATER = AT + timedelta(minutes=30)


@pytest.mark.parametrize("path", settings.MAP_MEASURES)
def test_measures_named_in_settings_exist_and_are_offered(path):
    measure = import_string(path)

    assert isinstance(measure, Measure)
    assert measures()[measure.key] is measure


def counted(actor, at, *codes) -> dict[str, float | None]:
    operation = Operation.objects.get(slug="mantap-praja-intan-2024")
    facts = OPEN_INCIDENTS.facts(Asked(actor, operation, at, "63", codes, {}))
    return {code: fact.value for code, fact in facts.items()}


def test_an_incident_counts_in_its_region_and_around_it_from_its_report_on(
    liaison_kpu, coordinator
):
    incident = report(liaison_kpu)
    regency = ".".join(incident.region_id.split(".")[:2])
    elsewhere = "63.10" if regency != "63.10" else "63.01"
    codes = (regency, elsewhere, "63")

    assert counted(coordinator, LATER, *codes) == {regency: 1, elsewhere: None, "63": 1}
    before = incident.reported_at - timedelta(minutes=1)
    assert counted(coordinator, before, *codes) == dict.fromkeys(codes)


def test_what_is_closed_now_was_open_then(liaison_kpu, coordinator):
    incident = report(liaison_kpu)
    state = next(one for one, to in INCIDENT_MOVES.items() if IncidentState.CLOSED in to)
    Incident.objects.filter(pk=incident.pk).update(state=state)
    incident.refresh_from_db()
    move_incident(incident, IncidentState.CLOSED, by=coordinator, at=LATER, reason="Selesai.")

    assert open_at(coordinator, LATER - timedelta(minutes=1)).count() == 1
    assert open_at(coordinator, LATER).count() == 0


def test_who_may_not_see_an_incident_does_not_count_it(liaison_kpu, liaison_bawaslu):
    report(liaison_kpu)

    assert counted(liaison_bawaslu, LATER, "63") == {"63": None}


def test_version_changes_when_an_incident_that_one_sees_is_written(
    liaison_kpu, coordinator, liaison_bawaslu
):
    before = [version(actor, LATER) for actor in (coordinator, liaison_bawaslu)]
    report(liaison_kpu)
    after = [version(actor, LATER) for actor in (coordinator, liaison_bawaslu)]

    assert before[0] != after[0]
    assert before[1] == after[1]


def test_the_worst_kecamatan_gives_the_level_and_unjudged_is_not_low(posko_banjar, liaison_kpu):
    levels = {"63.03.01": ThreatLevel.HIGH, "63.03.02": ThreatLevel.HIGH, "63.03.03": 1}
    for code, level in levels.items():
        region = Region.objects.get(pk=code)
        set_threat(region, level=level, reason="Banjir.", by=posko_banjar, at=AT)
    operation = Operation.objects.get(slug="mantap-praja-intan-2024")
    codes = ("63", "63.03", "63.03.01", "63.03.03", "63.03.04", "63.10")

    def at(moment):
        return THREAT.facts(Asked(liaison_kpu, operation, moment, "63", codes, {}))

    assert {code: fact.value for code, fact in at(LATER).items()} == {
        "63": 3, "63.03": 3, "63.03.01": 3, "63.03.03": 1, "63.03.04": None, "63.10": None,
    }  # fmt: skip
    assert at(LATER)["63.03"].say == "tingkat ancaman tertinggi: Tinggi, di 2 kecamatan"
    assert set(fact.value for fact in at(AT - timedelta(minutes=1)).values()) == {None}

    shades, legend = shade_all(THREAT.scale, at(LATER))
    assert [shades[code].style for code in ("63", "63.03.03", "63.10")] == [
        "concern-4", "concern-1", "none",
    ]  # fmt: skip
    assert [count for _band, count in legend] == [2, 1, 0, 3, 0]


def test_threat_version_changes_when_a_kecamatan_is_judged(posko_banjar, liaison_kpu):
    before = threat_version(liaison_kpu, LATER)
    region = Region.objects.get(pk="63.03.01")
    set_threat(region, level=ThreatLevel.LOW, reason="Tenang.", by=posko_banjar, at=AT)

    assert threat_version(liaison_kpu, LATER) != before
