"""The pages and the API of what agencies ask of each other, from asking to the answer."""

import pytest
from django.test import Client
from django.urls import reverse

from incidents.enums.requests import RequestKind
from incidents.models import AgencyRequest, Incident
from portal.home.work import duties
from portal.registry.models import Agency
from tests.factories.incidents import AT, report
from tests.incidents.test_requests import LATER, ask

API = "/api/v1/incident-requests/"


@pytest.fixture
def incident(liaison_kpu, liaison_pemprov, liaison_bawaslu):
    return report(liaison_kpu)


def page(name: str, row) -> str:
    return reverse(f"incidents:{name}", args=[row.pk])


def post(client: Client, path: str, data: dict):
    return client.post(path, data, content_type="application/json")


def test_a_referral_from_page_to_page(sign_in, incident, liaison_pemprov, liaison_bawaslu):
    sender, receiver = Client(), Client()
    sign_in(sender, liaison_pemprov)
    sign_in(receiver, liaison_bawaslu)
    shown = sender.get(page("incident_detail", incident)).content.decode()
    assert page("incident_refer", incident) in shown
    assert page("incident_advice", incident) in shown
    to = Agency.objects.get(slug="bawaslu-kalsel")
    given = {"version": 1, "to": to.pk, "kind": "sebagian", "matter": "Awasi."}

    bare = sender.post(page("incident_refer", incident), given)
    assert list(bare.context["form"].errors) == ["reason"]
    sent = sender.post(page("incident_refer", incident), given | {"reason": "Kewenangan."})
    assert (sent.status_code, sent["Location"]) == (302, page("incident_detail", incident))

    asked = AgencyRequest.objects.get()
    answer = receiver.get(page("incident_detail", incident)).content.decode()
    assert page("request_accept", asked) in answer
    assert page("request_withdraw", asked) not in answer
    assert receiver.post(page("request_accept", asked), {"note": ""}).status_code == 302
    done = receiver.post(page("request_answer", asked), {"text": "Tertib."})
    assert done.status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("dijawab", "Tertib.")
    assert "Tertib." in sender.get(page("incident_detail", incident)).content.decode()


def test_who_declines_is_led_away_from_what_it_sees_no_more(
    sign_in, incident, liaison_pemprov, liaison_bawaslu
):
    asked = ask(incident, liaison_pemprov)
    client = sign_in(Client(), liaison_bawaslu)

    bare = client.post(page("request_decline", asked), {"reason": ""})
    assert list(bare.context["form"].errors) == ["reason"]
    gone = client.post(page("request_decline", asked), {"reason": "Bukan kewenangan kami."})

    assert gone["Location"] == reverse("incidents:incident_list")
    assert client.get(page("request_answer", asked)).status_code == 404


def test_the_pages_are_for_who_is_asked_and_who_leads(
    sign_in, incident, liaison_pemprov, liaison_korem, liaison_kejati
):
    asked = ask(incident, liaison_pemprov)
    supporter, stranger = sign_in(Client(), liaison_korem), sign_in(Client(), liaison_kejati)

    for name in ("request_accept", "request_decline", "request_answer", "request_withdraw"):
        assert supporter.get(page(name, asked)).status_code == 403
        assert stranger.get(page(name, asked)).status_code == 404
    assert supporter.get(page("incident_refer", incident)).status_code == 403
    assert stranger.get(page("incident_refer", incident)).status_code == 404


def test_advice_by_page_and_withdrawn(sign_in, incident, liaison_pemprov, liaison_bawaslu):
    client = sign_in(Client(), liaison_pemprov)
    to = Agency.objects.get(slug="bawaslu-kalsel")
    client.post(
        page("incident_advice", incident), {"version": 1, "to": to.pk, "matter": "Bolehkah?"}
    )
    asked = AgencyRequest.objects.get()
    assert (asked.kind, asked.state) == (RequestKind.ADVICE, "menunggu")

    client.post(page("request_withdraw", asked), {"reason": ""})

    asked.refresh_from_db()
    assert asked.state == "ditarik"


def test_what_waits_is_on_the_dashboard_of_the_asked(incident, liaison_pemprov, liaison_bawaslu):
    ask(incident, liaison_pemprov)

    [item] = [item for item in duties(liaison_bawaslu, LATER) if item.kind == "request"]
    assert item.title == f"Pelimpahan sebagian {incident.number}: Awasi penertibannya."
    assert item.url == page("incident_detail", incident) + "#permintaan"
    assert not [item for item in duties(liaison_pemprov, AT) if item.kind == "request"]


def test_the_api_asks_and_answers(
    sign_in, incident, liaison_pemprov, liaison_bawaslu, liaison_kejati
):
    sender, receiver = sign_in(Client(), liaison_pemprov), sign_in(Client(), liaison_bawaslu)
    given = {
        "incident": incident.pk, "kind": "seluruh", "to": "bawaslu-kalsel", "matter": "Tangani.",
        "reason": "Kewenangan.", "version": 1,
    }  # fmt: skip
    asked = post(sender, API, given)
    assert (asked.status_code, asked.json()["state"]) == (201, "menunggu")
    path = f"{API}{asked.json()['id']}/"

    assert sign_in(Client(), liaison_kejati).get(path).status_code == 404
    assert post(sender, f"{path}accept/", {}).status_code == 403
    assert post(receiver, f"{path}accept/", {}).json()["state"] == "diterima"
    incident.refresh_from_db()
    assert incident.lead_agency.slug == "bawaslu-kalsel"
    assert post(receiver, f"{path}decline/", {"reason": "Tidak."}).status_code == 409
    assert post(receiver, f"{path}answer/", {"text": "Selesai."}).json()["answer"] == "Selesai."


def test_the_api_tells_who_declined_its_own_answer(
    sign_in, incident, liaison_pemprov, liaison_bawaslu
):
    path = f"{API}{ask(incident, liaison_pemprov).pk}/"
    receiver = sign_in(Client(), liaison_bawaslu)

    declined = post(receiver, f"{path}decline/", {"reason": "Bukan kami."})

    assert (declined.status_code, declined.json()["state"]) == (200, "ditolak")
    assert not Incident.objects.visible_to(liaison_bawaslu).exists()
    assert post(sign_in(Client(), liaison_pemprov), f"{path}withdraw/", {}).status_code == 409
