"""A worker killed between deciding on a rung and sending it: one message, and never none."""

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction

from coordination.models import Obligation, Reminder
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.background import enqueue
from portal.background.models import OutboxTask
from portal.notifications.mailbox import letters
from portal.notifications.models import Notification
from tests.database import connect
from tests.drills.processes import eventually
from tests.drills.test_midnight import mails_to_send
from tests.factories.coordination import make_obligation

pytestmark = pytest.mark.drill

WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND query = 'COMMIT'
"""


@pytest.fixture
def overdue_to_answer(transactional_db, people) -> Obligation:
    """Of the highest priority, given out an hour ago; nobody has answered."""
    people["liaison.kpu"]
    given = clock.now() - timedelta(minutes=61)
    with actor_context(SYSTEM):
        return make_obligation(
            people["koordinator"],
            "kpu-kalsel",
            at=given,
            directive={"priority": "amat_segera", "due_at": given + timedelta(days=5)},
        )


@contextmanager
def held_post() -> Iterator[None]:
    """The liaison's post, locked: who has written a message to it cannot commit."""
    with closing(connect(os.environ["DATABASE_URL"])) as server, server.cursor() as cursor:
        cursor.execute("BEGIN; SELECT FROM accounts_post WHERE slug = 'liaison-kpu' FOR UPDATE")
        yield
        cursor.execute("COMMIT")


def sweep() -> None:
    """What beat asks for each minute."""
    with transaction.atomic():
        enqueue("coordination.remind_obligations")


def sweeps_that_wait() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


def sweeps_to_come() -> bool:
    return OutboxTask.objects.open().filter(task="coordination.remind_obligations").exists()


def told() -> list[str]:
    rows = Notification.objects.filter(kind="obligation_unacknowledged")
    return list(rows.values_list("post__slug", flat=True))


def urged() -> int:
    return sum("Belum ditindaklanjuti" in letter.subject for letter in letters(limit=100))


def test_worker_killed_between_decision_and_sending(crew, overdue_to_answer):
    with held_post():
        worker = crew.worker()
        crew.beat()
        sweep()
        eventually(sweeps_that_wait)
        crew.kill(worker)
        eventually(lambda: not sweeps_that_wait())
    assert (told(), Reminder.objects.count()) == ([], 0)
    crew.worker()
    eventually(lambda: told() == ["liaison-kpu"])
    sweep()
    eventually(lambda: not sweeps_to_come() and not mails_to_send())
    assert told() == ["liaison-kpu"]
    assert Reminder.objects.get(obligation=overdue_to_answer).told == [
        "Penghubung KPU Provinsi Kalsel"
    ]
    assert urged() == 1


def test_two_workers_and_two_beats_say_a_rung_once(crew, overdue_to_answer):
    for _number in range(2):
        crew.worker()
        crew.beat()
    for _number in range(6):
        sweep()
    eventually(lambda: told() and not sweeps_to_come() and not mails_to_send())
    time.sleep(1)
    assert told() == ["liaison-kpu"]
    assert Reminder.objects.count() == 1
    assert urged() == 1
