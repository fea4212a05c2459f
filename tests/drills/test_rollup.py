"""The roll-up when a worker dies in the middle of it, and when Redis does."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction

from deployments import actions
from deployments.models import DirtyKey, GroupRollup, ReadinessReport, Rollup, UnitRollup
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.background import enqueue
from tests.database import connect
from tests.drills.processes import eventually
from tests.factories import deployments as make

pytestmark = pytest.mark.drill

WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
        AND query LIKE '%WITH keys AS%'
"""


@pytest.fixture
def expected(transactional_db) -> None:
    """Twelve reports are due; the roll-up knows it."""
    with actor_context(SYSTEM):
        make.expect()
        actions.fold()


def send(slug: str, **values: int) -> None:
    standing = make.expected(slug).report
    with actor_context(SYSTEM):
        actions.submit_report(
            make.unit(slug),
            make.CUT_OFF,
            make.figures(**values),
            replaces=standing.number if standing else 0,
            by=SYSTEM,
            at=make.CUT_OFF - timedelta(minutes=10),
        )


@contextmanager
def held_province() -> Iterator[None]:
    """The province's row is locked: a fold stands still when it has written all below it."""
    with closing(connect(os.environ["DATABASE_URL"])) as server, server.cursor() as cursor:
        cursor.execute("BEGIN; SELECT FROM deployments_rollup WHERE region_id = '63' FOR UPDATE")
        yield
        cursor.execute("COMMIT")


def folds_that_wait() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


def province() -> tuple[int, int]:
    return Rollup.objects.values_list("received", "total").get(region="63")


def kept() -> list:
    found = []
    for model in (Rollup, UnitRollup, GroupRollup):
        names = [field.attname for field in model._meta.concrete_fields if field.name != "id"]
        found += sorted(model.objects.values_list(*names), key=repr)
    return found


def test_worker_killed_in_the_middle_of_a_roll_up_again_and_again(crew, expected):
    with held_province():
        for number, slug in enumerate(("polres-banjar", "polres-tapin", "polres-kotabaru"), 1):
            send(slug)
            if number == 1:
                crew.beat()
            worker = crew.worker()
            eventually(folds_that_wait, within=60)
            crew.kill(worker)
            eventually(lambda: not folds_that_wait(), within=60)
            assert province() == (0, 0), "nothing of a fold that died is seen"
            assert DirtyKey.objects.count() >= number
    crew.worker()
    with transaction.atomic():
        enqueue("deployments.fold_rollups")
    eventually(lambda: province() == (3, 300), within=90)
    eventually(lambda: not DirtyKey.objects.exists(), within=60)
    before = kept()
    with actor_context(SYSTEM):
        actions.rebuild(make.operation(), at=make.CUT_OFF)
    assert kept() == before


def test_redis_stopped_at_the_submission(crew, broker, expected):
    crew.worker()
    crew.beat()
    broker.kill()
    send("polres-banjar")
    send("polres-banjar", present=80, on_leave=20, engaged=50)
    assert ReadinessReport.objects.counted().count() == 1, "the report is saved without Redis"
    assert province() == (0, 0)
    broker.start()
    eventually(lambda: province() == (1, 100), within=90)
    assert Rollup.objects.get(region="63").present == 80
    before = kept()
    with actor_context(SYSTEM):
        actions.rebuild(make.operation(), at=make.CUT_OFF)
    assert kept() == before
