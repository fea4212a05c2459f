"""Whether the portal can serve: one verdict per part, each found without the others."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.db.models.functions import Coalesce
from redis.exceptions import RedisError

from portal.background import broker
from portal.background.heartbeats import BEAT, LIMITS, WORKER
from portal.background.models import Heartbeat, OutboxTask

# Longer than a message lost in Redis takes to be sent again.
LONGEST_LAG = timedelta(seconds=180)


@dataclass(frozen=True)
class Verdict:
    ok: bool
    detail: str = ""


class Migrations:
    """Once all are applied they stay so while this process lives: asked no more."""

    applied = False


def readiness(*, at: datetime) -> dict[str, Verdict]:
    """The verdict on every part, by name; `at` is true time."""
    checks: dict[str, Callable[[], Verdict]] = {
        "database": _database,
        "redis": _redis,
        "migrations": _migrations,
        "worker": lambda: _alive(WORKER, at),
        "beat": lambda: _alive(BEAT, at),
        "outbox": lambda: _outbox(at),
    }
    return {name: _guarded(check) for name, check in checks.items()}


def as_json(verdicts: dict[str, Verdict]) -> dict:
    ready = all(verdict.ok for verdict in verdicts.values())
    return {
        "status": "ok" if ready else "unavailable",
        "checks": {name: asdict(verdict) for name, verdict in verdicts.items()},
    }


def _guarded(check: Callable[[], Verdict]) -> Verdict:
    try:
        return check()
    except (DatabaseError, RedisError, OSError) as error:
        # The kind of error and no more: its text may name hosts and accounts.
        return Verdict(False, type(error).__name__)


def _database() -> Verdict:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Verdict(True)


def _redis() -> Verdict:
    broker.ping()
    return Verdict(True)


def _migrations() -> Verdict:
    if not Migrations.applied:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            return Verdict(False, f"{len(waiting)} not applied")
        Migrations.applied = True
    return Verdict(True)


def _alive(name: str, at: datetime) -> Verdict:
    seen = Heartbeat.objects.filter(pk=name).values_list("at", flat=True).first()
    if seen is None:
        return Verdict(False, "never seen")
    return Verdict(at - seen <= LIMITS[name], f"seen {_seconds(at - seen)} s ago")


def _outbox(at: datetime) -> Verdict:
    waiting_since = Coalesce("next_attempt_at", "created_at")
    oldest = OutboxTask.objects.due(at).aggregate(oldest=Min(waiting_since))["oldest"]
    lag = at - oldest if oldest else timedelta()
    dead = OutboxTask.objects.filter(dead=True).count()
    return Verdict(lag <= LONGEST_LAG, f"lag {_seconds(lag)} s, {dead} dead")


def _seconds(span: timedelta) -> int:
    return max(0, round(span.total_seconds()))
