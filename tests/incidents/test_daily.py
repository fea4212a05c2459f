"""The day's incidents on the daily report."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from deployments.queries import daily_report
from deployments.queries.sections import Asked, Section
from incidents.actions.moves import move_incident
from incidents.enums import INCIDENT_MOVES, IncidentState
from incidents.exports import daily_incidents
from incidents.models import Incident
from portal.access.classification import Classification
from portal.registry.models import Operation, Region
from tests.factories.incidents import AT, report

LATER = AT + timedelta(minutes=30)


def asked(actor, at=LATER, code="63", **given):
    operation = Operation.objects.get(slug="mantap-praja-intan-2024")
    return Asked(actor, operation, at, Region.objects.get(code=code), **given)


def numbers(*args, **given):
    return [row[1].partition(" ")[0] for row in daily_incidents(asked(*args, **given)).rows]


@pytest.mark.parametrize("path", settings.DAILY_SECTIONS)
def test_sections_named_in_settings_exist_and_stand_on_the_report(path, coordinator):
    section = import_string(path)(asked(coordinator))
    assert isinstance(section, Section)
    assert len(section.heads) == len(section.widths)
    operation = Operation.objects.get(slug="mantap-praja-intan-2024")
    found = daily_report(coordinator, operation, LATER, within=Region.objects.get(code="63"))
    assert section in found.sections


def test_incident_stands_on_its_day_and_where_it_happened(liaison_kpu, coordinator):
    incident = report(liaison_kpu)
    regency = ".".join(incident.region_id.split(".")[:2])
    elsewhere = "63.10" if regency != "63.10" else "63.01"

    assert numbers(coordinator) == [incident.number]
    assert numbers(coordinator, code=regency) == [incident.number]
    assert numbers(coordinator, code=elsewhere) == []
    assert numbers(coordinator, at=incident.reported_at - timedelta(minutes=1)) == []
    assert numbers(coordinator, agency="kpu-kalsel") == [incident.number]
    assert numbers(coordinator, agency="kejati-kalsel") == []


def test_closed_one_stays_on_its_day_and_leaves_the_next(liaison_kpu, coordinator):
    incident = report(liaison_kpu)
    state = next(one for one, to in INCIDENT_MOVES.items() if IncidentState.CLOSED in to)
    Incident.objects.filter(pk=incident.pk).update(state=state)
    incident.refresh_from_db()
    tomorrow = LATER + timedelta(days=1)
    assert numbers(coordinator, at=tomorrow) == [incident.number]

    move_incident(incident, IncidentState.CLOSED, by=coordinator, at=LATER, reason="Selesai.")
    [line] = daily_incidents(asked(coordinator)).rows
    assert line[4].startswith(str(IncidentState.CLOSED.label))
    assert numbers(coordinator, at=tomorrow) == []


def test_secret_incident_is_a_number_and_nobody_elses_is_there(
    liaison_kpu, coordinator, liaison_bawaslu
):
    incident = report(liaison_kpu)
    assert numbers(liaison_bawaslu) == []
    Incident.objects.filter(pk=incident.pk).update(classification=Classification.RAHASIA)

    section = daily_incidents(asked(coordinator))
    assert section.title.endswith("(1)")
    assert incident.title not in str(section.rows)
    assert section.rows[-1][-1].startswith("1 kejadian berklasifikasi lebih tinggi")
