"""A worker killed in the middle of the thread: right sums, and one message each."""

import os
import uuid
from collections import Counter
from contextlib import closing

import pytest
from django.db import connection, transaction

from coordination.emails import obligation_url
from coordination.models import Obligation
from deployments.actions import rebuild
from deployments.models import DirtyKey, ExpectedReport, ReadinessReport, Rollup
from deployments.queries import create_url
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.background import enqueue
from portal.background.models import OutboxTask
from portal.notifications.mailbox import letters
from portal.notifications.models import Delivery, Notification
from portal.registry.models import Operation
from portal.web.idempotency import FIELD
from tests.database import connect
from tests.drills.processes import eventually
from tests.drills.test_midnight import CLOCK, give_out

pytestmark = pytest.mark.drill

FIGURES = ("region", "agency", "cut_off_at", "expected", "received", "late", "missing", "total")
WAITING = """
    SELECT count(*) FROM pg_locks
    WHERE relation = 'deployments_rollup'::regclass AND NOT granted
"""


@pytest.fixture
def hands(demo, crew):
    """The crew, in the demo's time."""
    crew.environment |= {name: os.environ[name] for name in CLOCK}
    return crew


@pytest.fixture
def no_sums():
    """The table of the roll-up, locked against writing until `commit`: a fold stops half-way."""
    with closing(connect(os.environ["DATABASE_URL"])) as server, server.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE deployments_rollup IN SHARE MODE")
        yield lambda: cursor.execute("COMMIT")


def folds_that_wait() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


def sums() -> list[tuple]:
    columns = (*FIGURES, "present", "engaged", "standby", "reserve", "verified", "conflicts")
    return sorted(Rollup.objects.values_list(*columns))


def submit(client) -> ExpectedReport:
    """This morning's report of Polres Banjar, by its one button."""
    silent = ExpectedReport.objects.filter(unit__slug="polres-banjar", state="missing")
    expected = silent.latest("cut_off_at")
    address = create_url("polres-banjar", expected.cut_off_at).replace("/lapor/", "/nihil/")
    assert client.post(address, {FIELD: str(uuid.uuid4())}).status_code == 302
    return expected


def province(expected: ExpectedReport) -> Rollup:
    return Rollup.objects.get(
        region="63", agency=expected.agency_id, cut_off_at=expected.cut_off_at
    )


def test_worker_killed_in_the_middle_of_a_fold(hands, people, client, sign_in, no_sums):
    sign_in(client, people["posko.banjar"])
    expected = submit(client)
    before = province(expected)
    worker = hands.worker()
    hands.beat()
    eventually(folds_that_wait)
    hands.kill(worker)
    no_sums()
    assert province(expected).received == before.received
    assert DirtyKey.objects.exists()

    hands.worker()
    eventually(lambda: not DirtyKey.objects.exists())
    eventually(lambda: not OutboxTask.objects.open().filter(task="deployments.fold_rollups"))
    after, report = province(expected), ReadinessReport.objects.latest("pk")
    assert after.received == before.received + 1
    assert after.present == before.present + report.present
    folded = sums()
    with actor_context(SYSTEM):
        rebuild(Operation.objects.get(slug="mantap-praja-intan-2024"), at=clock.now())
    assert sums() == folded


@pytest.mark.parametrize("point", ["before-mail", "after-mail"])
def test_worker_killed_while_the_notula_is_sent(hands, people, hold, point):
    worker = hands.worker()
    hands.beat()
    hold.at(point)
    first, second = give_out(people)
    eventually(lambda: hold.reached(point) == 1)
    hands.kill(worker)
    hold.lift(point)
    hands.worker()
    eventually(lambda: Delivery.objects.sendable(clock.true_now()).filter(state="sending"))
    with transaction.atomic():
        enqueue("notifications.deliver")  # As beat does each minute.
    told = Notification.objects.filter(kind="obligation_assigned")
    told = told.filter(url__in=[obligation_url(row) for row in (first, second)])
    deliveries = Delivery.objects.filter(notification__in=told)
    eventually(deliveries.filter(notification__url=obligation_url(first), state="sent").exists)
    eventually(lambda: not Delivery.objects.filter(state__in=["prepared", "sending"]).exists())
    assert Obligation.objects.filter(pk__in=[first.pk, second.pk]).count() == 2
    files = Counter(letter.name.rpartition("-")[2] for letter in letters(limit=1000))
    assert set(files.values()) == {1}
    sent = {row.token.hex for row in deliveries.filter(state="sent")}
    # The Bawaslu had taken it in hand meanwhile: it is not asked any more, unless it was before.
    assert {row.token.hex for row in deliveries} & set(files) == sent
