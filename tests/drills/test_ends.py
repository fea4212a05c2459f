"""A worker killed between deciding to ask about a placement's end and sending it: one message."""

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime

import pytest
from django.db import connection, transaction

from deployments import actions
from deployments.models import EndReminder
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.background import enqueue
from portal.background.models import OutboxTask
from portal.notifications.mailbox import letters
from portal.notifications.models import Notification
from portal.registry.models import Agency, Region
from tests.database import connect
from tests.drills.processes import eventually
from tests.drills.test_ladder import WAITING
from tests.drills.test_midnight import CLOCK, mails_to_send
from tests.factories import deployments as make

pytestmark = pytest.mark.drill

NOW = datetime(2024, 11, 22, 12, tzinfo=clock.WITA)
OPENED = datetime(2024, 8, 24, 8, tzinfo=clock.WITA)
SWEEP = "deployments.remind_ends"


@pytest.fixture
def ending(transactional_db, people, demo_clock):
    """A Kodim's people in place until tomorrow night; nobody is ordered to follow."""
    people["kodim.1006"]
    demo_clock(NOW)
    with actor_context(SYSTEM):
        actions.declare_strength(
            make.operation(), Agency.objects.get(slug="korem-101"), total=100, source="uji",
            as_of=OPENED, by=SYSTEM, at=OPENED,
        )  # fmt: skip
        return actions.place_deployment(
            make.operation(),
            {
                "unit": make.unit("kodim-1006"),
                "region": Region.objects.get(code="63.03"),
                "personnel": 10,
                "status": "engaged",
                "controller": None,
                "task": "Jaga gudang",
                "starts_on": date(2024, 11, 18),
                "ends_on": date(2024, 11, 23),
                "source": "uji",
                "as_of": NOW,
                "quality": "reported",
            },
            by=SYSTEM,
            at=NOW,
        )


@contextmanager
def held_post(post_id: int) -> Iterator[None]:
    """The operator's post, locked: who has written a message to it cannot commit."""
    with closing(connect(os.environ["DATABASE_URL"])) as server, server.cursor() as cursor:
        cursor.execute("BEGIN; SELECT FROM accounts_post WHERE id = %s FOR UPDATE", (post_id,))
        yield
        cursor.execute("COMMIT")


def sweep() -> None:
    with transaction.atomic():
        enqueue(SWEEP)


def sweeps_that_wait() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


def sweeps_to_come() -> bool:
    return OutboxTask.objects.open().filter(task=SWEEP).exists()


def told() -> int:
    return Notification.objects.filter(kind="placement_ends").count()


def urged() -> int:
    return sum("tanpa pengganti" in letter.subject for letter in letters(limit=100))


def start(crew) -> None:
    crew.environment |= {name: os.environ[name] for name in CLOCK}


def test_worker_killed_between_decision_and_sending(crew, ending, people):
    start(crew)
    with held_post(people["kodim.1006"].post_id):
        worker = crew.worker()
        crew.beat()
        sweep()
        eventually(sweeps_that_wait)
        crew.kill(worker)
        eventually(lambda: not sweeps_that_wait())
    assert (told(), EndReminder.objects.count()) == (0, 0)
    crew.worker()
    eventually(lambda: told() == 1)
    sweep()
    eventually(lambda: not sweeps_to_come() and not mails_to_send())
    assert (told(), EndReminder.objects.count(), urged()) == (1, 1, 1)


def test_two_workers_and_two_beats_ask_once(crew, ending):
    start(crew)
    for _number in range(2):
        crew.worker()
        crew.beat()
    for _number in range(6):
        sweep()
    eventually(lambda: told() and not sweeps_to_come() and not mails_to_send())
    time.sleep(1)
    assert (told(), EndReminder.objects.count(), urged()) == (1, 1, 1)
