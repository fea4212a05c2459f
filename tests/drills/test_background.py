"""Faults in worker, beat and Redis: what was promised happens, and happens once."""

import time

import pytest
from django.db import transaction

from portal.background import enqueue
from portal.background.models import OutboxTask, Slot
from portal.celery import TIMETABLE
from tests.drills.processes import eventually
from tests.drills.tasks import EFFECT

pytestmark = pytest.mark.drill


def promise(*numbers):
    with transaction.atomic():
        for number in numbers:
            enqueue("drills.work", key=f"drill:{number}", number=number)


def effects():
    return sorted(Slot.objects.filter(job__startswith=EFFECT).values_list("job", flat=True))


def expected(*numbers):
    return sorted(f"{EFFECT}.{number}" for number in numbers)


def all_done():
    return not OutboxTask.objects.open().filter(task="drills.work").exists()


def test_f1_child_killed_in_the_middle_of_a_task(crew, hold):
    worker = crew.worker()
    crew.beat()
    hold.at("in-work")
    promise(1)
    eventually(lambda: hold.reached("in-work") == 1)
    assert effects() == []
    crew.kill_child(worker)
    hold.lift("in-work")
    eventually(all_done)
    assert effects() == expected(1)
    assert hold.reached("in-work") >= 2


def test_f2_worker_killed_in_the_middle_of_a_task(crew, hold):
    worker = crew.worker()
    crew.beat()
    hold.at("in-work")
    promise(1)
    eventually(lambda: hold.reached("in-work") == 1)
    crew.kill(worker)
    hold.lift("in-work")
    assert effects() == []
    crew.worker()
    eventually(all_done)
    assert effects() == expected(1)


def test_f4_redis_dead_when_the_work_is_promised(crew, broker):
    crew.beat()
    crew.worker()
    broker.kill()
    promise(*range(20))
    time.sleep(2)
    assert effects() == []
    broker.start()
    eventually(all_done, within=60)
    assert effects() == expected(*range(20))


def test_f5_redis_loses_everything_after_it_was_published(crew, broker):
    crew.beat()
    promise(*range(20))
    eventually(lambda: broker.waiting() >= 20)
    broker.wipe()
    crew.worker()
    eventually(all_done)
    assert effects() == expected(*range(20))


def test_f9_message_that_comes_many_times_has_one_effect(crew, broker, hold):
    crew.worker()
    second = crew.worker()
    crew.beat()
    hold.at("in-work")
    promise(1)
    eventually(lambda: hold.reached("in-work") == 1)
    broker.repeat("drills.work", OutboxTask.objects.get(task="drills.work").pk, times=5)
    eventually(lambda: broker.waiting() == 0)
    hold.lift("in-work")
    eventually(all_done)
    time.sleep(1)
    assert second.poll() is None
    assert effects() == expected(1)
    assert hold.reached("in-work") == 1


def test_f10_two_beats_open_each_slot_once(crew):
    crew.worker()
    crew.beat()
    crew.beat()
    beats = {job.task for job in TIMETABLE}
    heartbeat = Slot.objects.filter(job="background.heartbeat")
    eventually(lambda: heartbeat.count() >= 2, within=40)
    opened = Slot.objects.filter(job__in=beats).count()
    promised = OutboxTask.objects.filter(task="background.heartbeat").count()
    assert promised == heartbeat.count()
    assert OutboxTask.objects.filter(task__in=beats).count() >= opened
    slots = list(Slot.objects.values_list("job", "slot", "shift"))
    assert len(slots) == len(set(slots))
