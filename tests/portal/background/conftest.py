import pytest

from portal.background.models import OutboxTask
from portal.background.running import WORK, Work
from portal.celery import app


@pytest.fixture
def work(monkeypatch):
    """Register a function as a task for the length of one test."""

    def register(name, function, *, atomic=True):
        monkeypatch.setitem(WORK, name, Work(function, atomic))
        return function

    return register


@pytest.fixture
def promised(db):
    """What the outbox holds, as (task, ids), oldest first."""

    def read():
        return list(OutboxTask.objects.order_by("pk").values_list("task", "ids"))

    return read


@pytest.fixture
def dead_redis():
    """For the relay of this process: a Redis that nobody answers at."""
    before = app.conf.broker_write_url
    app.conf.broker_write_url = "redis://127.0.0.1:1/0"
    _forget_connections()
    yield
    app.conf.broker_write_url = before
    _forget_connections()


def _forget_connections():
    # Celery keeps the pools for its broker for the life of the process.
    app._pool = None
    app.amqp._producer_pool = None
