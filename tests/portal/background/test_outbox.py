import json
from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from portal import clock
from portal.background import enqueue
from portal.background.broker import client_url
from portal.background.models import OutboxTask
from portal.background.outbox import relay
from portal.web.correlation import correlated

pytestmark = pytest.mark.django_db


def carried(row):
    """How many messages for the row lie in Redis; takes them out."""
    with redis.Redis.from_url(client_url(settings.REDIS_URL)) as client:
        messages = [
            raw
            for raw in client.lrange("portal", 0, -1)
            if json.loads(raw)["headers"]["kwargsrepr"] == f"{{'outbox_id': {row.pk}}}"
        ]
        for raw in messages:
            client.lrem("portal", 1, raw)
    return len(messages)


def promise(**fields):
    with transaction.atomic():
        enqueue("background.heartbeat")
    row = OutboxTask.objects.latest("pk")
    OutboxTask.objects.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()
    return row


def test_enqueue_writes_a_row_and_nothing_else(promised):
    with transaction.atomic(), correlated("request-7"):
        enqueue("coordination.remind_directive", directive_id=4, code="63.03")
    row = OutboxTask.objects.get()
    assert promised() == [("coordination.remind_directive", {"directive_id": 4, "code": "63.03"})]
    assert (row.request_id, row.published_at, row.done_at) == ("request-7", None, None)
    assert carried(row) == 0


def test_enqueue_of_a_known_key_changes_nothing(promised):
    with transaction.atomic():
        enqueue("a.b", key="fold:1", report_id=1)
        enqueue("a.b", key="fold:1", report_id=2)
        enqueue("a.b", report_id=3)
        enqueue("a.b", report_id=3)
    assert promised() == [("a.b", {"report_id": number}) for number in (1, 3, 3)]


def test_enqueue_merged_is_promised_once_by_a_transaction(promised):
    with transaction.atomic():
        for _ in range(3):
            enqueue("notifications.deliver", merge=True)
    assert promised() == [("notifications.deliver", {})]
    # What has begun may have looked already: the next promise stands for itself.
    OutboxTask.objects.update(attempts=1)
    with transaction.atomic():
        enqueue("notifications.deliver", merge=True)
    assert len(promised()) == 2


@pytest.mark.django_db(transaction=True)
def test_enqueue_merged_is_promised_by_every_transaction(promised):
    for _ in range(2):
        with transaction.atomic():
            enqueue("notifications.deliver", merge=True)
    assert len(promised()) == 2


def test_enqueue_is_undone_with_its_transaction(promised):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue("a.b", report_id=1)
        raise ZeroDivisionError
    assert promised() == []


def test_enqueue_takes_ids_only(promised):
    with pytest.raises(TypeError), transaction.atomic():
        enqueue("a.b", report={"present": 3})
    assert promised() == []


@pytest.mark.django_db(transaction=True)
def test_enqueue_outside_a_transaction_is_refused(promised):
    with pytest.raises(transaction.TransactionManagementError):
        enqueue("a.b")
    assert promised() == []


def test_relay_publishes_once_until_the_effect_is_overdue():
    row = promise()
    assert relay() == 1
    assert relay() == 0
    assert carried(row) == 1
    row.refresh_from_db()
    assert (row.publish_count, row.done_at) == (1, None)


@pytest.mark.parametrize(("seconds", "sent"), [(119, 0), (121, 1)])
def test_relay_sends_again_what_was_not_done_in_time(seconds, sent):
    row = promise(published_at=clock.true_now() - timedelta(seconds=seconds))
    assert relay() == sent
    assert carried(row) == sent


@pytest.mark.parametrize(
    "fields",
    [
        {"done_at": clock.true_now()},
        {"dead": True},
        {"next_attempt_at": clock.true_now() + timedelta(hours=1)},
    ],
)
def test_relay_leaves_done_dead_and_waiting_rows(fields):
    row = promise(**fields)
    assert relay() == 0
    assert carried(row) == 0


def test_relay_takes_the_oldest_first_and_no_more_than_its_batch():
    rows = [promise() for _ in range(3)]
    assert relay(limit=2) == 2
    assert [carried(row) for row in rows] == [1, 1, 0]


def test_relay_with_a_dead_redis_keeps_everything(dead_redis):
    first, second = promise(), promise()
    with pytest.raises(OperationalError):
        relay()
    for row in (first, second):
        row.refresh_from_db()
        assert row.published_at is None
