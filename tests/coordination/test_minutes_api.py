"""Notula as JSON: circulated, objected to, answered, signed, published, corrected."""

from datetime import timedelta

import pytest
import time_machine

from coordination.models import Addendum, Minutes, Objection
from portal.accounts.actions import issue_token
from portal.accounts.models import Post, User
from portal.audit.models import Entry
from tests.coordination.test_api import api
from tests.coordination.test_attacks import prove
from tests.factories.coordination import START, make_minutes, make_published

__all__ = ["api"]
AT = START + timedelta(hours=4)
UNTIL = (AT + timedelta(days=1)).isoformat()


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(AT, tick=False):
        yield


def sentence(response):
    return response.status_code, response.json()["detail"]


def test_circulated_once_and_only_by_the_host(api, coordinator, liaison_kpu, liaison_dprd):
    draft = make_minutes(coordinator, "kpu-kalsel")
    path = f"minutes/{draft.pk}/circulate/"
    assert api(liaison_kpu).post(path, {"until": UNTIL}).status_code == 403
    assert api(liaison_dprd).post(path, {"until": UNTIL}).status_code == 403
    api(coordinator)
    past = api.post(path, {"until": (AT - timedelta(hours=1)).isoformat()})
    assert (past.status_code, past.json()["errors"][0]["field"]) == (422, "until")
    stale = api.post(path, {"until": UNTIL}, headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    headers = {"Idempotency-Key": "c1"}
    answers = [api.post(path, {"until": UNTIL}, headers=headers) for _time in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["state"] == "circulated"
    assert Entry.objects.filter(verb="minutes.circulate").count() == 1
    assert api.post(path, {"until": UNTIL}).status_code == 409


def test_an_objection_is_answered_by_the_host(
    api, coordinator, liaison_kpu, liaison_bawaslu, liaison_dprd
):
    draft = make_minutes(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    section = draft.sections.get(position=2)
    section.speaking = ["kpu-kalsel"]
    section.save()
    api(coordinator).post(f"minutes/{draft.pk}/circulate/", {"until": UNTIL})
    made = {"section": section.pk, "text": "Keliru.", "proposed": "Yang benar."}
    assert api(liaison_kpu).post(f"minutes/{draft.pk}/objections/", made).status_code == 200
    objection = Objection.objects.get()
    path = f"objections/{objection.pk}/"
    assert api.get(path).json()["text"] == "Keliru."
    assert api.post(f"{path}answer/", {"accept": True}).status_code == 403
    for stranger in (liaison_bawaslu, liaison_dprd):
        assert api(stranger).get(path).status_code == 404
        assert api.get("objections/").json()["count"] == 0
    api(coordinator)
    silent = api.post(f"{path}answer/", {"accept": False})
    assert (silent.status_code, silent.json()["errors"][0]["field"]) == (422, "answer")
    answered = api.post(f"{path}answer/", {"accept": True, "version": objection.version})
    assert answered.json()["state"] == "accepted"
    assert api.get(f"minutes/{draft.pk}/").json()["sections"][1]["body"] == "Yang benar."
    assert sentence(api.post(f"{path}answer/", {"accept": True})) == (
        409,
        "Keberatan ini sudah dijawab.",
    )


def test_what_circulates_is_taken_back_with_a_reason(api, coordinator, liaison_kpu, liaison_dprd):
    draft = make_minutes(coordinator, "kpu-kalsel")
    path = f"minutes/{draft.pk}/take-back/"
    api(coordinator).post(f"minutes/{draft.pk}/circulate/", {"until": UNTIL})
    assert api(liaison_kpu).post(path, {"reason": "x"}).status_code == 403
    assert api(liaison_dprd).post(path, {"reason": "x"}).status_code == 403
    assert api(coordinator).post(path).status_code == 422
    assert api.post(path, {"reason": "Daftar hadir keliru."}).json()["state"] == "draft"


def test_signed_only_by_who_proved_himself_then_published(api, client, coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    path = f"minutes/{draft.pk}/"
    assert api(liaison_kpu).get(f"{path}sign/").status_code == 403
    seen = api(coordinator).get(f"{path}sign/").json()
    assert seen["unanswered"] == 0
    body = {"seen": seen["seen"], "reason": "Dibacakan di akhir rapat."}
    unproven = api.post(f"{path}sign/", body)
    assert unproven.status_code == 409 and "lima menit" in unproven.json()["detail"]
    assert api.post(f"{path}publish/").status_code == 409
    prove(client)
    assert "berubah" in sentence(api.post(f"{path}sign/", body | {"seen": "0" * 64}))[1]
    assert api.post(f"{path}sign/", body).json()["state"] == "signed"
    published = [api.post(f"{path}publish/").json() for _time in range(2)]
    assert published[0] == published[1]
    assert (published[0]["state"], len(published[0]["sha256"])) == ("published", 64)
    assert api(liaison_kpu).post(f"{path}publish/").status_code == 403


def test_a_token_signs_nothing_even_beside_a_proven_session(api, client, coordinator):
    draft = make_minutes(coordinator, "kpu-kalsel")
    api(coordinator)
    prove(client)
    seen = api.get(f"minutes/{draft.pk}/sign/").json()["seen"]
    user, post = User.objects.get(pk=coordinator.user_id), Post.objects.get(pk=coordinator.post_id)
    _row, token = issue_token(user, post, by=coordinator, at=AT)
    refused = api.post(
        f"minutes/{draft.pk}/sign/",
        {"seen": seen, "reason": "Dibacakan."},
        headers={"Authorization": f"Token {token}"},
    )
    assert refused.status_code == 409 and "lima menit" in refused.json()["detail"]
    assert Minutes.objects.get().state == "draft"


def test_an_addendum_from_draft_to_publication(api, client, coordinator, liaison_kpu, liaison_dprd):
    published = make_published(coordinator, "kpu-kalsel", at=AT)
    other = make_published(coordinator, "kpu-kalsel", title="Lain", at=AT)
    section, foreign = (row.sections.last() for row in (published, other))
    path = f"minutes/{published.pk}/addenda/"
    body = {"section": section.pk, "text": "Yang benar.", "reason": "Terlewat."}
    assert api(liaison_kpu).post(path, body).status_code == 403
    api(coordinator)
    wrong = api.post(path, body | {"section": foreign.pk})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "section")
    answers = [api.post(path, body, headers={"Idempotency-Key": "a1"}) for _time in range(2)]
    assert [row.status_code for row in answers] == [201, 201]
    addendum = Addendum.objects.get()
    own = f"addenda/{addendum.pk}/"
    assert api(liaison_kpu).get(own).status_code == 404
    assert api.patch(own, body).status_code == 403
    api(coordinator)
    stale = api.patch(own, body, headers={"If-Match": '"9"'})
    assert stale.status_code == 412
    assert api.patch(own, body | {"text": "Lebih benar."}).json()["text"] == "Lebih benar."
    assert api.post(f"{own}publish/").status_code == 409
    assert "lima menit" in sentence(api.post(f"{own}sign/"))[1]
    prove(client)
    assert api.post(f"{own}sign/").json()["state"] == "signed"
    assert api.post(f"{own}publish/").json()["number"] == 1
    assert api.patch(own, body).status_code == 409
    assert api(liaison_kpu).get(own).json()["state"] == "published"
    assert api(liaison_dprd).get(own).status_code == 404
