from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from portal import clock
from portal.background import enqueue
from portal.background.models import Heartbeat, OutboxTask
from portal.background.running import ALERT, MAX_ATTEMPTS, drain, execute, pause
from portal.celery import app
from portal.web import correlation

pytestmark = pytest.mark.django_db


def promise(task="test.task", **ids):
    with transaction.atomic():
        enqueue(task, **ids)
    return OutboxTask.objects.latest("pk")


def beat(name):
    Heartbeat.objects.create(name=name, at=clock.true_now())


def test_task_runs_once_and_closes_its_row(work):
    work("test.task", lambda number: beat(f"n{number}"))
    row = promise(number=5)
    assert execute(row.pk) is True
    assert execute(row.pk) is False
    row.refresh_from_db()
    assert (row.attempts, row.done_at is not None) == (1, True)
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["n5"]


def test_task_runs_as_the_system_within_its_request(work):
    seen = {}

    def look():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('portal.system', true)")
            seen["system"] = cursor.fetchone()[0]
        seen["request"] = correlation.current().request_id

    work("test.task", look)
    with correlation.correlated("request-9"):
        row = promise()
    assert execute(row.pk) is True
    assert seen == {"system": "on", "request": "request-9"}


def test_missing_row_returns_quietly():
    assert execute(404) is False


def test_failed_task_leaves_nothing_and_is_tried_later(work):
    def fail():
        beat("half")
        raise ValueError("63.01 is secret")

    work("test.task", fail)
    row = promise()
    OutboxTask.objects.update(published_at=clock.true_now())
    before = clock.true_now()
    assert execute(row.pk) is False
    row.refresh_from_db()
    assert not Heartbeat.objects.exists()
    assert row.last_error.startswith("ValueError at ")
    assert "secret" not in row.last_error
    assert (row.attempts, row.published_at, row.dead) == (1, None, False)
    assert row.next_attempt_at > before
    # A message that comes before its time is answered by nobody.
    assert execute(row.pk) is False
    row.refresh_from_db()
    assert row.attempts == 1


def test_unknown_task_is_kept_as_failed():
    row = promise("test.nowhere")
    assert execute(row.pk) is False
    row.refresh_from_db()
    assert row.last_error.startswith("KeyError")


def test_task_without_transaction_closes_its_row_too(work):
    work("test.task", lambda: beat("step"), atomic=False)
    row = promise()
    assert execute(row.pk) is True
    row.refresh_from_db()
    assert row.done_at is not None


def test_task_that_fails_in_every_attempt_is_given_up_and_told(work):
    work("test.task", lambda: 1 / 0)
    row = promise()
    for _ in range(MAX_ATTEMPTS):
        OutboxTask.objects.filter(pk=row.pk).update(next_attempt_at=None)
        execute(row.pk)
    row.refresh_from_db()
    assert (row.attempts, row.dead, row.done_at) == (MAX_ATTEMPTS, True, None)
    alerts = OutboxTask.objects.filter(task=ALERT)
    assert list(alerts.values_list("ids", flat=True)) == [{"outbox_id": row.pk}]


def test_task_that_kills_its_worker_is_given_up_as_well(work):
    work("test.task", lambda: beat("never"))
    row = promise()
    OutboxTask.objects.filter(pk=row.pk).update(attempts=MAX_ATTEMPTS)
    assert execute(row.pk) is False
    row.refresh_from_db()
    assert (row.dead, Heartbeat.objects.exists()) == (True, False)


def test_alert_that_is_given_up_raises_no_alert(work):
    work(ALERT, lambda outbox_id: 1 / 0)
    row = promise(ALERT, outbox_id=1)
    OutboxTask.objects.filter(pk=row.pk).update(attempts=MAX_ATTEMPTS - 1)
    execute(row.pk)
    assert list(OutboxTask.objects.values_list("task", "dead")) == [(ALERT, True)]


@pytest.mark.parametrize(
    ("attempts", "exact"),
    [(1, 5), (2, 15), (3, 45), (5, 405), (6, 900), (50, 900)],
)
def test_pause_grows_with_the_attempts_up_to_its_end(attempts, exact):
    for _ in range(20):
        assert exact * 0.8 <= pause(attempts).total_seconds() <= exact * 1.2


def test_celery_task_is_the_same_run(work):
    work("background.heartbeat", lambda: beat("through-celery"))
    row = promise("background.heartbeat")
    app.tasks["background.heartbeat"](outbox_id=row.pk)
    assert Heartbeat.objects.filter(name="through-celery").exists()


def test_drain_runs_what_the_tasks_promise_in_turn(work):
    work("test.first", lambda: enqueue("test.second"))
    work("test.second", lambda: beat("second"))
    promise("test.first")
    assert drain() == 2
    assert Heartbeat.objects.filter(name="second").exists()


def test_drain_ends_at_its_limit(work):
    work("test.endless", lambda: enqueue("test.endless"))
    promise("test.endless")
    assert drain(limit=3) == 3


def test_outbox_command_shows_retries_and_drains(work, capsys):
    work("test.task", lambda: beat("again"))
    row = promise()
    OutboxTask.objects.update(dead=True, attempts=8, last_error="ValueError at x.py:1")
    call_command("outbox")
    assert capsys.readouterr().out == (
        f"0 open, 1 dead\n{row.pk} test.task: ValueError at x.py:1\n"
    )
    call_command("outbox", "--retry", str(row.pk), "--drain")
    assert capsys.readouterr().out == (
        "1 dead tasks get another chance\n1 tasks run\n0 open, 0 dead\n"
    )
    assert Heartbeat.objects.filter(name="again").exists()


def test_outbox_command_retries_all(capsys):
    promise("test.nowhere")
    OutboxTask.objects.update(dead=True, next_attempt_at=clock.true_now() + timedelta(hours=1))
    call_command("outbox", "--retry")
    assert capsys.readouterr().out == "1 dead tasks get another chance\n1 open, 0 dead\n"
