from datetime import timedelta

import pytest

from coordination import queries
from coordination.actions import obligations as actions
from coordination.actions.invitations import answer_invitation
from coordination.models import Meeting
from portal.access.actor import SYSTEM
from tests.factories.coordination import (
    NOW,
    PUBLISHED,
    START,
    make_meeting,
    make_obligation,
    make_scheduled,
)

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def shown(items):
    return [(item.kind, item.overdue, item.badge[1]) for item in items]


@pytest.fixture
def obligation(coordinator, liaison_kpu):
    return make_obligation(coordinator, "kpu-kalsel")


def test_nothing_waits_for_those_with_nothing_to_do(
    obligation, commander, liaison_dprd, posko_banjar
):
    for actor in (commander, liaison_dprd, posko_banjar):
        assert queries.waiting_for(actor, PUBLISHED) == []


def test_what_waits_for_a_liaison_changes_with_time_and_answer(obligation, liaison_kpu):
    due = obligation.due_at
    unseen = [("obligation", False, "Belum ditindaklanjuti")]
    assert shown(queries.waiting_for(liaison_kpu, PUBLISHED)) == unseen
    actions.acknowledge_obligation(obligation, by=liaison_kpu, at=PUBLISHED)
    assert queries.waiting_for(liaison_kpu, due - 4 * DAY) == []
    soon = [("obligation", False, "Segera jatuh tempo")]
    assert shown(queries.waiting_for(liaison_kpu, due - DAY)) == soon
    assert shown(queries.waiting_for(liaison_kpu, due)) == soon
    late = [("obligation", True, "Terlambat")]
    assert shown(queries.waiting_for(liaison_kpu, due + SECOND)) == late


def test_overdue_stands_first_then_by_time(obligation, coordinator, liaison_kpu):
    late = obligation.due_at + SECOND
    meeting = make_scheduled(
        coordinator,
        "kpu-kalsel",
        starts_at=late + 3 * DAY,
        ends_at=late + 4 * DAY,
    )
    assert shown(queries.waiting_for(liaison_kpu, late)) == [
        ("obligation", True, "Terlambat"),
        ("invitation", False, "Undangan belum dijawab"),
    ]
    seat = meeting.invitations.get()
    answer_invitation(seat, by=liaison_kpu, at=late, answer="hadir")
    assert len(queries.waiting_for(liaison_kpu, late)) == 1


def test_verification_waits_for_the_issuer(obligation, coordinator, liaison_kpu):
    assert queries.waiting_for(coordinator, PUBLISHED) == []
    actions.submit_obligation(obligation, by=liaison_kpu, at=PUBLISHED, note="Tuntas.")
    (item,) = queries.waiting_for(coordinator, PUBLISHED)
    assert (item.kind, item.title) == ("verification", "KPU Kalsel: Kawal logistik")
    assert queries.waiting_for(liaison_kpu, PUBLISHED) == []


def test_upcoming_meetings_count_answers(coordinator, liaison_kpu, liaison_dprd):
    make_meeting(coordinator, "kpu-kalsel")
    meeting = make_scheduled(coordinator, "kpu-kalsel", "korem-101")
    seat = meeting.invitations.get(agency_id=liaison_kpu.agency_id)
    answer_invitation(seat, by=liaison_kpu, at=NOW, answer="hadir")
    (row,) = queries.upcoming_meetings(liaison_kpu, NOW, 5)
    assert (row.title, row.invited, row.answered) == ("Rakor kesiapan", 2, 1)
    assert queries.upcoming_meetings(liaison_kpu, meeting.ends_at, 5) == []
    assert queries.upcoming_meetings(liaison_dprd, NOW, 5) == []


def test_summary_counts_each_state_once(coordinator, liaison_kpu, liaison_dprd):
    late, working, waiting, done, blocked = (
        make_obligation(coordinator, "kpu-kalsel") for _number in range(5)
    )
    act = {"by": liaison_kpu, "at": PUBLISHED}
    actions.report_progress(working, percent=5, note="Jalan.", **act)
    actions.submit_obligation(waiting, note="Tuntas.", **act)
    actions.submit_obligation(done, note="Tuntas.", **act)
    actions.verify_and_close(done, by=coordinator, at=PUBLISHED)
    actions.report_obstacle(blocked, obstacle="Banjir.", **act)
    summary = queries.obligation_summary(coordinator, late.due_at + SECOND)
    assert summary == queries.ObligationSummary(
        total=5, unacknowledged=1, in_progress=1, blocked=1, awaiting=1, done=1, overdue=3
    )
    assert (summary.unfinished, summary.percent_done) == (4, 20)
    assert queries.obligation_summary(liaison_kpu, PUBLISHED).overdue == 0
    assert queries.obligation_summary(liaison_dprd, PUBLISHED).percent_done == 0


def test_calendar_shows_meetings_and_due_times(obligation, coordinator, liaison_kpu, liaison_dprd):
    entries = queries.calendar_entries(liaison_kpu, START, obligation.due_at + DAY)
    assert [(entry.kind, entry.starts_at) for entry in entries] == [
        ("meeting", START),
        ("obligation", obligation.due_at),
    ]
    assert queries.calendar_entries(liaison_kpu, START - 2 * DAY, START) == []
    assert queries.calendar_entries(liaison_dprd, START, obligation.due_at + DAY) == []


def test_waiting_costs_the_same_with_one_and_three(
    coordinator, liaison_kpu, django_assert_num_queries
):
    for _round in (1, 3):
        make_obligation(coordinator, "kpu-kalsel")
        make_obligation(coordinator, "kpu-kalsel")
        with django_assert_num_queries(4):
            queries.waiting_for(liaison_kpu, PUBLISHED)


def test_the_system_sees_all_and_a_stranger_nothing(obligation, posko_banjar):
    assert Meeting.objects.visible_to(SYSTEM).count() == 1
    for actor in (None, posko_banjar):
        assert Meeting.objects.visible_to(actor).count() == 0
