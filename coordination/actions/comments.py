"""Comments on an obligation: said once, struck out at most."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.following import tell_comment_followers
from coordination.actions.rows import lock
from coordination.emails import obligation_context, obligation_url
from coordination.models import Comment, Mention, Obligation
from coordination.queries.readers import agencies_of, mentionable
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.audit.record import record
from portal.notifications.actions import notify


def write_comment(
    obligation: Obligation,
    *,
    by: Actor,
    at: datetime,
    body: str,
    is_internal: bool = True,
    posts: Collection[int] = (),
    agencies: Collection[int] = (),
) -> Comment:
    """Say something about an obligation that the post sees, and call on posts or agencies by id.
    Each is told once; who may not read the comment cannot be called on."""
    policy.require(by, Permission.COMMENT_WRITE)
    if not Obligation.objects.visible_to(by).filter(pk=obligation.pk).exists():
        raise Refused(_("Tindak lanjut ini tidak terbuka bagi Anda."))
    if not body.strip():
        raise Refused(_("Tulis komentarnya."), "body")
    with transaction.atomic():
        # What is said about it and what becomes of it stand in one order.
        obligation = lock(obligation, None, "agency", "directive__meeting")
        called, told = _called(obligation, posts, agencies, by, is_internal)
        comment = Comment.objects.create(
            obligation=obligation,
            agency_id=by.agency_id,
            post_id=by.post_id,
            body=body.strip(),
            is_internal=is_internal,
            at=at,
        )
        for mention in called:
            mention.comment = comment
        Mention.objects.bulk_create(called)
        record(
            "comment.write",
            comment,
            by=by,
            at=at,
            after={
                "obligation": obligation.pk,
                "internal": is_internal,
                "mentions": [mention.post_id or mention.agency_id for mention in called],
            },
        )
        key = f"comment:{comment.pk}"
        notify(
            "comment_mention",
            event_key=key,
            posts=[post for post in told if post.pk != by.post_id],
            context=obligation_context(obligation) | {"author": by.post_title},
            url=f"{obligation_url(obligation)}#komentar-{comment.pk}",
            at=at,
            duty=False,
            classification=obligation.classification,
        )
        within = by.agency_id if is_internal else None
        tell_comment_followers(obligation, agency_id=within, by=by, at=at, key=key)
    return comment


def strike_comment(comment: Comment, *, by: Actor, at: datetime, reason: str) -> Comment:
    """Strike out one's own comment; its words stay legible under the line. A second call changes
    nothing."""
    policy.require(by, Permission.COMMENT_WRITE)
    if comment.post_id != by.post_id:
        raise Refused(_("Hanya penulisnya yang dapat mencoret komentar."))
    with transaction.atomic():
        comment = lock(comment, None, "obligation")
        if comment.struck_at is not None:
            return comment
        if not reason.strip():
            raise Refused(_("Tulis alasannya."), "reason")
        comment.struck_at, comment.strike_reason = at, reason.strip()
        comment.save(update_fields=["struck_at", "strike_reason"])
        record("comment.strike", comment, by=by, at=at, note=comment.strike_reason)
    return comment


def _called(
    obligation: Obligation,
    posts: Collection[int],
    agencies: Collection[int],
    by: Actor,
    is_internal: bool,
) -> tuple[list[Mention], list[Post]]:
    """The mentions, and the posts to tell; Refused when one of them may not read the comment."""
    if not posts and not agencies:
        return [], []
    allowed = mentionable(obligation, internal_to=by.agency_id if is_internal else None)
    if not set(posts) <= {post.pk for post in allowed} or not set(agencies) <= agencies_of(allowed):
        raise Refused(
            _(
                "Jabatan atau instansi yang disebut tidak dapat membaca komentar ini. Pilih yang "
                "lain, atau ubah siapa yang boleh membacanya."
            ),
            "mentions",
        )
    mentions = [Mention(post_id=post) for post in sorted(set(posts))]
    mentions += [Mention(agency_id=agency) for agency in sorted(set(agencies))]
    told = [
        post
        for post in allowed
        if post.pk in posts or (post.unit.agency_id in agencies and Role.LIAISON in post.roles)
    ]
    return mentions, told
