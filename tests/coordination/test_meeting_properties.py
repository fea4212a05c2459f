"""Random moves of a rakor, legal and illegal: only moves of the table happen, each of them leaves
exactly one audit row, and a refused one leaves nothing at all."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from coordination.actions import agenda_order, attendance, meetings, minutes, session
from coordination.actions.withdrawals import withdraw_seat
from coordination.enums import MEETING_MOVES
from coordination.models import Meeting, Minutes
from portal.access.errors import Refused
from portal.audit.models import Entry
from tests.factories.coordination import NOW, START, make_item, make_meeting, sign

MOVES = {
    "schedule": (meetings.schedule_meeting, "scheduled"),
    "start": (meetings.start_meeting, "in_session"),
    "close": (meetings.close_meeting, "held"),
    "postpone": (meetings.postpone_meeting, "postponed"),
    "cancel": (meetings.cancel_meeting, "cancelled"),
    "publish": (None, "published"),
}
REASONED = frozenset({"postpone", "cancel"})


def written_and_signed(meeting, by, at):
    """What stands before publishing, as far as the state lets it come."""
    with transaction.atomic():
        draft = minutes.open_minutes(meeting, by=by, at=at)
        if draft.state != "draft":
            return
        seat = meeting.invitations.select_related("agency").get()
        line = attendance.Seat(seat.agency, seat.addressee, "hadir", "", "", at)
        attendance.record_attendance(meeting, [line], by=by, at=at)
        draft = minutes.save_minutes(draft, by=by, at=at, opening="Dibuka.")
        sign(draft, by=by, at=at)


def move(meeting, name, by, at):
    if name == "publish":
        draft = Minutes.objects.filter(meeting=meeting).first()
        if draft is None:
            raise Refused("Belum ada notula.")
        return minutes.publish_minutes(draft, by=by, at=at).meeting
    reason = {"reason": "Cuaca."} if name in REASONED else {}
    return MOVES[name][0](meeting, by=by, at=at, **reason)


RANDOM = st.lists(st.sampled_from(sorted(MOVES)), max_size=9)
HELD = st.permutations(["publish", "publish", "close", "start", "cancel"]).map(
    lambda rest: ["schedule", "start", *rest]
)
WAYS = st.one_of(RANDOM, HELD)


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(names=WAYS)
@example(names=["schedule", "start", "publish", "close", "publish", "publish", "cancel", "start"])
def test_only_moves_of_the_table_happen_with_one_audit_row_each(coordinator, names):
    with transaction.atomic():
        meeting = make_meeting(coordinator, "kpu-kalsel")
        state = "draft"
        for name in names:
            wanted = MOVES[name][1]
            if name == "publish":
                with suppress(Refused):
                    written_and_signed(meeting, coordinator, NOW)
            before = Entry.objects.count()
            legal = wanted in MEETING_MOVES[state]
            try:
                with transaction.atomic():
                    moved = move(meeting, name, coordinator, NOW)
            except Refused:
                assert not legal, (state, name)
                assert wanted != state, (state, name)
            else:
                assert legal or wanted == state, (state, name)
                assert moved.state == wanted
                state = wanted
            written = Entry.objects.count() - before
            assert written == (1 if legal else 0), (state, name)
            stored = Meeting.objects.get(pk=meeting.pk)
            assert stored.state == state
        transaction.set_rollback(True)


STEPS = ("next", "previous", "add", "close", "again", "up", "withdraw")


@pytest.mark.django_db
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(names=st.lists(st.sampled_from(STEPS), max_size=10))
def test_a_session_never_has_two_items_running_and_its_times_only_grow(coordinator, names):
    with transaction.atomic():
        meeting = make_meeting(coordinator, "kpu-kalsel", "korem-101")
        meetings.schedule_meeting(meeting, by=coordinator, at=NOW)
        meetings.start_meeting(meeting, by=coordinator, at=START)
        for minute, name in enumerate(names):
            at = START + timedelta(minutes=minute)
            before = Entry.objects.count()
            try:
                with transaction.atomic():
                    _take(name, meeting, coordinator, at)
            except Refused:
                assert Entry.objects.count() == before, name
            else:
                assert Entry.objects.count() - before <= 1, name
            items = list(meeting.agenda.order_by("position"))
            running = [item for item in items if item.started_at and not item.ended_at]
            assert len(running) <= 1
            assert [item.position for item in items] == list(range(1, len(items) + 1))
            assert all(item.ended_at >= item.started_at for item in items if item.ended_at)
            if Meeting.objects.get(pk=meeting.pk).state == "held":
                assert running == []
        transaction.set_rollback(True)


def _take(name, meeting, by, at):
    steps = {
        "next": lambda: session.next_item(meeting, by=by, at=at),
        "previous": lambda: session.previous_item(meeting, by=by, at=at),
        "again": lambda: session.next_item(meeting, by=by, at=at, seen=-1),
        "add": lambda: make_item(meeting, by, "Sisipan"),
        "close": lambda: meetings.close_meeting(meeting, by=by, at=at),
        "up": lambda: agenda_order.shift_item(
            meeting.agenda.order_by("-position").first(), by=by, at=at, step=-1
        ),
        "withdraw": lambda: withdraw_seat(
            meeting.invitations.first(), by=by, at=at, reason="Keluar."
        ),
    }
    steps[name]()
