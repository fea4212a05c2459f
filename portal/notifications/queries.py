from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access.actor import Actor
from portal.accounts.models import Tenure, User
from portal.notifications.emails import text_of
from portal.notifications.models import MailChoice, Notification


def unread_count(actor: Actor | None) -> int:
    """How many entries of the actor's post wait to be read."""
    return Notification.objects.visible_to(actor).unread().count()


UNREAD, NOT_ACTED, LATE = "belum-dibaca", "belum-ditindaklanjuti", "terlambat"


def inbox(actor: Actor, part: str = "") -> Any:
    """The post's entries: unread ones first, then the newest; or a part of them. What waits for an
    answer stands by age, the oldest first."""
    rows = Notification.objects.visible_to(actor).select_related("read_by")
    if part == UNREAD:
        return rows.unread().order_by("-at", "-pk")
    if part == NOT_ACTED:
        return rows.not_acted().order_by("at", "pk")
    return rows.in_reading_order()


def inbox_counts(actor: Actor) -> dict[str, int]:
    """How many entries are unread, and how many duties nobody has answered; one query."""
    rows = Notification.objects.visible_to(actor)
    unread = Q(read_at__isnull=True, cancelled_at__isnull=True)
    open_duty = Q(duty=True, cancelled_at__isnull=True) & ~Q(stop_key="")
    return rows.aggregate(
        **{UNREAD: Count("pk", filter=unread), NOT_ACTED: Count("pk", filter=open_duty)}
    )


@dataclass(frozen=True)
class InboxRow:
    """One entry as the page prints it."""

    pk: int
    subject: str
    body: str
    at: datetime
    open_url: str
    read_url: str
    unread: bool
    state: tuple[str, str] | None
    duty: bool


def inbox_rows(notifications: Iterable[Notification], actor: Actor) -> list[InboxRow]:
    """The entries with their words in the active language."""
    return [_inbox_row(notification, actor) for notification in notifications]


def _inbox_row(notification: Notification, actor: Actor) -> InboxRow:
    text = text_of(notification, clearance=actor.clearance)
    state = None
    if notification.cancelled_at:
        state = ("neutral", _("Tidak perlu lagi"))
    elif notification.read_by:
        state = ("success", _("Dibaca %(name)s") % {"name": notification.read_by.name})
    return InboxRow(
        pk=notification.pk,
        subject=text.subject,
        body=text.body,
        at=notification.at,
        open_url=reverse("notifications:open", args=[notification.pk]),
        read_url=reverse("notifications:mark_read", args=[notification.pk]),
        unread=notification.is_unread,
        state=state,
        duty=notification.duty,
    )


def holders(post_id: int, at: datetime) -> list[User]:
    """Who holds the post at that moment: the people a mail to the post goes to."""
    tenures = Tenure.objects.active(at).filter(post_id=post_id).select_related("user")
    return [tenure.user for tenure in tenures.order_by("pk")]


def refuses_information(user: User) -> bool:
    """Whether the person wants mail for duties only."""
    return MailChoice.objects.filter(user=user, information=False).exists()
