"""From a notification to one mail per holder of the post: prepared → sending → sent.

A mail is claimed (`sending`) in a transaction of its own before the mail server hears of it, and
closed (`sent`) in another after. A worker that dies in between leaves `sending` behind; after
DELIVERY_ABANDONED_AFTER the minute's sweep hands the mail to another worker:

* died before the server took it: it is sent then, once;
* died after the server took it and before `sent` was written: the file mailbox recognises the
  mail; a real server gets it again with the same Message-ID, by which mailboxes that look see one
  message. No protocol closes this gap; it is the width of one commit.
"""

import logging
from datetime import datetime

from django.db.models import QuerySet

from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.background import enqueue
from portal.background.running import MAX_ATTEMPTS, pause
from portal.notifications.emails import compose
from portal.notifications.enums import DeliveryState
from portal.notifications.models import Delivery, Notification
from portal.notifications.queries import holders, refuses_information

logger = logging.getLogger(__name__)

BATCH = 200


def prepare_mails(*, at: datetime, true_at: datetime) -> int:
    """Look up who holds each told post now and promise one mail to each; returns how many."""
    waiting = Notification.objects.awaiting_mail(at).order_by("pk")
    return sum(
        _prepare(notification, at, true_at)
        for notification in waiting.select_for_update(skip_locked=True)[:BATCH]
    )


def resume_mails(*, true_at: datetime) -> int:
    """Promise again what is due for another try or was left behind by a dead worker."""
    waiting = Delivery.objects.sendable(true_at).exclude(state=DeliveryState.PREPARED)
    rows = list(waiting.order_by("pk")[:BATCH])
    for delivery in rows:
        _promise(delivery)
    return len(rows)


def send_mail(delivery_id: int, *, at: datetime, true_at: datetime) -> bool:
    """Send one mail if it is still wanted; whether it went out. Twice, or twice at once, sends one.

    `at` is the domain's time (who holds the post), `true_at` the machine's (tries and pauses).
    """
    delivery = _claim(delivery_id, at, true_at)
    if delivery is None:
        return False
    try:
        compose(delivery, at=at).send()
    except Exception as error:
        logger.exception("mail of delivery %s failed", delivery.pk)
        _postpone(delivery, error, true_at)
        return False
    with actor_context(SYSTEM):
        _sending(delivery).update(state=DeliveryState.SENT, sent_at=true_at, last_error="")
    return True


def _prepare(notification: Notification, at: datetime, true_at: datetime) -> int:
    people = holders(notification.post_id, at)
    if not people:
        return 0
    told = _told_by_another_post(notification)
    wanted = [
        user
        for user in people
        if user.pk not in told and (notification.duty or not refuses_information(user))
    ]
    Delivery.objects.bulk_create(
        [Delivery(notification=notification, user=user) for user in wanted], ignore_conflicts=True
    )
    rows = notification.deliveries.filter(user__in=wanted, state=DeliveryState.PREPARED)
    for delivery in rows:
        _promise(delivery)
    notification.prepared_at = true_at
    notification.save(update_fields=["prepared_at"])
    return len(rows)


def _told_by_another_post(notification: Notification) -> set[int]:
    """Who has a mail of the same event already, for another of his posts."""
    event = Delivery.objects.filter(notification__event_key=notification.event_key)
    mails = event.exclude(notification=notification).exclude(state=DeliveryState.WITHDRAWN)
    return set(mails.values_list("user_id", flat=True))


def _promise(delivery: Delivery) -> None:
    key = f"send:{delivery.token.hex}:{delivery.attempts + 1}"
    enqueue("notifications.send", key=key, delivery_id=delivery.pk)


def _claim(delivery_id: int, at: datetime, true_at: datetime) -> Delivery | None:
    """Take the mail for sending, and say so before the mail server hears of it."""
    with actor_context(SYSTEM):
        delivery = (
            Delivery.objects.sendable(true_at)
            .filter(pk=delivery_id)
            .select_related("user", "notification__post")
            .select_for_update(skip_locked=True, of=("self",))
            .first()
        )
        if delivery is None:
            return None
        notification = delivery.notification
        if notification.cancelled_at:
            _withdraw(delivery)
            return None
        if delivery.user not in holders(notification.post_id, at):
            # The post changed hands meanwhile: its new holder gets the mail.
            _withdraw(delivery)
            Notification.objects.filter(pk=notification.pk).update(prepared_at=None)
            enqueue("notifications.deliver", merge=True)
            return None
        delivery.state = DeliveryState.SENDING
        delivery.claimed_at = true_at
        delivery.attempts += 1
        delivery.save(update_fields=["state", "claimed_at", "attempts"])
        return delivery


def _withdraw(delivery: Delivery) -> None:
    delivery.state = DeliveryState.WITHDRAWN
    delivery.save(update_fields=["state"])


def _postpone(delivery: Delivery, error: Exception, true_at: datetime) -> None:
    final = delivery.attempts >= MAX_ATTEMPTS
    with actor_context(SYSTEM):
        _sending(delivery).update(
            state=DeliveryState.DEAD if final else DeliveryState.FAILED,
            next_attempt_at=None if final else true_at + pause(delivery.attempts),
            last_error=type(error).__name__,
        )
        if final:
            key = f"alert_dead_mail:{delivery.token.hex}"
            enqueue("notifications.alert_dead_mail", key=key, delivery_id=delivery.pk)


def _sending(delivery: Delivery) -> QuerySet[Delivery]:
    """The row, as long as this attempt is the one that holds it."""
    return Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.SENDING, attempts=delivery.attempts
    )
