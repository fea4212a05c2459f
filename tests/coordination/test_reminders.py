from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction

from coordination import tasks
from coordination.actions import meetings
from coordination.actions.invitations import answer_invitation
from coordination.actions.obligations import acknowledge_obligation, submit_obligation
from coordination.actions.reminders import remind_meetings, remind_obligations
from coordination.models import Obligation, Reminder
from portal.notifications.models import Notification
from tests.factories.coordination import (
    NOW,
    PUBLISHED,
    START,
    make_obligation,
    make_scheduled,
)

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def told(kind: str) -> int:
    return Notification.objects.filter(kind=kind).count()


@pytest.fixture
def meeting(coordinator, liaison_kpu, liaison_bawaslu):
    return make_scheduled(coordinator, "kpu-kalsel", "bawaslu-kalsel")


GIVEN = START + 4 * HOUR
"""A Thursday afternoon: a day later somebody works, and the ladder for ordinary ones climbs."""


@pytest.fixture
def obligation(coordinator, liaison_kpu):
    return make_obligation(coordinator, "kpu-kalsel", at=GIVEN)


@pytest.mark.parametrize(
    ("kind", "before"), [("meeting_tomorrow", DAY), ("meeting_soon", 2 * HOUR)]
)
def test_meeting_rung_comes_due_to_the_second(meeting, kind, before):
    moment = START - before
    remind_meetings(at=moment - SECOND)
    assert told(kind) == 0
    remind_meetings(at=moment)
    assert told(kind) == 2
    remind_meetings(at=moment + SECOND)
    remind_meetings(at=moment)
    assert told(kind) == 2
    assert Reminder.objects.filter(rung=kind).count() == 2


def test_a_missed_sweep_is_caught_up_while_it_makes_sense(meeting):
    remind_meetings(at=START - 5 * HOUR)
    assert (told("meeting_tomorrow"), told("meeting_soon")) == (2, 0)
    remind_meetings(at=START - SECOND)
    assert (told("meeting_tomorrow"), told("meeting_soon")) == (2, 2)


def test_nothing_is_said_once_the_meeting_began(meeting):
    assert remind_meetings(at=START) == 0
    assert remind_meetings(at=START + HOUR) == 0


def test_who_declined_is_not_reminded(meeting, liaison_kpu):
    seat = meeting.invitations.get(agency_id=liaison_kpu.agency_id)
    answer_invitation(seat, by=liaison_kpu, at=NOW, answer="tidak_hadir", reason="Dinas luar.")
    assert remind_meetings(at=START - DAY) == 1


def test_an_invitation_sent_late_is_its_own_reminder(coordinator, liaison_kpu):
    make_scheduled(coordinator, "kpu-kalsel", at=START - 20 * HOUR)
    assert remind_meetings(at=START - 19 * HOUR) == 0
    assert remind_meetings(at=START - HOUR) == 1


def test_a_postponed_meeting_is_silent_and_reminds_anew(meeting, coordinator):
    remind_meetings(at=START - DAY)
    meetings.postpone_meeting(meeting, by=coordinator, at=START - DAY, reason="Cuaca.")
    assert remind_meetings(at=START - HOUR) == 0
    assert not Notification.objects.filter(
        kind="meeting_tomorrow", cancelled_at__isnull=True
    ).exists()
    moved = START + 3 * DAY
    meetings.edit_meeting(meeting, by=coordinator, at=START, starts_at=moved, ends_at=moved + HOUR)
    meetings.schedule_meeting(meeting, by=coordinator, at=START)
    assert remind_meetings(at=moved - DAY) == 2


def test_unacknowledged_after_a_day_to_the_second(obligation):
    moment = GIVEN + DAY
    remind_obligations(at=moment - SECOND)
    assert told("obligation_unacknowledged") == 0
    for at in (moment, moment + SECOND, moment):
        remind_obligations(at=at)
        assert told("obligation_unacknowledged") == 1


def test_acknowledged_in_time_is_never_reminded_of_it(obligation, liaison_kpu):
    acknowledge_obligation(obligation, by=liaison_kpu, at=GIVEN + HOUR)
    remind_obligations(at=GIVEN + 2 * DAY)
    assert told("obligation_unacknowledged") == 0


def test_an_answer_stops_the_reminder_that_is_queued(obligation, liaison_kpu):
    remind_obligations(at=GIVEN + DAY)
    acknowledge_obligation(obligation, by=liaison_kpu, at=GIVEN + DAY + SECOND)
    reminder = Notification.objects.get(kind="obligation_unacknowledged")
    assert reminder.cancelled_at == GIVEN + DAY + SECOND


def test_due_tomorrow_and_overdue_to_the_second(obligation, liaison_kpu):
    acknowledge_obligation(obligation, by=liaison_kpu, at=GIVEN)
    due = obligation.due_at
    expected = [
        (due - DAY - SECOND, 0, 0),
        (due - DAY, 1, 0),
        (due - SECOND, 1, 0),
        (due, 1, 0),
        (due + SECOND, 1, 1),
        (due + SECOND, 1, 1),
        (due + 30 * DAY, 1, 1),
    ]
    for at, tomorrow, overdue in expected:
        remind_obligations(at=at)
        assert (told("obligation_due_tomorrow"), told("obligation_overdue")) == (tomorrow, overdue)


def test_submitting_stops_all_that_urges(obligation, liaison_kpu):
    due = obligation.due_at
    remind_obligations(at=due - DAY)
    submit_obligation(obligation, by=liaison_kpu, at=due - HOUR, note="Selesai.")
    remind_obligations(at=due + DAY)
    urging = Notification.objects.get(kind="obligation_due_tomorrow")
    assert (told("obligation_overdue"), urging.cancelled_at) == (0, due - HOUR)


def test_given_out_within_a_day_of_its_due_time_is_not_said_again(coordinator, liaison_kpu):
    obligation = make_obligation(
        coordinator, "kpu-kalsel", directive={"due_at": PUBLISHED + 5 * HOUR}
    )
    assert remind_obligations(at=PUBLISHED + HOUR) == 0
    assert remind_obligations(at=obligation.due_at + SECOND) == 1


def test_tasks_sweep_at_the_clock_and_twice_is_once(obligation, meeting):
    with time_machine.travel(GIVEN + DAY, tick=False):
        tasks.remind_obligations()
        tasks.remind_obligations()
    with time_machine.travel(START - DAY, tick=False):
        tasks.remind_meetings()
        tasks.remind_meetings()
    assert (told("obligation_unacknowledged"), told("meeting_tomorrow")) == (1, 2)


@pytest.mark.parametrize("others", [0, 3])
def test_a_sweep_with_nothing_due_costs_the_same(
    coordinator, people, django_assert_num_queries, others
):
    for login in ("liaison.kpu", "liaison.bawaslu", "liaison.korem"):
        people[login]
    slugs = ["kpu-kalsel", "bawaslu-kalsel", "korem-101"][: others or 1]
    for slug in slugs:
        make_obligation(coordinator, slug)
    with transaction.atomic(), django_assert_num_queries(3):
        assert remind_obligations(at=PUBLISHED + HOUR) == 0


def test_the_sweep_for_overdue_uses_its_index(obligation):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Obligation.objects.overdue(NOW).order_by("due_at").explain()
    assert "obligation_due" in plan
