"""An incident ends: what becomes of the units that were sent to it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from incidents.actions.assignments import move_assignment
from incidents.actions.moves import move_incident
from incidents.enums import IncidentState, UpdateKind
from incidents.enums.assignments import AssignmentState
from incidents.models import Incident
from portal.access.errors import Refused
from portal.audit.models import Entry
from portal.notifications.models import Notification
from tests.api_twins import Twin
from tests.factories.incidents import AT, report
from tests.incidents.test_assignments import place, send

LATER = AT + timedelta(hours=2)
AT_WORK = [AssignmentState.ASSIGNED, AssignmentState.DEPARTED, AssignmentState.ARRIVED]


@pytest.fixture
def incident(liaison_polda):
    row = report(liaison_polda, code="A3", region="63.03")
    Incident.objects.filter(pk=row.pk).update(state=IncidentState.CONTROLLED)
    row.refresh_from_db()
    return row


def close(incident, by):
    return move_incident(incident, IncidentState.CLOSED, by=by, at=LATER)


def unproven(incident, by):
    Incident.objects.filter(pk=incident.pk).update(state=IncidentState.VERIFIED)
    return move_incident(incident, IncidentState.UNPROVEN, by=by, at=LATER, reason="Nihil.")


def sent_to(incident, by, slug, state):
    """A unit of the own chain that has come so far."""
    [row] = send(incident, by, place(slug, "63.03"))
    for step in AT_WORK[1 : AT_WORK.index(state) + 1]:
        row = move_assignment(row, step, by=by, at=LATER)
    return row


def test_what_waits_for_an_answer_ends_with_the_incident(incident, coordinator, liaison_korem):
    [row] = send(incident, coordinator, place("kodim-1006", "63.03.03"))

    close(incident, coordinator)

    row.refresh_from_db()
    assert row.state == AssignmentState.CANCELLED
    assert row.steps.last().note == "Kejadian selesai."
    entry = incident.updates.filter(kind=UpdateKind.UNIT_STEP).get()
    assert entry.text == f"{row.deployment.unit.name}: Dibatalkan. Kejadian selesai."
    assert Entry.objects.get(verb="assignment.step").after == {"state": "dibatalkan"}
    told = Notification.objects.filter(kind="unit_step")
    assert set(told.values_list("post__slug", flat=True)) == {"liaison-korem"}
    assert incident not in Incident.objects.visible_to(liaison_korem)


@pytest.mark.parametrize("state", AT_WORK)
def test_units_still_sent_keep_it_open(incident, liaison_polda, state):
    row = sent_to(incident, liaison_polda, "polres-banjar", state)
    with pytest.raises(Refused) as refusal:
        close(incident, liaison_polda)
    assert f"{row.deployment.unit.name} ({row.get_state_display()})" in str(refusal.value.sentence)
    incident.refresh_from_db()
    row.refresh_from_db()
    assert (incident.state, row.state) == (IncidentState.CONTROLLED, state)


def test_the_page_names_only_the_units_that_keep_it_open(sign_in, incident, coordinator):
    """A unit that was only asked for ends with the incident, so nobody has to end its task."""
    sent_to(incident, coordinator, "polres-banjar", AssignmentState.DEPARTED)
    send(incident, coordinator, place("kodim-1006", "63.03.03"))
    client = sign_in(Client(), coordinator)
    given = {"state": "selesai", "version": incident.version, "idempotency_key": "k"}
    page = client.post(reverse("incidents:incident_move", args=[incident.pk]), given)
    [named] = page.context["on_duty"]
    assert "Polres Banjar" in named
    assert "Kodim" not in page.text.partition("Akhiri tugas satuan ini dahulu:")[2]


@pytest.mark.parametrize("state", AT_WORK[:2])
def test_nobody_drives_on_to_what_is_unproven(incident, liaison_polda, state):
    row = sent_to(incident, liaison_polda, "polres-banjar", state)
    unproven(incident, liaison_polda)
    row.refresh_from_db()
    assert (row.state, row.steps.last().note) == (AssignmentState.CANCELLED, "Nihil.")


def test_who_has_arrived_is_let_go_first(incident, liaison_polda):
    row = sent_to(incident, liaison_polda, "polres-banjar", AssignmentState.ARRIVED)
    with pytest.raises(Refused, match="masih bertugas"):
        unproven(incident, liaison_polda)
    move_assignment(row, AssignmentState.DONE, by=liaison_polda, at=LATER)
    assert unproven(incident, liaison_polda).state == IncidentState.UNPROVEN


def test_who_handles_it_lets_the_unit_of_another_agency_go(
    incident, coordinator, liaison_korem, liaison_kejati
):
    [row] = send(incident, coordinator, place("kodim-1006", "63.03.03"))
    for step in AT_WORK:
        move_assignment(row, step, by=liaison_korem, at=LATER)
    with pytest.raises(Exception, match="incident.answer"):
        move_assignment(row, AssignmentState.DONE, by=liaison_kejati, at=LATER)
    move_assignment(row, AssignmentState.DONE, by=coordinator, at=LATER)
    told = Notification.objects.filter(kind="unit_step", event_key=f"assignment:{row.pk}:selesai")
    assert set(told.values_list("post__slug", flat=True)) == {"liaison-korem"}
    assert close(incident, coordinator).state == IncidentState.CLOSED


def test_page_and_api_name_the_units(sign_in, client, incident, liaison_polda):
    row = sent_to(incident, liaison_polda, "polres-banjar", AssignmentState.DEPARTED)
    page = sign_in(Client(), liaison_polda)
    address = reverse("incidents:incident_move", args=[incident.pk])
    sent = {"state": IncidentState.CLOSED, "version": incident.version}
    shown = page.post(address, sent).content.decode()
    assert f"{row.deployment.unit.name} (Berangkat)" in shown
    assert f'#satuan">{row.deployment.unit.name}</a>' in shown
    assert ">Tutup kejadian</h1>" in shown
    assert ">Tutup kejadian</button>" in shown
    twin = Twin(client, sign_in)
    twin(liaison_polda)
    move = f"incidents/{incident.pk}/move/"
    refused = twin.send(move, {"state": IncidentState.CLOSED})
    assert refused.status_code == 409
    assert f"{row.deployment.unit.name} (Berangkat)" in refused.content.decode()
    incident.refresh_from_db()
    assert incident.state == IncidentState.CONTROLLED
    for step in (AssignmentState.ARRIVED, AssignmentState.DONE):
        move_assignment(row, step, by=liaison_polda, at=LATER)
    assert twin.status(move, {"state": IncidentState.CLOSED}) == 200
