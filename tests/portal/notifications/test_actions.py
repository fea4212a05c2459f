from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.template import TemplateDoesNotExist

from portal.accounts.enums import Role
from portal.background.models import OutboxTask
from portal.notifications import cancel, notify, unread_count
from portal.notifications.actions import mark_all_read, mark_read
from portal.notifications.enums import MOVES, DeliveryState
from portal.notifications.models import Delivery, Notification
from portal.registry.models import Agency


def told():
    rows = Notification.objects.order_by("pk")
    return list(rows.values_list("event_key", "post__slug"))


def test_notify_tells_each_post_once(tell, kpu, korem):
    assert len(tell(kpu, korem)) == 2
    assert tell(kpu, korem) == []
    assert told() == [("event:1", kpu.post.slug), ("event:1", korem.post.slug)]
    assert OutboxTask.objects.filter(task="notifications.deliver").count() == 1


def test_notify_tells_a_later_post_of_the_same_event(tell, kpu, korem):
    tell(kpu)
    assert [new.post for new in tell(kpu, korem)] == [korem.post]


def test_notify_tells_the_liaisons_of_agencies(office, kpu, korem, at):
    office("kpu-kalsel", roles=[Role.AUDITOR])
    agencies = Agency.objects.filter(slug="kpu-kalsel")
    context = {"number": 1, "task": "x", "attempts": 8}
    notify("dead_task", event_key="e", agencies=agencies, context=context, url="/", at=at)
    assert told() == [("e", kpu.post.slug)]


def test_notify_without_mail_promises_none(tell, kpu):
    tell(kpu, channels=("inbox",))
    assert not OutboxTask.objects.exists()
    assert Notification.objects.get().by_mail is False


def test_notify_of_an_unknown_kind_fails_in_the_action(kpu, at):
    with pytest.raises(TemplateDoesNotExist):
        notify("nowhere", event_key="e", posts=[kpu.post], context={}, url="/", at=at)
    assert told() == []


@pytest.mark.parametrize("url", ["https://evil.test/", "//evil.test/", "javascript:alert(1)"])
def test_notify_leads_nowhere_but_to_the_portal(tell, kpu, url):
    with pytest.raises(IntegrityError), transaction.atomic():
        tell(kpu, url=url)


def test_cancel_stops_mail_and_count_at_once(tell, mails, kpu, korem, at):
    tell(kpu, korem, stop_key="obligation:4")
    tell(kpu, event="event:2", stop_key="obligation:5")
    assert cancel("obligation:4", at=at) == 2
    assert cancel("obligation:4", at=at) == 0
    assert (unread_count(kpu.actor), unread_count(korem.actor)) == (1, 0)
    assert [recipient for recipient, _ in mails()] == [kpu.user.email]


def test_cancel_withdraws_a_prepared_mail(tell, kpu, at):
    notification = tell(kpu, stop_key="s")[0]
    Delivery.objects.create(notification=notification, user=kpu.user)
    cancel("s", at=at)
    assert Delivery.objects.get().state == DeliveryState.WITHDRAWN


def test_cancel_of_nothing_in_particular_is_refused(tell, kpu, at):
    tell(kpu)
    with pytest.raises(ValueError):
        cancel("", at=at)
    assert unread_count(kpu.actor) == 1


def test_mark_read_keeps_the_first_reader(tell, kpu, at):
    notification = tell(kpu)[0]
    mark_read(notification, by=kpu.actor, at=at)
    mark_read(notification, by=kpu.actor, at=at + timedelta(hours=1))
    assert (notification.read_at, notification.read_by) == (at, kpu.user)
    assert unread_count(kpu.actor) == 0


def test_mark_all_read_touches_the_own_post_alone(tell, kpu, korem, at):
    tell(kpu, korem)
    tell(kpu, event="event:2")
    assert mark_all_read(by=kpu.actor, at=at) == 2
    assert mark_all_read(by=kpu.actor, at=at) == 0
    assert (unread_count(kpu.actor), unread_count(korem.actor)) == (0, 1)


def test_read_needs_a_reader(tell, kpu, at):
    tell(kpu)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.update(read_at=at)


def test_nobody_without_a_post_sees_anything(tell, kpu):
    tell(kpu)
    assert list(Notification.objects.visible_to(None)) == []
    assert unread_count(None) == 0


def test_every_state_of_a_mail_has_its_moves():
    assert set(MOVES) == set(DeliveryState)
    assert {after for moves in MOVES.values() for after in moves} <= set(DeliveryState)
    ends = {state for state, moves in MOVES.items() if not moves}
    assert ends == {DeliveryState.SENT, DeliveryState.DEAD, DeliveryState.WITHDRAWN}
