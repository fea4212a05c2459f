"""A worker killed around the moment of sending: one mail each, and never none."""

import time
from datetime import timedelta

import pytest
from django.db import transaction

from portal import clock
from portal.accounts.enums import Role
from portal.accounts.models import Post, Tenure, User
from portal.background import enqueue
from portal.notifications import notify
from portal.notifications.mailbox import letters
from portal.notifications.models import Delivery
from portal.registry.models import Unit
from tests.drills.processes import eventually

pytestmark = pytest.mark.drill


@pytest.fixture
def office(transactional_db):
    unit = Unit.objects.filter(agency__slug="kpu-kalsel").first()
    post = Post.objects.create(
        slug="drill-kpu", title="Penghubung KPU", unit=unit, roles=[Role.LIAISON]
    )
    user = User.objects.create_user("kpu@demo.test", name="KPU")
    Tenure.objects.create(user=user, post=post, starts_at=clock.now() - timedelta(days=1))
    return post


def tell(post):
    notify(
        "dead_task",
        event_key="drill",
        posts=[post],
        context={"task": "a.b", "number": 1, "attempts": 8},
        url="/",
        at=clock.now(),
    )


def sweep():
    """What beat does each minute, as soon as the mail counts as abandoned."""
    time.sleep(2.5)
    with transaction.atomic():
        enqueue("notifications.deliver")


def sent():
    return Delivery.objects.filter(state="sent").exists()


@pytest.mark.parametrize("point", ["before-mail", "after-mail"])
def test_worker_killed_around_the_sending_of_a_mail(crew, hold, office, point):
    worker = crew.worker()
    crew.beat()
    hold.at(point)
    tell(office)
    eventually(lambda: hold.reached(point) == 1)
    assert Delivery.objects.get().state == "sending"
    assert len(letters()) == (0 if point == "before-mail" else 1)
    crew.kill(worker)
    hold.lift(point)
    crew.worker()
    sweep()
    eventually(sent)
    assert [letter.recipient for letter in letters()] == ["kpu@demo.test"]
    assert Delivery.objects.get().attempts == 2


def test_child_killed_while_it_sends_a_mail(crew, hold, office):
    worker = crew.worker()
    crew.beat()
    hold.at("before-mail")
    tell(office)
    eventually(lambda: hold.reached("before-mail") == 1)
    crew.kill_child(worker)
    hold.lift("before-mail")
    sweep()
    eventually(sent)
    assert len(letters()) == 1


def test_mail_follows_the_event_within_seconds(crew, office):
    crew.worker()
    crew.beat()
    tell(office)
    eventually(sent, within=15)
    assert len(letters()) == 1
