from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine

from coordination.actions import meetings
from coordination.actions.withdrawals import withdraw_seat
from coordination.models import Meeting
from coordination.queries.conflicts import conflicts
from portal import clock
from portal.access.classification import Classification
from portal.access.errors import Refused
from tests.coordination.pages import agency_id, meeting_data, texts, url
from tests.factories.coordination import NOW, START, make_meeting, make_scheduled

HOUR = timedelta(hours=1)


def clashes(meeting, actor):
    return [(clash.agency, clash.title) for clash in conflicts(meeting, actor)]


def test_an_agency_in_two_rakor_at_once_is_named_with_the_other(coordinator):
    make_scheduled(coordinator, "kpu-kalsel", "korem-101", title="Rakor lama")
    meeting = make_meeting(coordinator, "kpu-kalsel", "dprd-kalsel")
    (first, second) = conflicts(meeting, coordinator)
    assert [first.agency, second.agency] == ["KPU Kalsel", "Polda Kalsel"]
    assert (first.title, first.starts_at, first.ends_at) == ("Rakor lama", START, START + 2 * HOUR)
    assert first.url == url("meeting_detail", Meeting.objects.get(title="Rakor lama").pk)


@pytest.mark.parametrize(
    ("starts", "ends", "count"),
    [
        (-2 * HOUR, 0 * HOUR, 0),
        (2 * HOUR, 4 * HOUR, 0),
        (-1 * HOUR, timedelta(minutes=1), 1),
        (HOUR, HOUR + timedelta(minutes=1), 1),
        (-1 * HOUR, 5 * HOUR, 1),
    ],
)
def test_touching_is_not_overlapping(coordinator, starts, ends, count):
    make_scheduled(coordinator, "kpu-kalsel")
    meeting = make_meeting(coordinator, starts_at=START + starts, ends_at=START + ends)
    assert len(conflicts(meeting, coordinator)) == count


def test_drafts_stopped_rakor_and_withdrawn_seats_are_in_nobodys_way(coordinator):
    make_meeting(coordinator, "kpu-kalsel")
    stopped = make_scheduled(coordinator, "kpu-kalsel")
    meetings.postpone_meeting(stopped, by=coordinator, at=NOW, reason="x")
    meeting = make_meeting(coordinator, "kpu-kalsel", "korem-101")
    assert conflicts(meeting, coordinator) == []
    other = make_scheduled(coordinator, "kpu-kalsel", "korem-101")
    withdraw_seat(
        other.invitations.get(agency__slug="kpu-kalsel"), by=coordinator, at=NOW, reason="x"
    )
    assert [agency for agency, _title in clashes(meeting, coordinator)] == [
        "Korem 101",
        "Polda Kalsel",
    ]


def test_a_sitting_rakor_is_in_the_way_too(coordinator, liaison_kpu):
    sitting = make_scheduled(coordinator, "kpu-kalsel")
    meetings.start_meeting(sitting, by=coordinator, at=START)
    meeting = make_meeting(coordinator, starts_at=START + HOUR, ends_at=START + 3 * HOUR)
    assert clashes(meeting, coordinator) == [("Polda Kalsel", "Rakor kesiapan")]


def test_of_a_rakor_out_of_sight_only_the_time_is_told(coordinator):
    make_scheduled(
        coordinator, "kpu-kalsel", title="Rencana rahasia", classification=Classification.RAHASIA
    )
    meeting = make_meeting(coordinator, "kpu-kalsel")
    low = replace(coordinator, clearance=Classification.TERBATAS)
    assert {clash.title for clash in conflicts(meeting, low)} == {"rakor lain"}
    assert {clash.url for clash in conflicts(meeting, low)} == {""}


@pytest.mark.parametrize("count", [1, 3])
def test_conflicts_cost_the_same(coordinator, django_assert_num_queries, count):
    for _number in range(count):
        make_scheduled(coordinator, "kpu-kalsel", "korem-101")
    meeting = make_meeting(coordinator, "kpu-kalsel", "korem-101")
    with django_assert_num_queries(4):
        assert len(conflicts(meeting, coordinator)) == 3 * count


def test_planning_and_moving_warn_and_go_through(client, sign_in, coordinator, liaison_kpu):
    make_scheduled(coordinator, "kpu-kalsel", title="Rakor lama")
    sign_in(client, coordinator)
    with time_machine.travel(NOW, tick=False):
        data = meeting_data(
            starts_at="2024-06-06T11:00",
            ends_at="2024-06-06T13:00",
            agencies=[agency_id("kpu-kalsel")],
        )
        page = texts(client.post(url("meeting_create"), data, follow=True))
        assert "Jadwal bertabrakan dengan rakor lain bagi: KPU Kalsel, Polda Kalsel." in page
        assert "Rakor lama" in page
        meeting = Meeting.objects.get(title="Rakor logistik")
        away = data | {
            "version": meeting.version,
            "starts_at": "2024-06-07T11:00",
            "ends_at": "2024-06-07T13:00",
        }
        page = texts(client.post(url("meeting_edit", meeting.pk), away, follow=True))
        assert "bertabrakan" not in page
        back = data | {"version": meeting.version + 1}
        page = texts(client.post(url("meeting_edit", meeting.pk), back, follow=True))
        assert "bertabrakan" in page
        client.post(url("meeting_move", meeting.pk, "jadwalkan"))
        meeting.refresh_from_db()
        assert meeting.state == "scheduled"
        assert "bertabrakan" in texts(client.get(url("meeting_detail", meeting.pk)))
        sign_in(client, liaison_kpu)
        assert "bertabrakan" not in texts(client.get(url("meeting_detail", meeting.pk)))


def test_a_called_rakor_is_not_moved_into_the_past(coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    with pytest.raises(Refused) as refusal:
        meetings.edit_meeting(meeting, by=coordinator, at=NOW, starts_at=NOW - HOUR)
    assert refusal.value.field == "starts_at"
    late = START + HOUR
    same = meetings.edit_meeting(
        meeting, by=coordinator, at=late, starts_at=START, ends_at=START + 3 * HOUR
    )
    assert same.ends_at == START + 3 * HOUR


def test_a_rakor_over_midnight_clashes_on_both_days(coordinator):
    midnight = datetime(2024, 6, 8, tzinfo=clock.WITA)
    late = make_scheduled(
        coordinator, "kpu-kalsel", starts_at=midnight - HOUR, ends_at=midnight + HOUR
    )
    for starts_at in (midnight - HOUR, midnight):
        meeting = make_meeting(coordinator, starts_at=starts_at, ends_at=starts_at + HOUR)
        assert clashes(meeting, coordinator) == [("Polda Kalsel", late.title)]
    after = make_meeting(coordinator, starts_at=midnight + HOUR, ends_at=midnight + 2 * HOUR)
    assert conflicts(after, coordinator) == []


def test_the_letter_of_the_last_minute_before_midnight_has_that_day(coordinator):
    last = datetime(2024, 6, 3, 23, 59, 59, tzinfo=clock.WITA)
    days = []
    for at in (last, last + timedelta(seconds=1)):
        meeting = make_scheduled(coordinator, "kpu-kalsel", at=at)
        days.append(meeting.invitations.get().letter_date.isoformat())
    assert days == ["2024-06-03", "2024-06-04"]


def test_a_rakor_at_midnight_can_be_called_until_then(coordinator):
    midnight = datetime(2024, 6, 4, tzinfo=clock.WITA)
    values = {"starts_at": midnight, "ends_at": midnight + HOUR}
    meeting = make_meeting(coordinator, "kpu-kalsel", **values)
    with pytest.raises(Refused):
        meetings.schedule_meeting(meeting, by=coordinator, at=midnight)
    scheduled = meetings.schedule_meeting(
        meeting, by=coordinator, at=midnight - timedelta(seconds=1)
    )
    assert scheduled.state == "scheduled"
