"""What an unfriendly or careless hand tries with field reports and incidents, and what it gets."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from incidents.actions.editing import edit_incident
from incidents.actions.field_reports import file_report, set_aside
from incidents.actions.gakkumdu_opening import hand_over
from incidents.actions.grouping import merge_incident, open_incident, split_incident
from incidents.actions.public_triage import follow_up
from incidents.models import IncidentType, IncidentUpdate
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.registry.models import Region
from tests.factories import public
from tests.factories.gakkumdu import open_case
from tests.factories.incidents import AT, report, send, told

API = "/api/v1/field-reports/"
SECRET = Classification.RAHASIA
TALLY = "Paslon 1 meraih 5.123 suara"


@pytest.fixture
def hidden(coordinator, posko_banjar):
    """A report that the posko sent, in an incident of a class that the posko may not read."""
    sent, incident = send(posko_banjar), report(coordinator, classification=SECRET)
    file_report(sent, incident, by=coordinator, at=AT)
    return sent, incident


def police_led() -> str:
    return IncidentType.objects.filter(lead__slug="polda-kalsel", complained_of=None)[0].pk


# Classes


def test_a_secret_report_goes_into_no_incident_of_a_lower_class(coordinator):
    incident = report(coordinator)
    secret = send(coordinator, title="Nama pelapor rahasia", classification=SECRET)

    with pytest.raises(Refused) as refused:
        file_report(secret, incident, by=coordinator, at=AT)

    assert refused.value.field == "incident"
    assert not IncidentUpdate.objects.filter(text__contains="Nama pelapor").exists()


def test_a_secret_report_that_follows_waits_to_be_filed(coordinator):
    first = send(coordinator)
    open_incident([first], by=coordinator, at=AT)
    secret = send(coordinator, follows=first, title="Nama pelapor rahasia", classification=SECRET)

    assert not secret.filings.exists()
    assert not IncidentUpdate.objects.filter(text__contains="Nama pelapor").exists()


def test_what_is_split_off_keeps_the_class_it_stood_under(coordinator):
    incident = report(coordinator, classification=SECRET)
    for sent in (one := send(coordinator), send(coordinator)):
        file_report(sent, incident, by=coordinator, at=AT)

    apart = split_incident(incident, [one], reason="Lain.", by=coordinator, at=AT)

    assert apart.classification == SECRET


def test_words_of_ones_own_do_not_lower_the_class_of_an_incident(coordinator):
    secret = send(coordinator, classification=SECRET)
    incident = open_incident([secret], told=told(), by=coordinator, at=AT)
    assert incident.classification == SECRET


# Numbers of what is out of sight


def test_the_number_of_an_incident_out_of_sight_is_not_told(hidden, posko_banjar, sign_in):
    sent, incident = hidden
    client = sign_in(Client(), posko_banjar)

    pages = [client.get("/lapangan/"), client.get(f"/lapangan/{sent.pk}/")]
    answers = [client.get(API), client.get(f"{API}{sent.pk}/")]

    assert [page.status_code for page in pages + answers] == [200] * 4
    assert [incident.number in page.content.decode() for page in pages + answers] == [False] * 4
    assert client.get(API + "?standing=kejadian").json()["count"] == 1
    with pytest.raises(Refused) as refused:
        set_aside(sent, "Bukan kejadian.", by=posko_banjar, at=AT)
    assert incident.number not in refused.value.sentence


def test_a_report_is_not_taken_out_of_an_incident_out_of_sight(hidden, posko_banjar):
    sent, incident = hidden
    own = report(posko_banjar)

    with pytest.raises(Refused):
        file_report(sent, own, by=posko_banjar, at=AT)

    assert sent.filings.standing().get().incident == incident


def test_the_number_it_was_merged_into_is_told_to_those_who_see_it(
    coordinator, posko_banjar, sign_in
):
    open_one, secret = report(posko_banjar), report(coordinator, classification=SECRET)
    merge_incident(open_one, secret, reason="Sama.", by=coordinator, at=AT)

    told_to = sign_in(Client(), posko_banjar).get(f"/api/v1/incidents/{open_one.pk}/").json()
    page = sign_in(Client(), posko_banjar).get(f"/kejadian/{open_one.pk}/").content.decode()

    assert told_to["merged_into"] is None
    timeline = sign_in(Client(), posko_banjar).get(f"/api/v1/incidents/{open_one.pk}/updates/")
    assert f"/kejadian/{secret.pk}/" not in page
    assert "Digabung ke kejadian lain. Sama." in page
    assert secret.number not in page + timeline.content.decode()
    known = sign_in(Client(), coordinator).get(f"/api/v1/incidents/{open_one.pk}/").json()
    assert known["merged_into"] == secret.number


# Gakkumdu


def test_what_the_desk_holds_stays_in_its_region(people, liaison_bawaslu):
    case = open_case(liaison_bawaslu)
    desk = people["gakkumdu.bawaslu"]
    seen = {"region": case.incident.region}
    wanted = {"region": Region.objects.get(code="63.06")}

    with pytest.raises(Refused) as refused:
        edit_incident(case.incident, wanted, seen=seen, by=desk, at=AT)
    assert refused.value.field == "region"


def test_no_report_leaves_an_incident_at_the_desk(people, coordinator, liaison_bawaslu):
    desk = people["gakkumdu.bawaslu"]
    case = open_case(liaison_bawaslu)
    sent = send(desk)
    file_report(sent, case.incident, by=desk, at=AT + timedelta(days=1))
    other = report(desk, code="B4")

    with pytest.raises(Refused):
        file_report(sent, other, by=desk, at=AT + timedelta(days=2))


def test_who_sorts_a_citizens_report_reads_no_title_of_what_the_desk_has(
    coordinator, liaison_bawaslu, sign_in
):
    incident = report(coordinator, code="B4", title="Rumah saksi didatangi")
    citizens = public.sent()
    follow_up([citizens.pk], incident, by=coordinator, at=AT)
    client = sign_in(Client(), coordinator)
    before = client.get(f"/laporan-warga/{citizens.pk}/").content.decode()
    hand_over(
        incident, basis="laporan", known_at=AT, received_at=AT, summary="Dugaan.", complete=True,
        by=coordinator, at=AT,
    )  # fmt: skip
    after = client.get(f"/laporan-warga/{citizens.pk}/").content.decode()

    assert "Rumah saksi didatangi" in before
    assert "Rumah saksi didatangi" not in after
    assert f"/kejadian/{incident.pk}/" not in after


# Neutrality


def test_reasons_hold_no_result_of_the_vote(coordinator):
    one, other = report(coordinator), report(coordinator)
    first, second = send(coordinator), send(coordinator)
    for sent in (first, second):
        file_report(sent, one, by=coordinator, at=AT)
    by = {"by": coordinator, "at": AT}

    for act in (
        lambda: file_report(send(coordinator), other, reason=TALLY, **by),
        lambda: split_incident(one, [first], reason=TALLY, **by),
        lambda: merge_incident(one, other, reason=TALLY, **by),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.field == "reason"


def test_a_complaint_by_correction_goes_not_to_the_agency_complained_of(coordinator):
    complaint = IncidentType.objects.filter(complained_of__slug="polda-kalsel").first()
    incident = report(coordinator, code=police_led())
    assert complaint is not None

    with pytest.raises(Refused) as refused:
        edit_incident(
            incident, {"type": complaint}, seen={"type": incident.type}, by=coordinator, at=AT
        )
    assert refused.value.field == "type"


def test_a_complaint_does_not_end_in_what_the_agency_complained_of_leads(coordinator, liaison_kpu):
    """Nor by somebody else's hand."""
    coordinator = replace(
        coordinator, agency_id=liaison_kpu.agency_id, agency_slug=liaison_kpu.agency_slug
    )
    complaint = IncidentType.objects.filter(complained_of__slug="polda-kalsel").first()
    assert complaint is not None
    theirs = report(coordinator, code=police_led())
    ours, sent = report(coordinator, code=complaint.pk), send(coordinator, code=complaint.pk)

    for act, field in (
        (lambda: merge_incident(ours, theirs, reason="Sama.", by=coordinator, at=AT), "into"),
        (lambda: file_report(sent, theirs, by=coordinator, at=AT), "incident"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.field == field
