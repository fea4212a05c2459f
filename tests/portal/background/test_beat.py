import logging

import pytest
from django.db import connection

from portal import clock
from portal.background import beat
from portal.background.beat import PACE, OutboxScheduler
from portal.background.models import Heartbeat, OutboxTask, Slot
from portal.celery import TIMETABLE, app

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheduler(monkeypatch):
    # The test's own transaction lives on this connection.
    monkeypatch.setattr(beat, "close_old_connections", lambda: None)
    monkeypatch.setattr(connection, "close", lambda: None)
    return OutboxScheduler(app)


def test_tick_opens_slots_relays_and_shows_life(scheduler):
    assert scheduler.tick() == PACE <= 0.5
    due = [job for job in TIMETABLE if job.slot(clock.now())]
    assert Slot.objects.count() == len(due)
    assert OutboxTask.objects.filter(published_at__isnull=False).count() == len(due)
    assert Heartbeat.objects.get().name == "beat"


def test_tick_keeps_no_schedule_of_celery(scheduler):
    scheduler.tick()
    assert scheduler.schedule == {}


def test_tick_with_a_dead_redis_goes_on_and_says_so_once(scheduler, dead_redis, caplog):
    with caplog.at_level(logging.WARNING, "portal.background.beat"):
        assert [scheduler.tick() for _ in range(3)] == [PACE] * 3
    assert [record.getMessage() for record in caplog.records] == [
        "beat: relay fails (OperationalError), trying on"
    ]
    assert Heartbeat.objects.filter(name="beat").exists()
    assert not OutboxTask.objects.filter(published_at__isnull=False).exists()


def test_tick_catches_up_when_redis_is_back(scheduler, caplog):
    scheduler._failing.add("relay")
    with caplog.at_level(logging.WARNING, "portal.background.beat"):
        scheduler.tick()
    assert [record.getMessage() for record in caplog.records] == ["beat: relay works again"]
    assert not OutboxTask.objects.filter(published_at__isnull=True).exists()
