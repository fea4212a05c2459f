"""The outbox: `enqueue` fills it, `relay` empties it into Redis."""

import logging

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from portal import clock
from portal.background.models import OutboxTask
from portal.celery import app
from portal.web import correlation

logger = logging.getLogger(__name__)

BATCH = 100


def enqueue(
    task_name: str, *, key: str | None = None, merge: bool = False, **ids: int | str
) -> None:
    """Promise a task in the running transaction: it happens if and only if that commits.

    `ids` are what the task fetches its rows by, never the data itself. A `key` is the business key
    of the effect: a second promise of the same key changes nothing. With `merge`, for tasks that
    look at all there is to do, one promise in a transaction is enough, however often it is made.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            f"enqueue({task_name!r}) belongs inside the transaction that it follows from."
        )
    if not all(isinstance(value, int | str) for value in ids.values()):
        raise TypeError(f"enqueue({task_name!r}) takes ids: numbers or short strings.")
    if merge and OutboxTask.objects.promised_here(task_name).exists():
        return
    row = OutboxTask(
        task=task_name,
        ids=ids,
        key=key,
        request_id=correlation.current().request_id[:64],
        created_at=clock.true_now(),
    )
    OutboxTask.objects.bulk_create([row], ignore_conflicts=True)


def relay(limit: int = BATCH) -> int:
    """Publish what is due, oldest first; returns how many. Raises when Redis does not take it.

    The rows are stamped and committed before Redis is touched: no row is locked while a socket is
    waited for, a worker that is faster than we are finds its row free, and two relays share the
    work. What Redis refused is unstamped for the next round.
    """
    now = clock.true_now()
    with transaction.atomic():
        rows = list(
            OutboxTask.objects.to_publish(now, settings.OUTBOX_RESEND_AFTER)
            .order_by("pk")
            .select_for_update(skip_locked=True)[:limit]
        )
        OutboxTask.objects.filter(pk__in=[row.pk for row in rows]).update(
            published_at=now, publish_count=F("publish_count") + 1
        )
    for index, row in enumerate(rows):
        try:
            publish(row)
        except (KombuError, RedisError, OSError):
            unsent = [unsent.pk for unsent in rows[index:]]
            OutboxTask.objects.open().filter(pk__in=unsent).update(published_at=None)
            raise
    return len(rows)


def publish(row: OutboxTask) -> None:
    """Hand one message to Redis, waiting no longer than the socket's timeout."""
    app.send_task(row.task, kwargs={"outbox_id": row.pk}, retry=False)
