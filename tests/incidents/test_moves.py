from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from incidents.actions.moves import move_incident, refer_incident
from incidents.enums import INCIDENT_MOVES, REASONED, IncidentState, UpdateKind
from incidents.models import Incident
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from portal.notifications.models import Notification
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
def test_move_incident_follows_the_table(liaison_kpu, coordinator, state, wanted):
    incident = put(report(liaison_kpu), state, liaison_kpu)
    words = {"by": coordinator, "at": LATER, "reason": "Hasil klarifikasi."}

    def act():
        if wanted == IncidentState.REFERRED:
            return refer_incident(incident, to=agency("korem-101"), **words)
        return move_incident(incident, wanted, **words)

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


def test_move_incident_to_referred_asks_for_the_agency(liaison_kpu, coordinator):
    with pytest.raises(Refused) as refusal:
        move_incident(report(liaison_kpu), IncidentState.REFERRED, by=coordinator, at=LATER)

    assert refusal.value.field == "to"


def test_move_incident_to_an_unknown_state(liaison_kpu, coordinator):
    with pytest.raises(Refused) as refusal:
        move_incident(report(liaison_kpu), "aman", by=coordinator, at=LATER)

    assert "aman" in refusal.value.sentence


def test_refer_incident_hands_over_the_lead_and_tells(
    liaison_kpu, liaison_pemprov, liaison_bawaslu
):
    incident = report(liaison_kpu)

    refer_incident(
        incident,
        to=agency("bawaslu-kalsel"),
        reason="Menyangkut pengawasan.",
        by=liaison_pemprov,
        at=LATER,
    )

    incident.refresh_from_db()
    assert incident.lead_agency.slug == "bawaslu-kalsel"
    assert "pemprov-kalsel" in incident.supporting.values_list("slug", flat=True)
    assert incident in Incident.objects.visible_to(liaison_bawaslu)
    entry = incident.updates.last()
    assert (entry.kind, entry.to_agency.slug) == (UpdateKind.REFERRAL, "bawaslu-kalsel")
    told = Notification.objects.get(kind="incident_referred")
    assert told.post.slug == "liaison-bawaslu"
    assert told.context["reason"] == "Menyangkut pengawasan."


def test_refer_incident_to_a_supporter_takes_it_from_the_supporters(liaison_kpu, coordinator):
    incident = report(liaison_kpu)

    refer_incident(incident, to=agency("korem-101"), reason="Medan.", by=coordinator, at=LATER)

    slugs = set(incident.supporting.values_list("slug", flat=True))
    assert slugs == {"kpu-kalsel", "polda-kalsel", "pemprov-kalsel"}


def test_refer_incident_a_second_time_changes_nothing(liaison_kpu, liaison_pemprov):
    incident = report(liaison_kpu)
    words = {"to": agency("korem-101"), "reason": "Medan.", "by": liaison_pemprov, "at": LATER}
    refer_incident(incident, **words)

    assert refer_incident(incident, **words).version == 2


def test_refer_incident_to_who_leads_already(liaison_kpu, liaison_pemprov):
    with pytest.raises(Refused) as refusal:
        refer_incident(
            report(liaison_kpu),
            to=agency("pemprov-kalsel"),
            reason="x",
            by=liaison_pemprov,
            at=LATER,
        )

    assert refusal.value.field == "to"
