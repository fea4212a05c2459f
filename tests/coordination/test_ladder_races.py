"""Sweeps at once, answers during a sweep, ten thousand obligations, one person of two posts."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from coordination.actions.obligations import acknowledge_obligation
from coordination.actions.reminders import remind_obligations
from coordination.models import Directive, Obligation, Reminder
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.accounts import actions as accounts
from portal.accounts.models import Post, Tenure, User
from portal.notifications.mailing import prepare_mails
from portal.notifications.models import Delivery, Notification
from portal.registry.models import Agency
from tests.factories.accounts import appoint, make_person
from tests.factories.coordination import PUBLISHED, make_obligation

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def urgent(transactional_db, people) -> Obligation:
    """Of the highest priority, given out at PUBLISHED to the KPU."""
    people["liaison.kpu"]
    with actor_context(SYSTEM):
        return make_obligation(
            people["koordinator"], "kpu-kalsel", directive={"priority": "amat_segera"}
        )


def apart(call, *, times: int = 1) -> None:
    """Run it in threads with connections of their own, at the same moment, to their end."""
    failed: list[BaseException] = []
    gate = threading.Barrier(times)

    def run() -> None:
        try:
            gate.wait()
            with actor_context(SYSTEM):
                call()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failed == []


def told() -> list[tuple[str, bool]]:
    rows = Notification.objects.filter(kind="obligation_unacknowledged").order_by("pk")
    return [(row.post.slug, row.cancelled_at is not None) for row in rows.select_related("post")]


def test_an_obligation_that_is_just_being_answered_is_left_alone(urgent, people):
    with actor_context(SYSTEM), transaction.atomic():
        acknowledge_obligation(urgent, by=people["liaison.kpu"], at=PUBLISHED + HOUR)
        apart(lambda: remind_obligations(at=PUBLISHED + HOUR))
    apart(lambda: remind_obligations(at=PUBLISHED + 2 * HOUR))
    assert told() == []
    assert not Reminder.objects.exists()


def test_an_answer_that_comes_while_the_reminder_is_written_cancels_it(urgent, people):
    answer = threading.Thread(
        target=lambda: apart(
            lambda: acknowledge_obligation(
                urgent, by=people["liaison.kpu"], at=PUBLISHED + HOUR + SECOND
            )
        )
    )
    with actor_context(SYSTEM), transaction.atomic():
        assert remind_obligations(at=PUBLISHED + HOUR) == 1
        answer.start()
        answer.join(timeout=1)
        assert answer.is_alive()  # It waits for the row.
    answer.join(timeout=30)
    assert told() == [("liaison-kpu", True)]
    with actor_context(SYSTEM):
        prepare_mails(at=PUBLISHED + HOUR + SECOND, true_at=PUBLISHED + HOUR + SECOND)
    urging = Delivery.objects.filter(notification__kind="obligation_unacknowledged")
    assert not urging.exclude(state="withdrawn").exists()


def test_many_sweeps_at_once_say_each_rung_once(urgent):
    for hours in (1, 2, 3):
        apart(lambda hours=hours: remind_obligations(at=PUBLISHED + hours * HOUR), times=6)
    assert Reminder.objects.filter(outcome="sent").count() == 3
    assert len(told()) == 3


def test_a_sweep_that_fails_between_decision_and_sending_leaves_neither(urgent):
    with (
        pytest.raises(RuntimeError, match="killed"),
        actor_context(SYSTEM),
        transaction.atomic(),
    ):
        assert remind_obligations(at=PUBLISHED + HOUR) == 1
        raise RuntimeError("killed")
    assert (told(), Reminder.objects.count()) == ([], 0)
    apart(lambda: remind_obligations(at=PUBLISHED + HOUR + 60 * SECOND))
    assert told() == [("liaison-kpu", False)]


@pytest.mark.django_db
def test_ten_thousand_obligations_cost_a_sweep_what_one_costs(coordinator, liaison_kpu):
    row = make_obligation(coordinator, "kpu-kalsel")
    at = PUBLISHED + HOUR
    with CaptureQueriesContext(connection) as one:
        assert remind_obligations(at=at) == 0
    model = Directive.objects.get(pk=row.directive_id)
    agencies = list(Agency.objects.all())
    copies = []
    for number in range(1112):
        copy = Directive.objects.get(pk=model.pk)
        copy.pk, copy.number = None, f"UJI/{number}"
        copies.append(copy)
    directives = Directive.objects.bulk_create(copies)
    Obligation.objects.bulk_create(
        [
            Obligation(
                directive=directive,
                agency=agency,
                due_at=row.due_at,
                created_at=row.created_at,
                updated_at=row.created_at,
            )
            for directive in directives
            for agency in agencies
        ],
        batch_size=2000,
    )
    assert Obligation.objects.count() > 10_000
    with CaptureQueriesContext(connection) as many:
        assert remind_obligations(at=at) == 0
    assert len(many) == len(one) == 3


@pytest.mark.django_db
def test_one_person_who_holds_two_of_the_posts_gets_one_mail(coordinator, liaison_kpu):
    make_person("penghubung-kpu-2", ["liaison"], "kpu-kalsel", title="Penghubung kedua")
    second = Post.objects.get(slug="penghubung-kpu-2")
    accounts.end_tenure(Tenure.objects.get(post=second), by=SYSTEM, at=PUBLISHED)
    appoint(User.objects.get(pk=liaison_kpu.user_id), second)
    make_obligation(coordinator, "kpu-kalsel", directive={"priority": "segera"})
    prepare_mails(at=PUBLISHED, true_at=PUBLISHED)
    remind_obligations(at=PUBLISHED + 4 * HOUR)
    assert len(told()) == 2
    prepare_mails(at=PUBLISHED + 4 * HOUR, true_at=PUBLISHED + 4 * HOUR)
    mails = Delivery.objects.filter(notification__kind="obligation_unacknowledged")
    assert [mail.user_id for mail in mails] == [liaison_kpu.user_id]
