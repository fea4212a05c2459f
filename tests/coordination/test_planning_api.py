from datetime import timedelta

import pytest
import time_machine

from coordination.actions import meetings
from coordination.models import AgendaItem, Meeting, MeetingSeries
from portal.audit.models import Entry
from tests.coordination.test_api import api, meeting_body
from tests.factories.coordination import (
    NOW,
    START,
    make_item,
    make_meeting,
    make_scheduled,
    make_series,
)

__all__ = ["api"]
COLLECTIONS = ("meeting-series", "agenda-items")


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


def fields(response):
    return {error["field"] for error in response.json()["errors"]}


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_and_show_the_same_scope_as_the_pages(
    api, coordinator, liaison_kpu, liaison_dprd, posko_banjar, django_assert_num_queries, count
):
    for number in range(count):
        series = make_series(coordinator, title=f"Seri {number}")
        make_scheduled(coordinator, "kpu-kalsel", series=series, agenda=[])
    meeting = Meeting.objects.first()
    for number in range(count):
        make_item(meeting, coordinator, f"Butir {number}")
    api(liaison_kpu).get("meeting-series/")
    for name, queries in zip(COLLECTIONS, (8, 9), strict=True):
        with django_assert_num_queries(queries, info=name):
            assert api.get(f"{name}/").json()["count"] == count
    api(liaison_dprd)
    for name in COLLECTIONS:
        assert api.get(f"{name}/").json()["count"] == 0
    api(posko_banjar)
    for name in COLLECTIONS:
        assert api.get(f"{name}/").status_code == 403


def test_a_series_and_a_rakor_in_it(api, coordinator, liaison_kpu):
    api(coordinator)
    body = {"operation": "mantap-praja-intan-2024", "title": "Anev", "kind": "anev"}
    headers = {"Idempotency-Key": "s1"}
    made = [api.post("meeting-series/", body, headers=headers) for _time in range(2)]
    assert [response.status_code for response in made] == [201, 201]
    series = MeetingSeries.objects.get()
    assert (series.title, made[0].json()["id"]) == ("Anev", series.pk)
    assert fields(api.post("meeting-series/", body)) == {"title"}
    planned = api.post("meetings/", meeting_body(series=series.pk)).json()
    assert planned["series"] == series.pk
    lost = api.post("meetings/", meeting_body(series=series.pk + 1))
    assert (lost.status_code, fields(lost)) == (422, {"series"})
    assert api(liaison_kpu).post("meeting-series/", body).status_code == 403


def test_an_item_is_written_changed_moved_and_deleted(api, coordinator):
    series = make_series(coordinator)
    meeting = make_meeting(coordinator, series=series, agenda=[])
    api(coordinator)
    body = {
        "meeting": meeting.pk,
        "title": "Logistik",
        "presenter": "kpu-kalsel",
        "is_closed": True,
        "audience": ["korem-101"],
    }
    made = api.post("agenda-items/", body, headers={"Idempotency-Key": "i1"})
    assert made.status_code == 201
    item = AgendaItem.objects.get()
    assert made.json()["audience"] == ["korem-101", "kpu-kalsel"]
    path = f"agenda-items/{item.pk}/"
    stale = api.patch(path, {"title": "Lain"}, headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    changed = api.patch(path, {"title": "Lain", "planned_minutes": 25})
    assert (changed.json()["title"], changed.json()["planned_minutes"]) == ("Lain", 25)
    waiting = api.post(f"{path}move/", {"to": "backlog"}).json()
    assert (waiting["meeting"], waiting["series"]) == (None, series.pk)
    assert api.post(f"{path}move/", {"to": "meeting"}).status_code == 422
    taken = api.post(f"{path}move/", {"to": "meeting", "meeting": meeting.pk}).json()
    assert taken["meeting"] == meeting.pk
    assert api.post(f"{path}move/", {"to": "next"}).status_code == 409
    assert api.delete(path).status_code == 204
    assert not AgendaItem.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "x"}, "meeting"),
        ({"title": "x", "meeting": 1, "series": 1}, "meeting"),
        ({"title": "x", "meeting": 999_999}, "meeting"),
        ({"title": "x", "series": 999_999}, "series"),
        ({"title": "", "series": 1}, "title"),
        ({"title": "x", "series": 1, "planned_minutes": 0}, "planned_minutes"),
        ({"title": "x", "series": 1, "presenter": "tidak-ada"}, "presenter"),
    ],
)
def test_bad_items_are_told_by_field_and_write_nothing(api, coordinator, body, field):
    response = api(coordinator).post("agenda-items/", body)
    assert (response.status_code, fields(response)) == (422, {field})
    assert not AgendaItem.objects.exists()


def test_order_and_steps(api, coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    first, second = meeting.agenda.all()
    path = f"meetings/{meeting.pk}/"
    api(coordinator)
    body = api.post(f"{path}reorder/", {"order": [second.pk, first.pk]}).json()
    assert [line["id"] for line in body["agenda"]] == [second.pk, first.pk]
    assert api.post(f"{path}reorder/", {"order": [second.pk]}).status_code == 409
    meetings.start_meeting(meeting, by=coordinator, at=START)
    for _time in range(2):
        body = api.post(f"{path}step/", {"direction": "next", "seen": 0}).json()
    assert [bool(line["started_at"]) for line in body["agenda"]] == [True, False]
    assert Entry.objects.filter(verb="agenda.step").count() == 1
    api(liaison_kpu)
    assert api.post(f"{path}step/", {"direction": "next"}).status_code == 403
    assert api.post(f"{path}reorder/", {"order": []}).status_code == 403


def test_a_seat_is_withdrawn(api, coordinator, liaison_kpu):
    seat = make_scheduled(coordinator, "kpu-kalsel").invitations.get()
    path = f"invitations/{seat.pk}/withdraw/"
    assert api(liaison_kpu).post(path, {"reason": "x"}).status_code == 403
    assert fields(api(coordinator).post(path, {})) == {"reason"}
    body = api.post(path, {"reason": "Keluar dari operasi."}).json()
    assert (body["withdrawn_reason"], bool(body["withdrawn_at"])) == ("Keluar dari operasi.", True)
    assert api(liaison_kpu).get("meetings/").json()["count"] == 0


def test_others_change_no_item(api, coordinator, liaison_kpu, liaison_dprd):
    item = make_scheduled(coordinator, "kpu-kalsel").agenda.first()
    path = f"agenda-items/{item.pk}/"
    api(liaison_kpu)
    assert api.get(path).json()["title"] == "Pembukaan"
    statuses = [
        api.patch(path, {"title": "x"}).status_code,
        api.delete(path).status_code,
        api.post(f"{path}move/", {"to": "backlog"}).status_code,
        api.post("agenda-items/", {"meeting": item.meeting_id, "title": "x"}).status_code,
    ]
    assert statuses == [403, 403, 403, 403]
    assert api(liaison_dprd).get(path).status_code == 404
