"""Letters, the desk, late signatures, examples and series as JSON."""

import io
from datetime import timedelta

import pypdf
import pytest
import time_machine

from coordination.actions.attendance import record_attendance
from coordination.models import AgendaTemplate, Attendance, Letter, MeetingSeries
from portal.audit.models import Entry
from tests.coordination.test_api import api
from tests.coordination.test_planning_api import fields
from tests.factories.coordination import (
    NOW,
    START,
    make_held,
    make_item,
    make_meeting,
    make_scheduled,
    make_series,
)

__all__ = ["api"]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False) as traveller:
        yield traveller


def test_letters_are_written_before_they_go_out(api, coordinator, liaison_kpu, liaison_dprd):
    meeting = make_meeting(coordinator, "kpu-kalsel")
    seat = meeting.invitations.get()
    path = f"meetings/{meeting.pk}/letter/"
    body = {
        "subject": "Undangan rakor logistik",
        "copies": ["Gubernur Kalimantan Selatan"],
        "quorum_percent": 60,
        "addressees": [{"invitation": seat.pk, "addressee": "Ketua KPU Kalsel"}],
    }
    assert api(liaison_kpu).get(path).status_code == 403
    assert api(liaison_dprd).patch(path, body).status_code == 403
    before = api(coordinator).get(path)
    assert (before.json()["subject"], before.json()["quorum_percent"]) == (
        f"Undangan {meeting.title}",
        meeting.quorum_percent,
    )
    stale = api.patch(path, body, headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    assert fields(api.patch(path, {"copies": ["x"] * 21})) == {"copies"}
    written = api.patch(path, body, headers={"If-Match": before["ETag"]}).json()
    assert (written["subject"], written["quorum_percent"]) == ("Undangan rakor logistik", 60)
    assert [row["addressee"] for row in written["addressees"]] == ["Ketua KPU Kalsel"]
    assert Letter.objects.get().copies == ["Gubernur Kalimantan Selatan"]
    api.post(f"meetings/{meeting.pk}/schedule/")
    late = api.patch(path, body)
    assert (late.status_code, late.json()["detail"]) == (
        409,
        "Surat undangan sudah dikirim dan tidak dapat diubah.",
    )


def test_the_letter_of_a_seat_comes_as_pdf(
    api, coordinator, liaison_kpu, liaison_bawaslu, liaison_dprd
):
    meeting = make_scheduled(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    seat = meeting.invitations.get(agency__slug="kpu-kalsel")
    path = f"invitations/{seat.pk}/letter/"
    answer = api(liaison_kpu).get(path, headers={"Accept": "application/pdf"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "undangan-" in answer["Content-Disposition"]
    page = pypdf.PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert seat.letter_number in page and liaison_kpu.post_title in " ".join(page.split())
    assert Entry.objects.filter(verb="invitation.download").count() == 1
    for stranger in (liaison_bawaslu, liaison_dprd):
        lost = api(stranger).get(path, headers={"Accept": "application/pdf"})
        assert (lost.status_code, lost["Content-Type"]) == (404, "application/problem+json")


def test_the_desk_takes_down_who_comes(api, coordinator, liaison_kpu, liaison_dprd):
    meeting = make_scheduled(coordinator, "kpu-kalsel", starts_at=NOW + timedelta(hours=1))
    path = f"meetings/{meeting.pk}/desk/"
    assert api(liaison_kpu).post(path, {"agency": "kpu-kalsel"}).status_code == 403
    assert api(liaison_dprd).post(path, {"agency": "kpu-kalsel"}).status_code == 403
    assert fields(api(coordinator).post(path)) == {"agency"}
    headers = {"Idempotency-Key": "d1"}
    body = {"agency": "kpu-kalsel", "name": "Rina", "office": "Kabag"}
    lines = [api.post(path, body, headers=headers) for _time in range(2)]
    assert [(row.status_code, row.json()["method"]) for row in lines] == [(201, "meja")] * 2
    assert api.post(path, {"agency": "dprd-kalsel", "office": "Staf"}).status_code == 201
    assert fields(api.post(path, body)) == {"name"}
    assert Attendance.objects.count() == 2


def test_a_late_signature_says_so(api, coordinator, liaison_kpu, liaison_dprd, auditor, clock):
    meeting = make_held(coordinator, "kpu-kalsel")
    record_attendance(meeting, [], by=coordinator, at=START + timedelta(hours=2))
    path = f"meetings/{meeting.pk}/sign-late/"
    body = {"name": "Rina", "office": "Kabag"}
    clock.move_to(START + timedelta(hours=3))
    assert api(liaison_dprd).post(path, body).status_code == 404
    assert api(auditor).post(path, body).status_code == 403
    assert fields(api(liaison_kpu).post(path)) == {"name", "office"}
    line = api.post(path, body)
    assert (line.status_code, line.json()["method"], line.json()["checked_in_at"]) == (
        201,
        "terlambat",
        None,
    )
    again = api.post(path, body)
    assert (again.status_code, again.json()["detail"]) == (
        409,
        "Anda sudah tercatat dalam daftar hadir rakor ini.",
    )
    early = make_scheduled(coordinator, "kpu-kalsel")
    assert api.post(f"meetings/{early.pk}/sign-late/", body).status_code == 409


def test_examples_are_kept_used_and_thrown_away(api, coordinator, liaison_kpu, liaison_korem):
    meeting, other = make_meeting(coordinator), make_meeting(coordinator, agenda=[])
    path = f"meetings/{meeting.pk}/"
    assert api(liaison_kpu).post(f"{path}save-template/", {"name": "x"}).status_code == 403
    assert fields(api(coordinator).post(f"{path}save-template/")) == {"name"}
    kept = [
        api.post(f"{path}save-template/", {"name": "Lazim"}, headers={"Idempotency-Key": "t1"})
        for _time in range(2)
    ]
    assert [row.status_code for row in kept] == [201, 201]
    example = AgendaTemplate.objects.get()
    titles = [item["title"] for item in kept[0].json()["items"]]
    assert titles == list(meeting.agenda.values_list("title", flat=True))
    used = api.post(f"meetings/{other.pk}/apply-template/", {"template": example.pk}).json()
    assert [item["title"] for item in used["agenda"]] == titles
    lost = api.post(f"meetings/{other.pk}/apply-template/", {"template": example.pk + 1})
    assert fields(lost) == {"template"}
    empty = api.post(
        f"meetings/{make_meeting(coordinator, agenda=[]).pk}/save-template/", {"name": "y"}
    )
    assert fields(empty) == {"name"}
    for stranger in (liaison_kpu, liaison_korem):
        assert api(stranger).get("agenda-templates/").status_code == 403
    assert api(coordinator).get(f"agenda-templates/{example.pk}/").json()["name"] == "Lazim"
    assert api.delete(f"agenda-templates/{example.pk}/").status_code == 204
    assert api.delete(f"agenda-templates/{example.pk}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_examples_cost_the_same_however_many(api, coordinator, django_assert_num_queries, count):
    meeting = make_meeting(coordinator)
    for number in range(count):
        make_item(meeting, coordinator, f"Butir {number}")
        api(coordinator).post(f"meetings/{meeting.pk}/save-template/", {"name": f"C{number}"})
    api.get("agenda-templates/")
    with django_assert_num_queries(9):
        assert api.get("agenda-templates/").json()["count"] == count


def test_a_series_is_renamed_and_laid_to_rest(api, coordinator, liaison_kpu):
    series = make_series(coordinator)
    make_series(coordinator, title="Lain")
    path = f"meeting-series/{series.pk}/"
    assert api(liaison_kpu).patch(path, {"title": "x"}).status_code == 403
    api(coordinator)
    assert api.patch(path, {"title": "x"}, headers={"If-Match": '"9"'}).status_code == 412
    assert fields(api.patch(path, {"title": "Lain"})) == {"title"}
    changed = api.patch(path, {"title": "Anev pekanan", "kind": "anev", "is_active": False})
    kept = changed.json()
    assert (kept["title"], kept["kind"], kept["is_active"]) == ("Anev pekanan", "anev", False)
    assert changed["ETag"] == f'"{MeetingSeries.objects.get(pk=series.pk).version}"'
    assert api.patch(f"meeting-series/{10**6}/", {"title": "x"}).status_code == 404
