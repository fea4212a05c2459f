"""Running a task so that its effect happens once, however often its message arrives.

The effect and the closing of its outbox row are one transaction, which holds the row's lock: a
second worker with the same message finds the row locked or closed and goes home. A worker that dies
leaves nothing behind but one attempt counted.
"""

import logging
import random
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.background.models import OutboxTask
from portal.background.outbox import enqueue
from portal.celery import app
from portal.web.correlation import correlated

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
LONGEST_PAUSE = timedelta(minutes=15)
ALERT = "notifications.alert_dead_task"


@dataclass(frozen=True)
class Work:
    """A function that workers run, and whether one transaction holds all of it."""

    function: Callable[..., object]
    atomic: bool


WORK: dict[str, Work] = {}


def task(name: str, *, atomic: bool = True) -> Callable[[Callable], Callable]:
    """Make the function a task of that name; the function itself stays as it is.

    It runs as the system actor with the ids given to `enqueue`, inside the transaction that closes
    its outbox row. With `atomic=False` it has no transaction around it and guards its own steps:
    for tasks that speak to the world outside.
    """

    def register(function: Callable) -> Callable:
        WORK[name] = Work(function, atomic)

        def run(outbox_id: int) -> None:
            execute(outbox_id)

        app.task(run, name=name)
        return function

    return register


def execute(outbox_id: int) -> bool:
    """Run one outbox row's task; whether it ran to its end here and now."""
    row = _begin(outbox_id)
    if row is None:
        return False
    try:
        work = WORK[row.task]
        # The audit and the logs of a task name the request that it follows from.
        with correlated(row.request_id or f"outbox-{row.pk}"):
            return _run_whole(row, work) if work.atomic else _run_in_steps(row, work)
    except Exception as error:
        logger.exception("task %s of outbox row %s failed", row.task, row.pk)
        _postpone(row, _where(error))
        return False


def drain(limit: int = 1000) -> int:
    """Run all that is due in this process, without Redis, until nothing is left; returns how many.

    For tests, for loading the demo, and for an operator whose Redis is gone.
    """
    # A worker has the tasks' modules at hand; another process finds them here.
    app.loader.import_default_modules()
    for count in range(limit):
        row = OutboxTask.objects.due(clock.true_now()).order_by("pk").first()
        if row is None:
            return count
        execute(row.pk)
    return limit


def pause(attempts: int) -> timedelta:
    """How long to wait after that many failed attempts: 5 s, 15 s, 45 s … 15 min, give or take."""
    exact = min(timedelta(seconds=5) * 3 ** min(attempts - 1, MAX_ATTEMPTS), LONGEST_PAUSE)
    return exact * random.uniform(0.8, 1.2)  # noqa: S311 (spreads load, guards nothing)


def _where(error: Exception) -> str:
    """The kind of error and its place, without its text: that may quote a record."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {frame.filename}:{frame.lineno}"


def _begin(outbox_id: int) -> OutboxTask | None:
    """Count the attempt before it is made, so that a task that kills its worker dies out too."""
    with transaction.atomic():
        row = _locked(outbox_id)
        if row is None:
            return None
        if row.attempts >= MAX_ATTEMPTS:
            _bury(row, row.last_error or "The worker died in each attempt.")
            return None
        row.attempts += 1
        row.save(update_fields=["attempts"])
        return row


def _locked(outbox_id: int) -> OutboxTask | None:
    """The row if it is due and nobody else works on it."""
    due = OutboxTask.objects.due(clock.true_now())
    return due.filter(pk=outbox_id).select_for_update(skip_locked=True).first()


def _run_whole(row: OutboxTask, work: Work) -> bool:
    with actor_context(SYSTEM):
        if _locked(row.pk) is None:
            return False
        work.function(**row.ids)
        _close(row)
        return True


def _run_in_steps(row: OutboxTask, work: Work) -> bool:
    work.function(**row.ids)
    _close(row)
    return True


def _close(row: OutboxTask) -> None:
    OutboxTask.objects.filter(pk=row.pk).update(done_at=clock.true_now(), last_error="")


def _postpone(row: OutboxTask, error: str) -> None:
    """After a failure: try again later, or give up in plain sight."""
    with transaction.atomic():
        if row.attempts >= MAX_ATTEMPTS:
            _bury(row, error)
            return
        OutboxTask.objects.open().filter(pk=row.pk).update(
            last_error=error,
            next_attempt_at=clock.true_now() + pause(row.attempts),
            published_at=None,
        )


def _bury(row: OutboxTask, error: str) -> None:
    logger.error("task %s of outbox row %s is given up", row.task, row.pk)
    OutboxTask.objects.open().filter(pk=row.pk).update(dead=True, last_error=error)
    if row.task != ALERT:
        enqueue(ALERT, key=f"{ALERT}:{row.pk}", outbox_id=row.pk)
