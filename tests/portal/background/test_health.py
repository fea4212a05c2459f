import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection, transaction
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


def test_readyz_looks_for_migrations_until_all_are_applied(client, living, monkeypatch):
    monkeypatch.setattr(health.Migrations, "applied", False)
    assert failing(client) == (200, [])
    assert health.Migrations.applied is True


def test_readyz_with_a_migration_that_waits(client, living, monkeypatch):
    monkeypatch.setattr(health.Migrations, "applied", False)
    with connection.cursor() as cursor:
        # The application's role may not write here: what it reads is hidden from it instead.
        cursor.execute("CREATE TEMP TABLE django_migrations AS TABLE public.django_migrations")
        cursor.execute("DELETE FROM django_migrations WHERE (app, name) = ('web', '0001_initial')")
    answer = client.get("/readyz/")
    assert failing(client) == (503, ["migrations"])
    assert answer.json()["checks"]["migrations"]["detail"].endswith("not applied")


def test_readyz_with_a_dead_database():
    ask = (
        "import django; django.setup()\n"
        "from django.test import Client; answer = Client().get('/readyz/')\n"
        "print(answer.status_code, answer.content.decode())"
    )
    nowhere = {"DATABASE_URL": "postgres://portal_app@127.0.0.1:1/portal"}
    asked = subprocess.run(
        [sys.executable, "-c", ask],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"} | nowhere,
        capture_output=True,
        text=True,
        check=True,
    )
    status, body = asked.stdout.split(" ", 1)
    checks = json.loads(body)["checks"]
    assert status == "503"
    assert checks["database"] == {"ok": False, "detail": "OperationalError"}
    assert checks["redis"]["ok"] is True


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
