"""What is said about an obligation, and whom a comment can call on."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from coordination.models import Comment, Mention, Obligation
from coordination.queries.readers import agencies_of, mentionable
from portal.access.actor import Actor
from portal.access.permissions import Permission


def comments(obligation: Obligation, actor: Actor) -> list[dict[str, Any]]:
    """Oldest first; what was struck out stays legible, with the reason."""
    mentions = Mention.objects.select_related("post", "agency")
    rows = (
        Comment.objects.visible_to(actor)
        .filter(obligation=obligation)
        .select_related("post", "agency")
        .prefetch_related(Prefetch("mentions", mentions))
    )
    writes = Permission.COMMENT_WRITE in actor.permissions
    return [
        {
            "pk": row.pk,
            "author": row.post.title,
            "agency": row.agency.short_name,
            "body": row.body,
            "at": row.at,
            "internal": row.is_internal,
            "mentions": [_called(mention) for mention in row.mentions.all()],
            "struck_at": row.struck_at,
            "strike_reason": row.strike_reason,
            "may_strike": writes and row.struck_at is None and row.post_id == actor.post_id,
        }
        for row in rows
    ]


def _called(mention: Mention) -> str:
    if mention.post is not None:
        return mention.post.title
    return mention.agency.short_name if mention.agency is not None else ""


def mention_choices(obligation: Obligation, actor: Actor) -> list[tuple[str, Any]]:
    """Only who may see the obligation, grouped by agency; (group, [(value, label)])."""
    posts = [post for post in mentionable(obligation, internal_to=None) if post.pk != actor.post_id]
    with_liaison = agencies_of(posts)
    groups: dict[int, tuple[str, list[tuple[str, str]]]] = {}
    for post in posts:
        agency = post.unit.agency
        if agency.pk not in groups:
            groups[agency.pk] = (agency.short_name, [])
            if agency.pk in with_liaison:
                label = _("Semua penghubung %(agency)s") % {"agency": agency.short_name}
                groups[agency.pk][1].append((f"agency:{agency.pk}", label))
        groups[agency.pk][1].append((f"post:{post.pk}", post.title))
    return list(groups.values())
