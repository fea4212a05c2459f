from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from incidents.actions.moves import move_incident
from incidents.actions.requests import accept_request, ask_agency
from incidents.enums import INCIDENT_MOVES, REASONED, IncidentState, UpdateKind
from incidents.enums.requests import RequestKind
from incidents.models import Incident
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from portal.registry.models import Agency
from tests.factories.incidents import AT, report

LATER = AT + timedelta(minutes=30)


def agency(slug: str) -> Agency:
    return Agency.objects.get(slug=slug)


def put(incident: Incident, state: str, by=None) -> Incident:
    into = report(by) if state == IncidentState.MERGED else None
    Incident.objects.filter(pk=incident.pk).update(state=state, merged_into=into)
    incident.refresh_from_db()
    return incident


@pytest.mark.parametrize("wanted", IncidentState.values)
@pytest.mark.parametrize("state", IncidentState.values)
def test_move_incident_follows_the_table(liaison_kpu, coordinator, liaison_korem, state, wanted):
    incident = put(report(liaison_kpu), state, liaison_kpu)
    words = {"by": coordinator, "at": LATER, "reason": "Hasil klarifikasi."}

    def act():
        if wanted == IncidentState.REFERRED:
            return hand_over(incident)
        return move_incident(incident, wanted, **words)

    def hand_over(row):
        asked = ask_agency(
            row, kind=RequestKind.WHOLE, to=agency("korem-101"), matter="Evakuasi.", **words
        )
        accept_request(asked, by=liaison_korem, at=LATER)
        return Incident.objects.get(pk=row.pk)

    if wanted in INCIDENT_MOVES[state]:
        moved = act()
        assert (moved.state, moved.version) == (wanted, 2)
        assert moved.updates.last().state == wanted
    elif wanted == state != IncidentState.REFERRED:
        assert act().version == 1
    else:
        with pytest.raises(Refused):
            act()
        incident.refresh_from_db()
        assert (incident.state, incident.updates.count()) == (state, 1)
        assert not incident.requests.exists()


def test_move_incident_writes_timeline_and_audit(liaison_kpu, liaison_pemprov):
    incident = report(liaison_kpu)

    move_incident(incident, IncidentState.VERIFIED, by=liaison_pemprov, at=LATER, version=1)

    entry = incident.updates.last()
    assert (entry.kind, entry.state, entry.agency.slug, entry.at) == (
        UpdateKind.MOVE,
        "diverifikasi",
        "pemprov-kalsel",
        LATER,
    )
    audit = Entry.objects.get(verb="incident.move")
    assert audit.before == {"state": "dilaporkan"}
    assert audit.after == {"state": "diverifikasi"}


def test_move_incident_a_second_time_changes_nothing(liaison_kpu, liaison_pemprov):
    incident = report(liaison_kpu)
    move_incident(incident, IncidentState.VERIFIED, by=liaison_pemprov, at=LATER)

    again = move_incident(incident, IncidentState.VERIFIED, by=liaison_pemprov, at=LATER)

    assert again.version == 2
    assert incident.updates.count() == 2


def test_move_incident_by_another_agency_is_denied(liaison_kpu):
    with pytest.raises(PermissionDenied):
        move_incident(report(liaison_kpu), IncidentState.VERIFIED, by=liaison_kpu, at=LATER)


def test_move_incident_seen_in_an_older_version_is_stale(liaison_kpu, liaison_pemprov):
    incident = report(liaison_kpu)
    move_incident(incident, IncidentState.VERIFIED, by=liaison_pemprov, at=LATER)

    with pytest.raises(Stale) as stale:
        move_incident(incident, IncidentState.HANDLING, by=liaison_pemprov, at=LATER, version=1)

    assert stale.value.current.state == "diverifikasi"


@pytest.mark.parametrize("wanted", sorted(REASONED - {IncidentState.REFERRED}))
def test_move_incident_that_needs_words_without_them(liaison_kpu, coordinator, wanted):
    source = next(state for state, allowed in INCIDENT_MOVES.items() if wanted in allowed)
    incident = put(report(liaison_kpu), source)

    with pytest.raises(Refused) as refusal:
        move_incident(incident, wanted, by=coordinator, at=LATER, reason=" ")

    assert refusal.value.field == "reason"


def test_move_incident_with_a_tally_as_reason(liaison_kpu, coordinator):
    with pytest.raises(Refused) as refusal:
        move_incident(
            report(liaison_kpu),
            IncidentState.UNPROVEN,
            by=coordinator,
            at=LATER,
            reason="Paslon 1 unggul 60%",
        )

    assert refusal.value.field == "reason"


def test_move_incident_does_not_hand_over(liaison_kpu, coordinator):
    incident = report(liaison_kpu)

    with pytest.raises(Refused, match="instansi penerima menyetujuinya"):
        move_incident(incident, IncidentState.REFERRED, by=coordinator, at=LATER, reason="x")
    assert Incident.objects.get(pk=incident.pk).state == "dilaporkan"


def test_move_incident_to_an_unknown_state(liaison_kpu, coordinator):
    with pytest.raises(Refused) as refusal:
        move_incident(report(liaison_kpu), "aman", by=coordinator, at=LATER)

    assert "aman" in refusal.value.sentence
