from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.actions import obligations as actions
from coordination.models import Meeting, Obligation
from coordination.queries.attendance import code_subject
from portal.access import codes
from portal.access.classification import Classification
from portal.attachments.actions import files_of
from portal.audit.models import Entry
from tests.factories.coordination import (
    NOW,
    PUBLISHED,
    make_meeting,
    make_minutes,
    make_obligation,
    make_published,
    make_scheduled,
)
from tests.factories.files import png


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def api(client, sign_in):
    """`api(actor)`: a client that speaks JSON as that post."""

    class Api:
        def __call__(self, actor):
            sign_in(client, actor)
            return self

        def get(self, path, **kwargs):
            return client.get(f"/api/v1/{path}", **kwargs)

        def post(self, path, data=None, **kwargs):
            return client.post(
                f"/api/v1/{path}", data or {}, content_type="application/json", **kwargs
            )

        def patch(self, path, data=None, **kwargs):
            return client.patch(
                f"/api/v1/{path}", data or {}, content_type="application/json", **kwargs
            )

        def delete(self, path, **kwargs):
            return client.delete(f"/api/v1/{path}", **kwargs)

    return Api()


def meeting_body(**changes):
    return {
        "operation": "mantap-praja-intan-2024",
        "title": "Rakor logistik",
        "starts_at": "2024-06-10T09:00:00+08:00",
        "ends_at": "2024-06-10T11:00:00+08:00",
        "place": "Aula",
        "chair_office": "Kapolda",
        "agenda": [{"title": "Pembukaan", "presenter": "polda-kalsel", "planned_minutes": 10}],
        "agencies": ["kpu-kalsel", "korem-101"],
    } | changes


COLLECTIONS = ("meetings", "invitations", "minutes", "directives", "obligations")


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_and_show_the_same_scope_as_the_pages(
    api, coordinator, liaison_kpu, liaison_dprd, django_assert_num_queries, count
):
    for _number in range(count):
        make_published(coordinator, "kpu-kalsel")
    api(liaison_kpu).get("meetings/")
    # Two of them find out who he is; the others name his post and begin the transaction.
    for name, queries in zip(COLLECTIONS, (8, 8, 8, 9, 8), strict=True):
        with django_assert_num_queries(queries, info=name):
            assert api.get(f"{name}/").json()["count"] == count
    api(liaison_dprd)
    for name in COLLECTIONS:
        assert api.get(f"{name}/").json()["count"] == 0


def test_a_posko_operator_and_a_stranger_are_kept_out(api, client, posko_banjar):
    for name in COLLECTIONS:
        assert client.get(f"/api/v1/{name}/").status_code in {401, 403}
    api(posko_banjar)
    for name in ("meetings", "invitations", "minutes"):
        assert api.get(f"{name}/").status_code == 403
    for name in ("directives", "obligations"):
        assert api.get(f"{name}/").json()["results"] == []


def test_planning_and_scheduling(api, coordinator, liaison_kpu):
    api(coordinator)
    headers = {"Idempotency-Key": "m1"}
    first = api.post("meetings/", meeting_body(), headers=headers)
    second = api.post("meetings/", meeting_body(), headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    meeting = Meeting.objects.get()
    assert first["ETag"] == f'"{meeting.version}"'
    body = api.post(f"meetings/{meeting.pk}/schedule/").json()
    assert (body["state"], [seat["agency"] for seat in body["invitations"]]) == (
        "scheduled",
        ["korem-101", "kpu-kalsel"],
    )
    assert body["agenda"][0]["presenter"] == "polda-kalsel"
    assert body["starts_at"] == "2024-06-10T09:00:00+08:00"
    assert api(liaison_kpu).post("meetings/", meeting_body()).status_code == 403
    assert api.post(f"meetings/{meeting.pk}/schedule/").status_code == 403


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": "2024-02-31T09:00:00+08:00"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+08:00"}, "starts_at"),
        ({"ends_at": "2024-06-10T08:00:00+08:00"}, "ends_at"),
        ({"title": "x" * 300}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"agencies": ["tidak-ada"]}, "agencies"),
        ({"operation": "lain"}, "operation"),
        ({"kind": "pesta"}, "kind"),
        ({"virtual_link": "javascript:x"}, "virtual_link"),
        ({"agenda": [{"title": "x", "planned_minutes": -1}]}, "agenda.0.planned_minutes"),
    ],
)
def test_bad_input_names_its_field(api, coordinator, changes, field):
    response = api(coordinator).post("meetings/", meeting_body(**changes))
    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
    assert response.json()["errors"][0]["field"].startswith(field)
    assert not Meeting.objects.exists()


def test_answering_an_invitation(api, coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    own, other = (
        meeting.invitations.get(agency__slug=slug) for slug in ("kpu-kalsel", "bawaslu-kalsel")
    )
    api(liaison_kpu)
    assert api.post(f"invitations/{other.pk}/answer/", {"answer": "hadir"}).status_code == 404
    stale = api.post(
        f"invitations/{own.pk}/answer/", {"answer": "hadir"}, headers={"If-Match": '"1"'}
    )
    assert (stale.status_code, stale.json()["current_version"]) == (412, own.version)
    refused = api.post(f"invitations/{own.pk}/answer/", {"answer": "tidak_hadir"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "reason")
    done = api.post(
        f"invitations/{own.pk}/answer/",
        {"answer": "hadir"},
        headers={"If-Match": f'"{own.version}"'},
    )
    assert (done.status_code, done.json()["answered_by"]) == (200, "liaison-kpu")


def test_drafts_are_for_their_writers(api, coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    assert api(coordinator).get(f"minutes/{draft.pk}/").json()["sections"][0]["position"] == 1
    assert api(liaison_kpu).get(f"minutes/{draft.pk}/").status_code == 404


def test_acknowledging_with_a_key_happens_once(api, coordinator, liaison_kpu, liaison_dprd):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    path = f"obligations/{obligation.pk}/acknowledge/"
    api(liaison_kpu)
    answers = [api.post(path, headers={"Idempotency-Key": "a1"}) for _time in range(2)]
    assert answers[0].json() == answers[1].json()
    assert [report["kind"] for report in answers[0].json()["reports"]] == ["acknowledged"]
    assert api(liaison_dprd).post(path).status_code == 404
    assert api(coordinator).post(path).status_code == 403


def test_reporting_in_its_three_kinds(api, coordinator, liaison_kpu):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    path = f"obligations/{obligation.pk}/report/"
    api(liaison_kpu)
    missing = api.post(path, {"note": "Jalan."})
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (422, "percent")
    for body, state in (
        ({"percent": 30, "note": "Jalan."}, "in_progress"),
        ({"kind": "blocked", "obstacle": "Banjir.", "percent": 35}, "blocked"),
        ({"kind": "submitted", "note": "Tuntas.", "percent": 1}, "awaiting_verification"),
    ):
        assert api.post(path, body).json()["state"] == state
    conflict = api.post(path, {"percent": 30, "note": "Jalan."})
    assert conflict.status_code == 409
    verify = f"obligations/{obligation.pk}/verify/"
    assert api.post(verify, {"decision": "verify"}).status_code == 403
    api(coordinator)
    back = api.post(verify, {"decision": "return", "note": "Lengkapi."})
    assert back.json()["state"] == "in_progress"
    actions.submit_obligation(obligation, by=liaison_kpu, at=PUBLISHED, note="Lengkap.")
    done = api.post(verify, {"decision": "verify"}).json()
    assert (done["state"], done["overdue"]) == ("done", False)


def test_a_refused_report_with_a_stale_version_writes_nothing(api, coordinator, liaison_kpu):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    response = api(liaison_kpu).post(
        f"obligations/{obligation.pk}/report/", {"percent": 5, "note": "x", "version": 9}
    )
    assert (response.status_code, response.json()["current_version"]) == (409, 1)
    assert Obligation.objects.get().state == "open"


def test_filters_and_nonsense(api, coordinator, liaison_kpu):
    make_published(coordinator, "kpu-kalsel")
    api(coordinator)
    assert api.get("obligations/?agency=kpu-kalsel&state=open").json()["count"] == 1
    assert api.get("obligations/?overdue=true").json()["count"] == 0
    assert api.get("obligations/?agency=zzz").status_code == 422
    assert api.get("meetings/?state=zzz").status_code == 422
    assert api.get(f"meetings/{10**30}/").status_code == 404


def test_reading_a_secret_is_recorded(api, coordinator, liaison_kpu):
    meeting = make_meeting(coordinator, "kpu-kalsel", classification=Classification.RAHASIA)
    api(coordinator).get(f"meetings/{meeting.pk}/")
    assert Entry.objects.filter(verb="meeting.read").count() == 1
    assert api(liaison_kpu).get(f"meetings/{meeting.pk}/").status_code == 404


def test_reading_a_secret_in_a_list_is_recorded_for_who_sees_it(api, coordinator, liaison_kpu):
    make_meeting(coordinator, "kpu-kalsel", classification=Classification.RAHASIA)
    make_meeting(coordinator, "kpu-kalsel")
    assert api(liaison_kpu).get("meetings/").json()["count"] == 0
    assert Entry.objects.filter(verb="meeting.read").count() == 0
    assert api(coordinator).get("meetings/").json()["count"] == 2
    assert [row.post_id for row in Entry.objects.filter(verb="meeting.read")] == [
        coordinator.post_id
    ]


def test_a_person_signs_with_the_code_once(api, coordinator, liaison_kpu, liaison_dprd):
    meeting = make_scheduled(coordinator, "kpu-kalsel", starts_at=NOW + timedelta(hours=1))
    code = codes.code_at(code_subject(meeting), NOW + timedelta(minutes=5))
    body = {"code": code, "name": "Rina", "office": "Kabag", "service_number": "198001012005"}
    path = f"meetings/{meeting.pk}/check_in/"
    assert api(liaison_dprd).post(path, body).status_code == 404
    wrong = api(liaison_kpu).post(path, body | {"code": "1-" + "0" * 32})
    assert wrong.status_code == 409
    assert meeting.attendance.count() == 0
    done = api(liaison_kpu).post(path, body)
    assert (done.status_code, done.json()["method"], done.json()["service_number"]) == (
        201,
        "qr",
        "198001012005",
    )
    assert api(liaison_kpu).post(path, body).status_code == 409
    shown = api(coordinator).get(f"meetings/{meeting.pk}/").json()
    assert shown["quorum"] == {
        "seats": 1,
        "present": 1,
        "heads": 1,
        "needed": 1,
        "percent": 50,
        "reached": True,
    }


def test_a_directive_alone_its_passing_on_and_its_exceptions(
    api, coordinator, liaison_kpu, liaison_polda, posko_banjar, liaison_dprd
):
    body = {
        "title": "Amankan gudang",
        "text": "Amankan gudang logistik.",
        "ground": "Surat KPU nomor 12.",
        "due_at": "2024-06-20T16:00:00+08:00",
        "shares": [{"agency": "polda-kalsel"}, {"agency": "kpu-kalsel", "region": "63.03"}],
    }
    assert api(liaison_kpu).post("directives/", body).status_code == 403
    made = api(coordinator).post("directives/", body)
    assert (made.status_code, made.json()["origin"]) == (201, "Arahan langsung")
    whole, mine = Obligation.objects.order_by("agency__position")
    passed = api(liaison_polda).post(
        "directives/delegate/",
        {
            "obligation": whole.pk,
            "units": ["polres-banjar"],
            "title": "Jaga",
            "text": "Jaga gudang.",
            "due_at": "2024-06-18T16:00:00+08:00",
        },
    )
    assert (passed.status_code, passed.json()["units"]) == (201, ["polres-banjar"])
    foreign = {"obligation": mine.pk, "units": ["polres-banjar"], "title": "x", "text": "x"}
    foreign["due_at"] = "2024-06-18T16:00:00+08:00"
    assert api(liaison_dprd).post("directives/delegate/", foreign).status_code == 404
    assert api(posko_banjar).get("obligations/").json()["count"] == 1

    path = f"obligations/{mine.pk}/"
    api(liaison_kpu)
    wish = {"reason": "Banjir.", "wished_due_at": "2024-06-25T16:00:00+08:00"}
    asked = api.post(f"{path}extension/", wish).json()
    assert asked["waiting_since"] is not None
    assert api.post(f"{path}extension-decision/", {"decision": "grant"}).status_code == 403
    granted = api(coordinator).post(f"{path}extension-decision/", {"decision": "grant"}).json()
    assert (granted["due_at"], granted["waiting_since"]) == ("2024-06-25T16:00:00+08:00", None)
    api(liaison_kpu)
    assert api.post(f"{path}wait/", {"blocker": whole.pk}).json()["state"] == "blocked"
    assert api.post(f"{path}stop-waiting/").json()["state"] == "in_progress"
    declared = api.post(f"{path}unfeasible/", {"reason": "Gudang terbakar."}).json()
    assert declared["state"] == "declared_unfeasible"
    api(coordinator)
    back = api.post(f"{path}unfeasible-decision/", {"decision": "return", "note": "Lanjutkan."})
    assert back.json()["state"] == "in_progress"
    actions.submit_obligation(mine, by=liaison_kpu, at=PUBLISHED, note="Selesai.")
    assert api.post(f"{path}close/").status_code == 409
    checked = api.post(f"{path}verify/", {"decision": "verify_only"}).json()
    assert checked["state"] == "verified"
    closed = api.post(f"{path}close/").json()
    assert (closed["state"], closed["closed_by"]) == ("done", "koordinator")


def test_evidence_comes_with_the_report_once(client, sign_in, api, coordinator, liaison_kpu):
    row = make_obligation(coordinator, "kpu-kalsel", directive={"evidence_required": True})
    path = f"obligations/{row.pk}/report/"
    lacking = api(liaison_kpu).post(path, {"kind": "submitted", "note": "Tuntas."})
    assert (lacking.status_code, lacking.json()["errors"][0]["field"]) == (422, "file")

    sign_in(client, liaison_kpu)
    for _time in range(2):
        files = [SimpleUploadedFile(name, png()) for name in ("a.png", "b.png")]
        body = {"kind": "submitted", "note": "Tuntas.", "files": files}
        told = client.post(f"/api/v1/{path}", body, headers={"Idempotency-Key": "satu"})
        assert (told.status_code, told.json()["state"]) == (200, "awaiting_verification")
    [report] = row.reports.filter(kind="submitted")
    assert sorted(file.name for file in files_of(report)) == ["a.png", "b.png"]

    spoilt = {"kind": "progress", "percent": 5, "files": [SimpleUploadedFile("x.exe", b"MZ")]}
    other = make_obligation(coordinator, "kpu-kalsel")
    refused = client.post(f"/api/v1/obligations/{other.pk}/report/", spoilt)
    assert refused.status_code == 422
    assert other.reports.count() == 0
