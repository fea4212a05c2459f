from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from portal import clock
from portal.background.cleaning import KEEP_DONE, KEEP_SLOTS, clean_up
from portal.background.models import Heartbeat, OutboxTask, Slot
from portal.background.tasks import clean, heartbeat
from portal.background.timetable import WITA

pytestmark = pytest.mark.django_db


def row(task, **fields):
    return OutboxTask.objects.create(task=task, created_at=clock.true_now(), **fields)


def test_heartbeat_twice_leaves_one_row_with_the_last_time():
    heartbeat()
    first = Heartbeat.objects.get(name="worker").at
    heartbeat()
    assert Heartbeat.objects.get().at > first


def test_clean_deletes_what_was_done_long_ago_and_nothing_else():
    now = clock.true_now()
    row("done.old", done_at=now - KEEP_DONE - timedelta(seconds=1))
    row("done.new", done_at=now - KEEP_DONE + timedelta(minutes=1))
    row("open")
    row("dead", dead=True)
    for days in (1, 31):
        Slot.objects.create(job="j", slot=now - timedelta(days=days), opened_at=now)
    Slot.objects.filter(slot__lt=now - KEEP_SLOTS).update(opened_at=now - timedelta(days=31))
    assert clean_up(at=now) == 2
    clean()
    assert list(OutboxTask.objects.order_by("task").values_list("task", flat=True)) == [
        "dead",
        "done.new",
        "open",
    ]
    assert Slot.objects.count() == 1


def test_done_row_cannot_be_dead():
    with pytest.raises(IntegrityError), transaction.atomic():
        row("both", done_at=clock.true_now(), dead=True)


def test_slot_is_unique():
    now = clock.true_now()
    Slot.objects.create(job="j", slot=now, opened_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.create(job="j", slot=now, opened_at=now)


def test_rows_say_what_they_are():
    now = datetime(2024, 11, 26, 23, 58, tzinfo=WITA)
    assert str(OutboxTask(pk=3, task="a.b")) == "a.b #3"
    assert str(Slot(job="a.b", slot=now)) == "a.b 2024-11-26 23:58:00"
    assert str(Heartbeat(name="beat", at=now)) == "beat"
