"""The only writers of notifications."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.template.loader import get_template

from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.accounts.enums import Role
from portal.accounts.models import Post, User
from portal.background import enqueue
from portal.notifications.emails import packed, template_names
from portal.notifications.enums import Channel, DeliveryState
from portal.notifications.models import Delivery, MailChoice, Notification


def notify(
    kind: str,
    *,
    event_key: str,
    posts: Iterable[Post] = (),
    agencies: Iterable[Any] = (),
    context: Mapping[str, Any],
    url: str,
    at: datetime,
    duty: bool = True,
    classification: int = Classification.TERBATAS,
    channels: Collection[str] = (Channel.INBOX, Channel.EMAIL),
    stop_key: str = "",
) -> list[Notification]:
    """Tell posts, and the liaisons of agencies, of an event: once per `event_key` and post.

    `kind` names the texts in `templates/emails/<kind>/`; `context` holds ids, strings, numbers and
    times. Of a Rahasia record the mail says only that there is an item. `url` is a path of the
    portal. `duty` notices reach everyone; of the others a person may refuse the mail. All
    that was told under a `stop_key` is stopped by `cancel`. Returns what is new.
    """
    for name in template_names(kind):
        get_template(name)  # A kind without words fails here, not in the reader's inbox.
    told_to = {post.pk: post for post in posts}
    if agencies := list(agencies):
        liaisons = Post.objects.of_agencies(agencies).with_role(Role.LIAISON)
        told_to |= {post.pk: post for post in liaisons}
    with transaction.atomic():
        known = Notification.objects.filter(event_key=event_key, post__in=told_to)
        for post_id in known.values_list("post_id", flat=True):
            del told_to[post_id]
        if not told_to:
            return []
        Notification.objects.bulk_create(
            [
                Notification(
                    event_key=event_key,
                    post=post,
                    kind=kind,
                    context=packed(context),
                    url=url,
                    at=at,
                    duty=duty,
                    classification=classification,
                    by_mail=Channel.EMAIL in channels,
                    stop_key=stop_key,
                )
                for post in told_to.values()
            ],
            ignore_conflicts=True,
        )
        if Channel.EMAIL in channels:
            enqueue("notifications.deliver", merge=True)
        return list(Notification.objects.filter(event_key=event_key, post__in=told_to))


def cancel(stop_key: str, *, at: datetime) -> int:
    """Stop all that was told under the key: no mail goes out any more, and unread entries no longer
    count. Returns how many it stopped; a second call stops none."""
    if not stop_key:
        raise ValueError("An empty stop key would stop everything that has none.")
    with transaction.atomic():
        live = Notification.objects.filter(stop_key=stop_key, cancelled_at__isnull=True)
        stopped = list(live.select_for_update().order_by("pk").values_list("pk", flat=True))
        Notification.objects.filter(pk__in=stopped).update(cancelled_at=at)
        Delivery.objects.filter(
            notification__in=stopped, state__in=[DeliveryState.PREPARED, DeliveryState.FAILED]
        ).update(state=DeliveryState.WITHDRAWN)
    return len(stopped)


def mark_read(notification: Notification, *, by: Actor, at: datetime) -> Notification:
    """The first reading counts; who read it stands beside it."""
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(
        read_at=at, read_by_id=by.user_id
    )
    notification.refresh_from_db(fields=["read_at", "read_by"])
    return notification


def mark_all_read(*, by: Actor, at: datetime, older_than: datetime | None = None) -> int:
    """Mark every unread entry of the actor's post (told before a moment) as read; how many."""
    unread = Notification.objects.visible_to(by).filter(read_at__isnull=True)
    if older_than is not None:
        unread = unread.filter(at__lt=older_than)
    return unread.update(read_at=at, read_by_id=by.user_id)


def choose_mail(user: User, *, information: bool) -> MailChoice:
    """Set whether mere information also comes by mail."""
    choice, _ = MailChoice.objects.update_or_create(
        user=user, defaults={"information": information}
    )
    return choice
