from datetime import datetime, time, timedelta

import pytest

from portal.background.models import OutboxTask, Slot
from portal.background.slots import Opener, clock_shift, open_slot
from portal.background.timetable import WITA, Job, minutes

pytestmark = pytest.mark.django_db

NIGHT = datetime(2024, 11, 26, 23, 58, 20, tzinfo=WITA)
MINUTELY = Job("coordination.remind_meetings", every=minutes(1))
NIGHTLY = Job("deployments.rebuild_rollups", daily=time(1, 30))


def opened():
    return list(Slot.objects.order_by("slot").values_list("job", "slot"))


def test_slot_opens_once_together_with_its_task(promised):
    slot = MINUTELY.slot(NIGHT)
    assert open_slot(MINUTELY, slot, 0, NIGHT) is True
    assert open_slot(MINUTELY, slot, 0, NIGHT) is False
    assert opened() == [(MINUTELY.task, slot)]
    assert promised() == [(MINUTELY.task, {})]


def test_two_openers_open_each_slot_once(promised):
    first, second = Opener([MINUTELY, NIGHTLY]), Opener([MINUTELY, NIGHTLY])
    counts = [
        opener.open_due(now=moment, true_now=moment)
        for moment in (NIGHT + timedelta(seconds=tick) for tick in range(0, 180, 10))
        for opener in (first, second)
    ]
    assert sum(counts) == len(opened()) == len(promised()) == 4 + 1


def test_late_beat_opens_the_newest_slot_only():
    opener = Opener([MINUTELY])
    opener.open_due(now=NIGHT, true_now=NIGHT)
    later = NIGHT + timedelta(hours=3)
    opener.open_due(now=later, true_now=later)
    assert opened() == [
        (MINUTELY.task, MINUTELY.slot(NIGHT)),
        (MINUTELY.task, MINUTELY.slot(later)),
    ]


def test_skipped_slot_opens_nothing():
    job = Job("background.clean", daily=time(3, 0), skip_after=minutes(30))
    assert Opener([job]).open_due(now=NIGHT, true_now=NIGHT) == 0
    assert opened() == []


def test_demo_set_back_opens_its_slots_anew():
    true_now = datetime(2026, 11, 24, 12, 0, tzinfo=WITA)
    assert Opener([MINUTELY]).open_due(now=NIGHT, true_now=true_now) == 1
    assert Opener([MINUTELY]).open_due(now=NIGHT, true_now=true_now) == 0
    assert Opener([MINUTELY]).open_due(now=NIGHT, true_now=true_now + timedelta(hours=1)) == 1
    assert OutboxTask.objects.count() == 2


def test_clock_shift_is_none_in_a_real_installation():
    assert clock_shift(NIGHT, NIGHT + timedelta(milliseconds=3)) == 0
    assert clock_shift(NIGHT, NIGHT + timedelta(days=1)) == -1440
