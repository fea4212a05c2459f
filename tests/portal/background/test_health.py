from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from portal import clock
from portal.background import enqueue, health
from portal.background.heartbeats import BEAT, LIMITS, WORKER, stamp
from portal.background.models import Heartbeat, OutboxTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def living():
    for name in (BEAT, WORKER):
        stamp(name, clock.true_now())


def failing(client: Client):
    answer = client.get("/readyz/")
    checks = answer.json()["checks"]
    return answer.status_code, sorted(name for name, check in checks.items() if not check["ok"])


def test_healthz_answers_without_looking_outside(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_readyz_names_every_part(client, living):
    answer = client.get("/readyz/")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {
            "database": {"ok": True, "detail": ""},
            "redis": {"ok": True, "detail": ""},
            "migrations": {"ok": True, "detail": ""},
            "worker": {"ok": True, "detail": "seen 0 s ago"},
            "beat": {"ok": True, "detail": "seen 0 s ago"},
            "outbox": {"ok": True, "detail": "lag 0 s, 0 dead"},
        },
    }


def test_readyz_before_the_first_heartbeat(client):
    assert failing(client) == (503, ["beat", "worker"])


@pytest.mark.parametrize("name", [BEAT, WORKER])
def test_readyz_with_a_silent_process(client, living, name):
    Heartbeat.objects.filter(pk=name).update(
        at=clock.true_now() - LIMITS[name] - timedelta(seconds=1)
    )
    assert failing(client) == (503, [name])


def test_readyz_with_a_dead_redis(client, living, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz/")
    assert failing(client) == (503, ["redis"])
    assert answer.json()["checks"]["redis"]["detail"] == "ConnectionError"


def test_readyz_with_a_migration_that_waits(client, living, monkeypatch):
    monkeypatch.setattr(health.Migrations, "applied", False)
    assert failing(client) == (200, [])
    assert health.Migrations.applied is True


def test_readyz_with_work_that_nobody_takes(client, living):
    with transaction.atomic():
        enqueue("background.heartbeat")
    assert failing(client) == (200, [])
    OutboxTask.objects.update(
        created_at=clock.true_now() - health.LONGEST_LAG - timedelta(seconds=1)
    )
    assert failing(client) == (503, ["outbox"])
    OutboxTask.objects.update(next_attempt_at=clock.true_now() + timedelta(minutes=1))
    assert failing(client) == (200, [])


def test_readyz_counts_dead_work_and_stays_ready(client, living):
    with transaction.atomic():
        enqueue("background.heartbeat")
    OutboxTask.objects.update(dead=True)
    answer = client.get("/readyz/")
    assert answer.status_code == 200
    assert answer.json()["checks"]["outbox"]["detail"] == "lag 0 s, 1 dead"
