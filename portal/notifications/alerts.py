"""What the administrators are told when the portal itself gave something up."""

from datetime import datetime

from django.urls import reverse

from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.background.models import OutboxTask
from portal.notifications.actions import notify
from portal.notifications.enums import Channel
from portal.notifications.models import Delivery


def alert_dead_task(row: OutboxTask, *, at: datetime) -> None:
    """A task failed in every attempt: its effect is missing until someone acts."""
    notify(
        "dead_task",
        event_key=f"dead_task:{row.pk}",
        posts=Post.objects.with_role(Role.ADMINISTRATOR),
        context={"task": row.task, "number": row.pk, "attempts": row.attempts},
        url=reverse("background:readyz"),
        at=at,
    )


def alert_dead_mail(delivery: Delivery, *, at: datetime) -> None:
    """A mail could not be sent. Told in the inbox alone: mail is what fails."""
    notify(
        "dead_mail",
        event_key=f"dead_mail:{delivery.pk}",
        posts=Post.objects.with_role(Role.ADMINISTRATOR),
        context={"number": delivery.pk, "attempts": delivery.attempts},
        url=reverse("background:readyz"),
        at=at,
        channels=(Channel.INBOX,),
    )
