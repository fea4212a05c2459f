from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from portal import clock
from portal.access.classification import Classification
from portal.accounts.enums import Role
from portal.accounts.models import Tenure, User
from portal.background.models import OutboxTask
from portal.background.running import MAX_ATTEMPTS, drain
from portal.notifications.actions import choose_mail
from portal.notifications.enums import DeliveryState
from portal.notifications.mailbox import letters
from portal.notifications.mailing import prepare_mails, send_mail
from portal.notifications.models import Delivery, Notification
from portal.notifications.tasks import dead_mail, dead_task, deliver, send


class Broken(BaseEmailBackend):
    """A mail server that refuses everything."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError("secret host name")


def prepared(tell, *offices, **more):
    tell(*offices, **more)
    deliver()
    return Delivery.objects.latest("pk")


def states():
    rows = Delivery.objects.order_by("pk")
    return list(rows.values_list("user__email", "state"))


def send_now(delivery):
    return send_mail(delivery.pk, at=clock.now(), true_at=clock.true_now())


def test_each_holder_gets_one_mail_in_his_language(tell, mails, kpu, korem):
    tell(kpu, korem)
    assert mails() == [
        (kpu.user.email, "[Portal Mantap Praja] Tugas latar gagal tetap: a.b"),
        (korem.user.email, mails()[1][1]),
    ]
    assert states() == [(kpu.user.email, "sent"), (korem.user.email, "sent")]
    assert not OutboxTask.objects.open().exists()


def test_mail_carries_name_post_link_time_and_identity(tell, mails, kpu, at):
    tell(kpu)
    mails()
    letter = letters()[0]
    assert kpu.user.name in letter.body
    assert kpu.post.title in letter.body
    assert "https://portal.demo.test/rakor/7/" in letter.body
    assert timedelta() <= letter.sent_at - at < timedelta(minutes=1)
    assert letter.name.endswith(Delivery.objects.get().token.hex)


def test_deliver_and_send_twice_send_one_mail(tell, kpu):
    delivery = prepared(tell, kpu)
    deliver()
    assert [send_now(delivery), send_now(delivery)] == [True, False]
    send(delivery.pk)
    assert len(letters()) == 1


def test_missing_rows_return_quietly(db):
    send(404)
    dead_mail(404)
    dead_task(404)
    assert letters() == []


def test_new_holder_gets_the_mail_that_the_old_one_no_longer_may(tell, mails, kpu, at):
    tell(kpu)
    deliver()
    Tenure.objects.filter(pk=kpu.tenure.pk).update(ends_at=at)
    successor = User.objects.create_user("plt@demo.test", name="Plt.")
    Tenure.objects.create(user=successor, post=kpu.post, starts_at=at, kind="plt")
    assert [recipient for recipient, _ in mails()] == ["plt@demo.test"]
    assert states() == [(kpu.user.email, "withdrawn"), ("plt@demo.test", "sent")]


def test_vacant_post_gets_its_mail_when_somebody_takes_it(tell, mails, kpu, at):
    Tenure.objects.filter(pk=kpu.tenure.pk).update(ends_at=at)
    tell(kpu)
    assert mails() == []
    Tenure.objects.create(user=kpu.user, post=kpu.post, starts_at=at)
    prepare_mails(at=at + timedelta(hours=23), true_at=clock.true_now())
    assert [recipient for recipient, _ in mails()] == [kpu.user.email]


def test_vacant_post_gets_no_mail_of_the_day_before(tell, mails, kpu, at):
    Tenure.objects.filter(pk=kpu.tenure.pk).update(ends_at=at)
    tell(kpu)
    later = at + timedelta(days=1)
    Tenure.objects.create(user=kpu.user, post=kpu.post, starts_at=at + timedelta(hours=2))
    assert prepare_mails(at=later, true_at=clock.true_now()) == 0


def test_cancelled_between_prepared_and_sent_stays_unsent(tell, kpu, at):
    delivery = prepared(tell, kpu, stop_key="s")
    Notification.objects.update(cancelled_at=at)
    assert send_now(delivery) is False
    assert (states(), letters()) == ([(kpu.user.email, "withdrawn")], [])


def test_information_is_not_mailed_to_whom_refuses_it_but_duty_is(tell, mails, kpu, korem):
    choose_mail(kpu.user, information=False)
    tell(kpu, korem, duty=False)
    tell(kpu, event="event:2", duty=True)
    assert [recipient for recipient, _ in mails()] == [korem.user.email, kpu.user.email]


@pytest.mark.parametrize(
    ("classification", "clearance"),
    [
        (Classification.RAHASIA, Classification.RAHASIA),
        (Classification.TERBATAS, Classification.BIASA),
    ],
)
def test_mail_of_a_confidential_item_says_only_that_there_is_one(
    tell, mails, office, classification, clearance
):
    reader = office("kpu-kalsel", clearance=clearance)
    tell(reader, classification=classification, context={"task": "operasi.kilat"})
    assert mails() == [(reader.user.email, "[Portal Mantap Praja] Ada butir untuk Anda")]
    assert "kilat" not in letters()[0].body


def test_failed_mail_is_tried_later_and_then_sent(tell, mails, kpu, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    delivery = prepared(tell, kpu)
    before = clock.true_now()
    assert send_now(delivery) is False
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.FAILED, 1)
    assert delivery.last_error == "ConnectionRefusedError"
    assert delivery.next_attempt_at > before
    settings.EMAIL_BACKEND = "portal.notifications.mailbox.FileMailbox"
    assert send_now(delivery) is False
    Delivery.objects.update(next_attempt_at=clock.true_now())
    deliver()
    assert len(mails()) == 1
    assert states() == [(kpu.user.email, "sent")]


def test_mail_that_fails_in_every_try_is_given_up_and_told(tell, office, kpu, settings):
    admin = office("polda-kalsel", roles=[Role.ADMINISTRATOR])
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    prepared(tell, kpu)
    Delivery.objects.update(attempts=MAX_ATTEMPTS - 1)
    drain()
    assert states() == [(kpu.user.email, "dead")]
    alert = Notification.objects.get(kind="dead_mail")
    assert (alert.post, alert.by_mail) == (admin.post, False)


def test_mail_being_sent_is_left_alone_until_it_was_abandoned(tell, kpu, settings):
    delivery = prepared(tell, kpu)
    claimed = clock.true_now()
    Delivery.objects.update(state=DeliveryState.SENDING, claimed_at=claimed, attempts=1)
    assert send_now(delivery) is False
    Delivery.objects.update(claimed_at=claimed - settings.DELIVERY_ABANDONED_AFTER)
    deliver()
    drain()
    assert (states(), len(letters())) == ([(kpu.user.email, "sent")], 1)


def test_mail_that_a_dead_worker_had_written_is_not_written_again(tell, kpu, settings):
    delivery = prepared(tell, kpu)
    assert send_now(delivery) is True
    claimed = clock.true_now() - settings.DELIVERY_ABANDONED_AFTER
    Delivery.objects.update(state=DeliveryState.SENDING, claimed_at=claimed, sent_at=None)
    assert send_now(delivery) is True
    assert (states(), len(letters())) == ([(kpu.user.email, "sent")], 1)


def test_mail_sent_again_keeps_its_message_id(tell, kpu, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    delivery = prepared(tell, kpu)
    for _ in range(2):
        claimed = clock.true_now() - settings.DELIVERY_ABANDONED_AFTER
        Delivery.objects.update(state=DeliveryState.SENDING, claimed_at=claimed)
        send_now(delivery)
    first, second = (message.message()["Message-ID"] for message in mail.outbox)
    assert first == second == f"<{delivery.token.hex}@portal.demo.test>"


def test_dead_task_is_told_to_the_administrators(office, kpu):
    admin = office("polda-kalsel", roles=[Role.ADMINISTRATOR])
    row = OutboxTask.objects.create(task="a.b", created_at=clock.true_now(), dead=True, attempts=8)
    dead_task(row.pk)
    dead_task(row.pk)
    assert list(Notification.objects.values_list("kind", "post__slug")) == [
        ("dead_task", admin.post.slug)
    ]
