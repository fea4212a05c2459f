"""A complaint against an agency never goes to that agency alone; Bawaslu leads it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from incidents.actions.assignments import assign_units
from incidents.actions.complaints import refuse_receivers
from incidents.actions.editing import edit_incident, state_publicly
from incidents.actions.field_reports import file_report, set_aside
from incidents.actions.grouping import merge_incident, open_incident
from incidents.actions.moves import move_incident, receive_incident
from incidents.actions.reports import add_update
from incidents.actions.requests import accept_request, ask_agency
from incidents.actions.taxonomy import load_taxonomy
from incidents.actions.warnings import evaluate_incident, kept_from
from incidents.enums import INCIDENT_MOVES, IncidentState, UpdateKind
from incidents.enums.requests import RequestKind
from incidents.intake import read_taxonomy
from incidents.models import EarlyWarning, Incident, IncidentType
from incidents.queries.detail import acts, alike, awaits_receipt, mergeable, moves
from incidents.queries.requests import asks
from incidents.queries.warnings import grounds, grounds_seen, warning_rows, warnings
from portal.access.actor import SYSTEM
from portal.access.errors import Refused
from portal.notifications.models import Notification
from portal.registry.models import Agency
from tests.factories.incidents import AT, report, send, told
from tests.factories.warnings import DISTRICT, rule

COMPLAINED_OF = {
    "C1": {"pemprov-kalsel"},
    "C2": {"korem-101", "polda-kalsel"},
    "C3": {"kpu-kalsel"},
    "C4": {"pemprov-kalsel"},
}


def agency(slug: str) -> Agency:
    return Agency.objects.get(slug=slug)


def ask(incident, to: str, kind: str, *, by):
    return ask_agency(
        incident,
        kind=kind,
        to=agency(to),
        matter="Penyidikan.",
        reason="Ditangani.",
        by=by,
        at=AT,
    )


def test_the_types_name_whom_they_can_complain_of_and_bawaslu_leads_them():
    found = {
        kind.code: set(kind.complained_of.values_list("slug", flat=True))
        for kind in IncidentType.objects.all()
        if kind.complained_of.exists()
    }
    assert found == COMPLAINED_OF
    leads = IncidentType.objects.filter(code__in=found).values_list("lead__slug", flat=True)
    assert set(leads) == {"bawaslu-kalsel"}


@pytest.mark.parametrize(
    ("code", "to"), [(code, to) for code, slugs in COMPLAINED_OF.items() for to in sorted(slugs)]
)
@pytest.mark.parametrize("kind", RequestKind.values)
def test_a_complaint_is_not_put_to_the_agency_complained_of(
    people, liaison_bawaslu, kind, code, to
):
    for login in ("liaison.pemprov", "liaison.korem", "liaison.polda", "liaison.kpu"):
        assert people[login].post_id
    incident = report(liaison_bawaslu, code=code)
    with pytest.raises(Refused, match="tidak boleh hanya diterima") as refusal:
        ask(incident, to, kind, by=liaison_bawaslu)
    assert refusal.value.field == "to"
    incident.refresh_from_db()
    assert incident.lead_agency == agency("bawaslu-kalsel")


def test_a_complaint_is_led_by_no_other_agency_either(liaison_bawaslu, liaison_kesbangpol):
    incident = report(liaison_bawaslu, code="C2")
    with pytest.raises(Refused, match="dipimpin Bawaslu"):
        ask(incident, "kesbangpol-kalsel", RequestKind.WHOLE, by=liaison_bawaslu)
    part = ask(incident, "kesbangpol-kalsel", RequestKind.PART, by=liaison_bawaslu)
    assert part.from_agency == agency("bawaslu-kalsel")


def test_with_bawaslu_the_agency_complained_of_may_receive_too():
    kind = IncidentType.objects.get(code="C2")
    lead, police = agency("bawaslu-kalsel"), agency("polda-kalsel")

    refuse_receivers(kind, lead=lead, receivers={lead, police})
    with pytest.raises(Refused):
        refuse_receivers(kind, lead=police, receivers={police})
    with pytest.raises(Refused):
        refuse_receivers(kind, lead=police, receivers={police, lead})


def test_other_types_are_referred_freely(liaison_bawaslu, liaison_polda):
    incident = report(liaison_bawaslu, code="B4")
    asked = ask(incident, "polda-kalsel", RequestKind.WHOLE, by=liaison_bawaslu)
    accept_request(asked, by=liaison_polda, at=AT)
    incident.refresh_from_db()
    assert incident.lead_agency == agency("polda-kalsel")


def test_a_type_of_complaint_led_by_another_agency_is_not_loaded():
    [row] = [row for row in read_taxonomy().types if row["code"] == "C2"]
    with pytest.raises(Refused, match="dipimpin Bawaslu"):
        load_taxonomy(types=[row | {"lead": "polda-kalsel"}], targets=[], by=SYSTEM, at=AT)


def test_a_warning_of_a_complaint_is_kept_from_the_agency_complained_of(
    sign_in, liaison_bawaslu, posko_banjar, commander
):
    """Posko Banjar and the commander watch the region for the police; C2 complains of the police,
    C3 of KPU."""
    rule("tni-polri", types="C2", threshold=1)
    rule("kpu", types="C3", threshold=1, position=2)
    warned = {}
    for code in ("C2", "C3"):
        incident = report(liaison_bawaslu, code=code, region=DISTRICT)
        (warned[code],) = evaluate_incident(incident, by=SYSTEM, at=AT)

    def seen(actor) -> set[str]:
        rows = EarlyWarning.objects.visible_to(actor).values_list("pk", flat=True)
        return {code for code, warning in warned.items() if warning.pk in rows}

    assert posko_banjar.agency_slug == "polda-kalsel"
    assert seen(posko_banjar) == seen(commander) == {"C3"}
    assert seen(liaison_bawaslu) == seen(SYSTEM) == {"C2", "C3"}
    client = sign_in(Client(), posko_banjar)
    for path in ("/peringatan/{}/", "/peringatan/{}/cap.xml", "/api/v1/warnings/{}/"):
        codes = [client.get(path.format(warned[code].pk)).status_code for code in ("C2", "C3")]
        assert codes == [404, 200], path


def test_a_warning_stands_when_a_complaint_joins_what_it_rests_on(
    sign_in, liaison_bawaslu, liaison_polda, posko_banjar
):
    """The complaint alone is hidden, also from a post that watches the region: neither its number
    nor that there is one more ground in figures."""
    rule(types="B4 C2", threshold=1)
    first = report(liaison_bawaslu, code="B4", region=DISTRICT)
    (warning,) = evaluate_incident(first, by=SYSTEM, at=AT)
    complaint = report(liaison_bawaslu, code="C2", region=DISTRICT)
    evaluate_incident(complaint, by=SYSTEM, at=AT)

    for actor in (liaison_polda, posko_banjar):
        assert EarlyWarning.objects.visible_to(actor).get() == warning
        assert grounds_seen(warning, actor) == [first.number]
        seen = grounds(warning, actor)
        assert (seen.number, seen.withheld) == (1, True)
    assert grounds(warning, liaison_bawaslu).number == 2
    client = sign_in(Client(), posko_banjar)
    for path in ("/peringatan/{}/", "/peringatan/{}/cap.xml", "/api/v1/warnings/{}/"):
        answer = client.get(path.format(warning.pk))
        assert answer.status_code == 200
        assert complaint.number not in answer.text


def test_who_does_not_see_a_warning_owes_no_acknowledgement(liaison_bawaslu, liaison_polda):
    """What it rests on was corrected into a complaint after the police were told."""
    rule(types="B4 C2", threshold=1)
    incident = report(liaison_bawaslu, code="B4", region=DISTRICT)
    (warning,) = evaluate_incident(incident, by=SYSTEM, at=AT)
    police = liaison_polda.agency_id
    assert warning.receipts.owed_or_given().filter(agency=police).exists()

    Incident.objects.filter(pk=incident.pk).update(type="C2")

    assert kept_from(warning) >= {police}
    assert not EarlyWarning.objects.visible_to(liaison_polda).exists()
    assert not warning.receipts.owed_or_given().filter(agency=police).exists()
    [row] = warning_rows(warnings(liaison_bawaslu))
    assert agency("polda-kalsel").short_name not in row.waiting
    assert row.waiting


def test_who_is_of_the_agency_complained_of_does_not_handle_it(
    coordinator, liaison_bawaslu, liaison_polda
):
    """The coordinator is of the police, which C2 complains of, and C3 does not."""
    complaint, other = report(liaison_bawaslu, code="C2"), report(liaison_bawaslu, code="C3")
    writing = {"by": coordinator, "at": AT}
    wanted, seen = {"type": IncidentType.objects.get(code="B1")}, {"type": complaint.type}
    tried = [
        lambda: edit_incident(complaint, wanted, seen=seen, **writing),
        lambda: state_publicly(complaint, "Tidak benar.", **writing),
        lambda: receive_incident(complaint, **writing),
        lambda: merge_incident(complaint, other, reason="Sama.", **writing),
        lambda: merge_incident(other, complaint, reason="Sama.", **writing),
        lambda: assign_units(complaint, [], task="Periksa.", **writing),
        lambda: ask(complaint, "kesbangpol-kalsel", RequestKind.PART, by=coordinator),
        *(
            lambda state=state: move_incident(complaint, state, reason="Tidak benar.", **writing)
            for state in INCIDENT_MOVES[IncidentState.REPORTED] - {IncidentState.REFERRED}
        ),
    ]
    for attempt in tried:
        with pytest.raises(PermissionDenied):
            attempt()
    complaint.refresh_from_db()
    assert (complaint.state, complaint.type_id) == (IncidentState.REPORTED, "C2")

    assert moves(complaint, coordinator) == asks(complaint, coordinator) == []
    assert alike(complaint, coordinator) == []
    assert not awaits_receipt(complaint, coordinator)
    assert {act.icon for act in acts(complaint, coordinator)} == {"paperclip", "signpost", "people"}
    assert complaint not in mergeable(other, coordinator)
    assert complaint in mergeable(other, liaison_bawaslu)
    add_update(complaint, kind=UpdateKind.SITUATION, text="Diketahui.", **writing)
    assert move_incident(other, IncidentState.VERIFIED, **writing).state == IncidentState.VERIFIED
    assert moves(complaint, liaison_bawaslu)


def test_the_page_of_a_complaint_says_that_others_judge_it(sign_in, coordinator, liaison_bawaslu):
    said = "Kejadian ini mengadukan instansi Anda"
    complaint, other = report(liaison_bawaslu, code="C2"), report(liaison_bawaslu, code="C3")
    client = sign_in(Client(), coordinator)
    assert said in client.get(f"/kejadian/{complaint.pk}/").text
    assert said not in client.get(f"/kejadian/{other.pk}/").text
    api = f"/api/v1/incidents/{complaint.pk}/move/"
    moved = {"state": "tidak_terbukti", "reason": "Tidak benar.", "version": complaint.version}
    answer = client.post(api, moved, content_type="application/json")
    assert answer.status_code == 403
    client = sign_in(Client(), liaison_bawaslu)
    assert said not in client.get(f"/kejadian/{complaint.pk}/").text


def test_a_field_report_of_a_complaint_is_not_put_away_by_the_agency_complained_of(
    sign_in, posko_banjar, kodim_1006, liaison_bawaslu
):
    """It may only bring it before the agency that leads such complaints."""
    complaint = send(kodim_1006, code="C2", region="63.03.03")
    flood = send(kodim_1006, code="F1", region="63.03.03")
    led = report(liaison_bawaslu, code="B1", region="63.03.03")
    writing = {"by": posko_banjar, "at": AT}
    tried = [
        lambda: set_aside(complaint, "Tidak benar.", **writing),
        lambda: file_report(complaint, led, **writing),
        lambda: open_incident([complaint], told=told(code="B1", region="63.03.03"), **writing),
        lambda: open_incident([flood, complaint], **writing),
        lambda: file_report(
            flood, report(liaison_bawaslu, code="C2", region="63.03.03"), **writing
        ),
    ]
    for attempt in tried:
        with pytest.raises(Refused, match="mengadukan instansi Anda"):
            attempt()
    page = sign_in(Client(), posko_banjar).get(f"/lapangan/{complaint.pk}/").text
    assert "Laporan ini mengadukan instansi Anda." in page
    assert ("Buka kejadian" in page, "Sisihkan" in page) == (True, False)

    opened = open_incident([complaint], **writing)
    assert (opened.type_id, opened.lead_agency) == ("C2", agency("bawaslu-kalsel"))
    assert set_aside(flood, "Surut.", **writing).report == flood


@pytest.mark.parametrize("state", [IncidentState.UNPROVEN, IncidentState.CLOSED])
def test_the_leading_agency_is_told_when_another_ends_its_incident(
    people, coordinator, liaison_bawaslu, liaison_kpu, state
):
    people["posko.banjar"]
    incident = report(liaison_kpu, code="B1")
    if state == IncidentState.CLOSED:
        for step in ("diverifikasi", "ditangani", "terkendali"):
            move_incident(incident, step, by=liaison_bawaslu, at=AT)
    move_incident(incident, state, by=coordinator, at=AT, reason="Sudah diperiksa.")

    [row] = Notification.objects.filter(kind="incident_ended")
    assert row.post_id == liaison_bawaslu.post_id
    assert (row.context["reason"], row.context["by"]) == (
        "Sudah diperiksa.",
        coordinator.post_title,
    )
    move_incident(incident, IncidentState.REOPENED, by=liaison_bawaslu, at=AT, reason="Keliru.")
    move_incident(incident, IncidentState.UNPROVEN, by=liaison_bawaslu, at=AT, reason="Benar.")
    assert Notification.objects.filter(kind="incident_ended").count() == 1
