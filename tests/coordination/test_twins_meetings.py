"""Rakor by the API as on the pages: changed, run, stopped, its list, who takes part."""

from datetime import timedelta

import pytest
import time_machine

from coordination.models import AgencyWithdrawal, Attendance, Meeting
from portal.audit.models import Entry
from tests.api_twins import Twin
from tests.factories.coordination import NOW, make_meeting, make_scheduled


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def api(client, sign_in):
    return Twin(client, sign_in)


def test_a_rakor_is_changed_run_and_listed(api, coordinator, liaison_kpu, liaison_dprd):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    path = f"meetings/{meeting.pk}/"
    writes = {
        path: ({"title": "x"}, "patch"),
        f"{path}open/": ({}, "post"),
        f"{path}close/": ({}, "post"),
        f"{path}postpone/": ({"reason": "x"}, "post"),
        f"{path}cancel/": ({"reason": "x"}, "post"),
        f"{path}invite/": ({"agencies": ["dprd-kalsel"]}, "post"),
        f"{path}attendance/": ({"lines": []}, "post"),
        f"{path}remove-attendance/": ({"line": 1, "reason": "x"}, "post"),
    }
    for actor in (liaison_kpu, liaison_dprd):
        api(actor)
        found = {place: api.status(place, *how) for place, how in writes.items()}
        assert found == dict.fromkeys(writes, 403)

    api(coordinator)
    far = {place.replace(f"/{meeting.pk}/", "/999999/"): how for place, how in writes.items()}
    assert {api.status(place, *how) for place, how in far.items()} == {404}
    assert api.status(path, {"title": "x"}, "patch", **{"If-Match": '"99"'}) == 412
    first, second = meeting.agenda.all()
    body = {"title": "Rakor lain", "agenda": [{"id": second.pk, "title": "Logistik"}]}
    told = api.once("meeting.edit", path, body | {"version": meeting.version}, "patch")
    assert (told["title"], [row["id"] for row in told["agenda"]]) == ("Rakor lain", [second.pk])
    chair = api.send(path, {"chair_post": "liaison-kpu"}, "patch")
    assert (chair.status_code, chair.json()["errors"][0]["field"]) == (422, "chair_post")
    api.once("meeting.invite", f"{path}invite/", {"agencies": ["bawaslu-kalsel"]})
    assert meeting.invitations.count() == 2
    assert api.once("meeting.in_session", f"{path}open/")["state"] == "in_session"
    assert api.status(path, {"title": "Terlambat"}, "patch") == 409
    line = {"agency": "kpu-kalsel", "invited_office": "Ketua KPU", "attendee_name": "Ketua"}
    told = api.once("meeting.attendance", f"{path}attendance/", {"lines": [line]})
    assert [row["attendee_name"] for row in told["attendance"]] == ["Ketua"]
    unnamed = {"lines": [line | {"status": "diwakili"}]}
    assert api.status(f"{path}attendance/", unnamed) == 422
    assert api.status(f"{path}attendance/", {"lines": [], "version": 1}) == 409
    for kind, magic in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        before = Entry.objects.filter(verb="meeting.attendance_download").count()
        assert api.get(f"{path}attendance-{kind}/").content.startswith(magic)
        assert Entry.objects.filter(verb="meeting.attendance_download").count() == before + 1
    gone = {"line": Attendance.objects.get().pk, "reason": "Salah tulis"}
    assert api.status(f"{path}remove-attendance/", gone | {"line": gone["line"] + 1}) == 422
    api.once("meeting.attendance_removed", f"{path}remove-attendance/", gone)
    assert not Attendance.objects.exists()
    assert api.get(f"{path}attendance-pdf/").status_code == 404
    assert api.once("meeting.held", f"{path}close/")["state"] == "held"
    assert api.status(f"{path}postpone/", {"reason": "x"}) == 409


def test_a_rakor_is_put_off_and_called_off(api, coordinator):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    path = f"meetings/{meeting.pk}/"
    api(coordinator)
    assert api.status(f"{path}postpone/") == 422
    told = api.once("meeting.postponed", f"{path}postpone/", {"reason": "Banjir"})
    assert (told["state"], told["state_reason"]) == ("postponed", "Banjir")
    api.once("meeting.cancelled", f"{path}cancel/", {"reason": "Tidak perlu"})
    assert Meeting.objects.get().state == "cancelled"
    draft = make_meeting(coordinator, "kpu-kalsel")
    assert api.once("meeting.schedule", f"meetings/{draft.pk}/schedule/")["state"] == "scheduled"


def test_an_agency_leaves_and_comes_back(api, coordinator, liaison_kpu, posko_banjar):
    make_scheduled(coordinator, "kpu-kalsel")
    body = {"agency": "kpu-kalsel", "reason": "Ditugaskan lain"}
    assert api(liaison_kpu).status("agency-withdrawals/", body) == 403
    assert api(posko_banjar).get("agency-withdrawals/").status_code == 403
    left = api(coordinator).once("agency.leave", "agency-withdrawals/", body)
    assert (left["agency"], left["ended_at"]) == ("kpu-kalsel", None)
    path = f"agency-withdrawals/{left['id']}/readmit/"
    assert api(liaison_kpu).status(path, {"reason": "x"}) == 403
    api(coordinator)
    assert api.status(path, {"reason": "x", "version": 9}) == 409
    own = api.send("agency-withdrawals/", {"agency": "polda-kalsel", "reason": "x"})
    assert own.json()["errors"][0]["field"] == "agency"
    api.once("agency.readmit", path, {"reason": "Kembali", "version": left["version"]})
    assert AgencyWithdrawal.objects.get().end_reason == "Kembali"
    assert api.get("agency-withdrawals/").json()["count"] == 1
