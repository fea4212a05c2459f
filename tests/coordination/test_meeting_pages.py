from datetime import timedelta

import pytest
import time_machine

from coordination.models import Meeting
from portal.access.classification import Classification
from portal.audit.models import Entry
from tests.coordination.pages import agency_id, meeting_data, texts, url
from tests.factories.coordination import (
    NOW,
    make_meeting,
    make_published,
    make_scheduled,
)


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


def test_planning_a_meeting_writes_it_once_for_a_double_click(client, sign_in, coordinator):
    sign_in(client, coordinator)
    assert client.get(url("meeting_create")).status_code == 200
    data = meeting_data(idempotency_key="k1", agencies=[agency_id("kpu-kalsel")])
    first = client.post(url("meeting_create"), data)
    second = client.post(url("meeting_create"), data)
    meeting = Meeting.objects.get()
    assert first["Location"] == second["Location"] == url("meeting_detail", meeting.pk)
    assert [item.title for item in meeting.agenda.all()] == ["Pembukaan"]
    assert [seat.agency.slug for seat in meeting.invitations.all()] == ["kpu-kalsel"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": "2024-02-31T09:00"}, "starts_at"),
        ({"ends_at": "2024-06-10T08:00"}, "ends_at"),
        ({"ends_at": "9999-12-31T08:00"}, "ends_at"),
        ({"title": "a\0b"}, "title"),
        ({"title": "x" * 1_000_000}, "title"),
        ({"title": "a\ufffdb"}, "title"),
        ({"kind": "pesta"}, "kind"),
        ({"classification": "9"}, "classification"),
        ({"operation": "abc"}, "operation"),
        ({"agencies": ["999999"]}, "agencies"),
        ({"agencies": ["x"]}, "agencies"),
        ({"virtual_link": "javascript:alert(1)"}, "virtual_link"),
    ],
)
def test_bad_input_is_told_at_its_field_and_writes_nothing(
    client, sign_in, coordinator, changes, field
):
    sign_in(client, coordinator)
    response = client.post(url("meeting_create"), meeting_data(**changes))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Meeting.objects.exists()


def test_bad_lines_and_missing_lines_are_refused(client, sign_in, coordinator):
    sign_in(client, coordinator)
    bad = client.post(url("meeting_create"), meeting_data(**{"agenda-0-planned_minutes": "9999"}))
    assert (bad.status_code, bad.context["form"].error_count) == (200, 1)
    lost = meeting_data()
    del lost["agenda-TOTAL_FORMS"]
    assert client.post(url("meeting_create"), lost).status_code == 200
    assert not Meeting.objects.exists()


def test_ten_megabytes_are_too_much(client, sign_in, coordinator):
    sign_in(client, coordinator)
    response = client.post(url("meeting_create"), meeting_data(place="x" * 10_000_000))
    assert response.status_code == 413
    assert not Meeting.objects.exists()


def test_editing_a_stale_form_shows_both_texts(client, sign_in, coordinator):
    meeting = make_meeting(coordinator, "kpu-kalsel")
    sign_in(client, coordinator)
    page = client.get(url("meeting_edit", meeting.pk))
    assert page.status_code == 200
    assert (
        client.post(
            url("meeting_edit", meeting.pk), meeting_data(version=1, title="Judul pertama")
        ).status_code
        == 302
    )
    stale = client.post(
        url("meeting_edit", meeting.pk), meeting_data(version=1, title="Judul kedua")
    )
    assert {"label": "Judul", "stored": "Judul pertama", "typed": "Judul kedua"} in stale.context[
        "form"
    ].differences
    again = client.post(
        url("meeting_edit", meeting.pk), meeting_data(version=2, title="Judul kedua")
    )
    assert again.status_code == 302
    meeting.refresh_from_db()
    assert meeting.title == "Judul kedua"


def test_meeting_walks_from_draft_to_held(client, sign_in, coordinator, liaison_kpu):
    meeting = make_meeting(coordinator, "kpu-kalsel")
    sign_in(client, coordinator)
    for verb, state in (("jadwalkan", "scheduled"), ("mulai", "in_session"), ("tutup", "held")):
        client.post(url("meeting_move", meeting.pk, verb))
        meeting.refresh_from_db()
        assert meeting.state == state
    refused = client.post(url("meeting_move", meeting.pk, "mulai"), follow=True)
    assert "tidak dapat menjadi" in texts(refused)
    assert client.post(url("meeting_move", meeting.pk, "terbang")).status_code == 404


def test_stopping_needs_a_reason(client, sign_in, coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    sign_in(client, coordinator)
    assert client.get(url("meeting_stop", meeting.pk, "tunda")).status_code == 200
    assert client.get(url("meeting_stop", meeting.pk, "lupa")).status_code == 404
    empty = client.post(url("meeting_stop", meeting.pk, "tunda"), {"reason": " "})
    assert "reason" in empty.context["form"].errors
    for verb, state in (("tunda", "postponed"), ("batalkan", "cancelled")):
        client.post(url("meeting_stop", meeting.pk, verb), {"reason": "Cuaca buruk"})
        meeting.refresh_from_db()
        assert (meeting.state, meeting.state_reason) == (state, "Cuaca buruk")


def test_others_do_not_plan_or_run(client, sign_in, coordinator, commander, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    for actor in (commander, liaison_kpu):
        sign_in(client, actor)
        assert client.get(url("meeting_edit", meeting.pk)).status_code == 403
        assert client.post(url("meeting_move", meeting.pk, "mulai")).status_code == 403
        assert client.post(url("meeting_stop", meeting.pk, "tunda")).status_code == 403
        assert client.get(url("attendance", meeting.pk)).status_code == 403
        assert client.post(url("minutes_open", meeting.pk)).status_code == 403


def test_detail_asks_a_constant_number_of_queries(
    client, sign_in, coordinator, people, django_assert_num_queries
):
    one = make_published(coordinator, "kpu-kalsel").meeting
    three = make_published(coordinator, "kpu-kalsel", "bawaslu-kalsel", "korem-101").meeting
    sign_in(client, coordinator)
    for meeting in (one, three):
        client.get(url("meeting_detail", meeting.pk))
        with django_assert_num_queries(18):
            assert client.get(url("meeting_detail", meeting.pk)).status_code == 200


def test_reading_a_secret_meeting_is_recorded(client, sign_in, coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel", classification=Classification.RAHASIA)
    sign_in(client, coordinator)
    client.get(url("meeting_detail", meeting.pk))
    assert Entry.objects.filter(verb="meeting.read", post_id=coordinator.post_id).count() == 1
    sign_in(client, liaison_kpu)
    assert client.get(url("meeting_detail", meeting.pk)).status_code == 404
