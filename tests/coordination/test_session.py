from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from coordination.actions import meetings, session
from coordination.models import AgendaItem, Meeting
from coordination.queries.wall import wall
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.audit.models import Entry
from tests.coordination.pages import texts, url
from tests.factories.coordination import START, make_item, make_meeting, make_scheduled

MINUTE = timedelta(minutes=1)


@pytest.fixture
def sitting(coordinator, liaison_kpu):
    """A rakor that has just been opened: "Pembukaan" (10) and "Kesiapan logistik" (30)."""
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    return meetings.start_meeting(meeting, by=coordinator, at=START)


def times(meeting):
    """(begun, ended) of each item in minutes after the start."""
    return [
        tuple(moment and round((moment - START) / MINUTE) for moment in pair)
        for pair in AgendaItem.objects.filter(meeting=meeting).values_list("started_at", "ended_at")
    ]


def steps():
    return Entry.objects.filter(verb="agenda.step").count()


def test_stepping_records_real_times_with_one_audit_row_each(coordinator, sitting):
    for minute in (1, 12, 40):
        session.next_item(sitting, by=coordinator, at=START + minute * MINUTE)
    assert times(sitting) == [(1, 12), (12, 40)]
    assert steps() == 3
    with pytest.raises(Refused):
        session.next_item(sitting, by=coordinator, at=START + 41 * MINUTE)


def test_stepping_back_lets_the_one_before_run_on(coordinator, sitting):
    with pytest.raises(Refused):
        session.previous_item(sitting, by=coordinator, at=START)
    for minute in (0, 10):
        session.next_item(sitting, by=coordinator, at=START + minute * MINUTE)
    session.previous_item(sitting, by=coordinator, at=START + 11 * MINUTE)
    assert times(sitting) == [(0, None), (None, None)]
    session.next_item(sitting, by=coordinator, at=START + 15 * MINUTE)
    assert times(sitting) == [(0, 15), (15, None)]


def test_stepping_back_after_the_last_item_reopens_it(coordinator, sitting):
    for minute in (0, 10, 30):
        session.next_item(sitting, by=coordinator, at=START + minute * MINUTE)
    session.previous_item(sitting, by=coordinator, at=START + 31 * MINUTE)
    assert times(sitting) == [(0, 10), (10, None)]


def test_a_second_press_of_the_same_button_does_nothing(coordinator, sitting):
    for _time in range(2):
        session.next_item(sitting, by=coordinator, at=START, seen=session.NONE)
    first = sitting.agenda.get(position=1)
    for _time in range(2):
        session.next_item(sitting, by=coordinator, at=START + 5 * MINUTE, seen=first.pk)
    assert times(sitting) == [(0, 5), (5, None)]
    assert steps() == 2


def test_closing_ends_what_is_being_discussed(coordinator, sitting):
    session.next_item(sitting, by=coordinator, at=START)
    meetings.close_meeting(sitting, by=coordinator, at=START + 20 * MINUTE)
    assert times(sitting) == [(0, 20), (None, None)]


def test_what_was_put_in_front_meanwhile_comes_last(coordinator, sitting):
    session.next_item(sitting, by=coordinator, at=START)
    late = make_item(sitting, coordinator, "Sisipan")
    AgendaItem.objects.filter(pk=late.pk).update(position=99)
    for minute in (1, 2):
        session.next_item(sitting, by=coordinator, at=START + minute * MINUTE)
    late.refresh_from_db()
    assert late.started_at == START + 2 * MINUTE


def test_only_a_sitting_rakor_has_steps_and_only_its_host_takes_them(
    coordinator, sitting, liaison_kpu, commander
):
    for actor in (liaison_kpu, commander):
        with pytest.raises(PermissionDenied):
            session.next_item(sitting, by=actor, at=START)
    draft = make_meeting(coordinator)
    with pytest.raises(Refused):
        session.next_item(draft, by=coordinator, at=START)
    assert steps() == 0


def test_a_step_leaves_the_version_of_the_meeting_alone(coordinator, sitting):
    session.next_item(sitting, by=coordinator, at=START)
    assert Meeting.objects.get(pk=sitting.pk).version == sitting.version


def test_the_wall_counts_down_and_over(coordinator, sitting):
    before = wall(sitting, START)
    assert (before.current, before.following.title, before.seen) == (None, "Pembukaan", 0)
    session.next_item(sitting, by=coordinator, at=START)
    running = wall(sitting, START + 4 * MINUTE)
    assert (running.current.title, running.left, running.left_text) == ("Pembukaan", 360, "6.00")
    assert (running.following.title, running.following.presenter) == (
        "Kesiapan logistik",
        "Komisi Pemilihan Umum Provinsi Kalimantan Selatan",
    )
    late = wall(sitting, START + 11 * MINUTE + timedelta(seconds=5))
    assert (late.left, late.left_text, late.late) == (-65, "1.05", 0)
    assert wall(sitting, sitting.ends_at + 3 * MINUTE).late == 3


def test_the_wall_names_no_closed_item_to_anybody(client, sign_in, coordinator, sitting):
    make_item(sitting, coordinator, "Rencana rahasia", audience=["kpu-kalsel"])
    sign_in(client, coordinator)
    with time_machine.travel(START + MINUTE, tick=False):
        for _item in range(3):
            session.next_item(sitting, by=coordinator, at=START)
            page = texts(client.get(url("meeting_wall", sitting.pk)))
            assert "Rencana rahasia" not in page
        assert "Butir 3 dari 3" in page
        assert '<h1 class="room-item">Butir tertutup</h1>' in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_wall_is_cheap_and_its_fragment_is_the_page(
    client, sign_in, coordinator, sitting, django_assert_num_queries, count
):
    for number in range(count):
        make_item(sitting, coordinator, f"Butir {number}")
    session.next_item(sitting, by=coordinator, at=START)
    sign_in(client, coordinator)
    with time_machine.travel(START + MINUTE, tick=False):
        page = texts(client.get(url("meeting_wall", sitting.pk)))
        with django_assert_num_queries(8):
            fragment = client.get(url("meeting_wall", sitting.pk), headers={"HX-Request": "true"})
    assert texts(fragment).strip().startswith('<div id="layar"')
    assert "<html" not in texts(fragment)
    assert 'data-due="2024-06-06T10:10:00' in page


def test_the_buttons_are_for_the_host(
    client, sign_in, coordinator, sitting, liaison_kpu, liaison_dprd, posko_banjar
):
    steps_on = url("agenda_step", sitting.pk, "berikutnya")
    with time_machine.travel(START + MINUTE, tick=False):
        sign_in(client, liaison_kpu)
        page = texts(client.get(url("meeting_wall", sitting.pk)))
        assert "Rakor dibuka" in page
        assert steps_on not in page
        assert client.post(steps_on).status_code == 403
        sign_in(client, liaison_dprd)
        assert client.get(url("meeting_wall", sitting.pk)).status_code == 404
        fragment = client.get(url("meeting_wall", sitting.pk), headers={"HX-Request": "true"})
        assert fragment.status_code == 404
        sign_in(client, posko_banjar)
        assert client.get(url("meeting_wall", sitting.pk)).status_code == 403
        sign_in(client, coordinator)
        assert steps_on in texts(client.get(url("meeting_wall", sitting.pk)))
        assert client.post(steps_on, {"seen": "0"}).status_code == 302
        client.post(steps_on, {"seen": "0"})
        assert times(sitting) == [(1, None), (None, None)]
        assert client.post(url("agenda_step", sitting.pk, "terbang")).status_code == 404
        refused = client.post(
            url("agenda_step", sitting.pk, "sebelumnya"), {"seen": "²"}, follow=True
        )
        assert "Belum ada butir yang selesai dibahas." in texts(refused)


def test_opening_a_secret_wall_is_recorded_once_and_its_polls_are_not(client, sign_in, coordinator):
    meeting = make_scheduled(coordinator, "kpu-kalsel", classification=Classification.RAHASIA)
    sign_in(client, coordinator)
    with time_machine.travel(START, tick=False):
        client.get(url("meeting_wall", meeting.pk))
        for _poll in range(3):
            client.get(url("meeting_wall", meeting.pk), headers={"HX-Request": "true"})
    assert Entry.objects.filter(verb="meeting.read").count() == 1


def test_real_times_are_shown_afterwards(client, sign_in, coordinator, sitting):
    for minute in (0, 18):
        session.next_item(sitting, by=coordinator, at=START + minute * MINUTE)
    meetings.close_meeting(sitting, by=coordinator, at=START + 40 * MINUTE)
    sign_in(client, coordinator)
    with time_machine.travel(START + timedelta(hours=1), tick=False):
        rows = client.get(url("meeting_detail", sitting.pk)).context["agenda"]
    assert [(row.took, row.over) for row in rows] == [(18, 8), (22, 0)]
