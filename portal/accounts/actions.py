"""The only writers of people, posts, tenures and tokens."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.accounts.enums import TenureKind
from portal.accounts.models import ApiToken, CalendarFeed, Post, Tenure, User
from portal.accounts.models.feed import feed_digest
from portal.audit.record import record


def create_user(
    *, email: str, name: str, by: Actor, at: datetime, password: str | None = None
) -> User:
    """A person who can sign in once he has a password and holds a post."""
    with transaction.atomic():
        if User.objects.filter(email__iexact=email).exists():
            raise Refused(_("Alamat surel ini sudah dipakai."), "email")
        user = User.objects.create_user(email, password, name=name)
        record("user.create", user, by=by, at=at, after={"email": user.email})
    return user


def create_post(
    *,
    slug: str,
    title: str,
    unit,
    roles: list[str],
    by: Actor,
    at: datetime,
    clearance: int,
    region=None,
    phone: str = "",
) -> Post:
    """An office with its roles; nobody gives a higher clearance than his own."""
    with transaction.atomic():
        _within_own_clearance(by, clearance)
        if Post.objects.filter(slug=slug).exists():
            raise Refused(_("Kode jabatan ini sudah dipakai."), "slug")
        post = Post.objects.create(
            slug=slug,
            title=title,
            unit=unit,
            roles=roles,
            clearance=clearance,
            region=region,
            phone=phone,
        )
        record(
            "post.create",
            post,
            by=by,
            at=at,
            after={"slug": slug, "roles": roles, "clearance": clearance},
        )
    return post


def change_post(
    post: Post, *, by: Actor, at: datetime, version: int | None = None, **values: Any
) -> Post:
    """Change an office's title, roles, clearance, region, telephone, or whether it is in use.

    Its holders act with the new rights from their next request; out of use, nobody acts as it and
    its API tokens end. Its unit stays: what was written as it was written for that agency. Nobody
    changes an office that he holds, nor one above his own clearance.
    """
    with transaction.atomic():
        post = Post.objects.select_for_update().get(pk=post.pk)
        if version is not None and post.version != version:
            raise Stale(_("Jabatan ini sudah diubah orang lain."), current=post)
        _not_own_post(by, post, at)
        _within_own_clearance(by, max(post.clearance, values.get("clearance", 0)))
        before = {name: getattr(post, name) for name in values}
        changed = {name: value for name, value in values.items() if value != before[name]}
        if not changed:
            return post
        for name, value in changed.items():
            setattr(post, name, value)
        post.version += 1
        post.save(update_fields=[*changed, "version"])
        if not post.is_active:
            ApiToken.objects.filter(post=post).delete()
        record(
            "post.change",
            post,
            by=by,
            at=at,
            before={name: _plain(before[name]) for name in changed},
            after={name: _plain(value) for name, value in changed.items()},
        )
    return post


def appoint(
    user: User,
    post: Post,
    *,
    by: Actor,
    at: datetime,
    kind: str = TenureKind.DEFINITIVE,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    basis: str = "",
) -> Tenure:
    """Let a person hold a post from one moment to another; acting holders need an end.

    Nobody appoints himself, and nobody appoints to a post of higher clearance than his own.
    """
    starts_at = starts_at or at
    if user.pk == by.user_id:
        raise Refused(_("Anda tidak dapat menunjuk diri sendiri."), "user")
    _within_own_clearance(by, post.clearance)
    if ends_at and ends_at <= starts_at:
        raise Refused(_("Akhir masa jabatan harus setelah awalnya."), "ends_at")
    if kind in {TenureKind.PLH, TenureKind.PJ} and ends_at is None:
        raise Refused(_("Plh. dan Pj. memerlukan tanggal akhir."), "ends_at")
    try:
        with transaction.atomic():
            tenure = Tenure.objects.create(
                user=user, post=post, kind=kind, starts_at=starts_at, ends_at=ends_at, basis=basis
            )
            record(
                "tenure.start",
                tenure,
                by=by,
                at=at,
                after={"user": user.pk, "post": post.slug, "kind": kind, "starts_at": starts_at},
            )
    except IntegrityError as error:
        raise Refused(
            _("Orang ini sudah memegang jabatan itu pada masa tersebut."), "starts_at"
        ) from error
    return tenure


def end_tenure(tenure: Tenure, *, by: Actor, at: datetime) -> Tenure:
    """End a tenure now; its holder loses the post's access at once, tokens included."""
    with transaction.atomic():
        tenure = Tenure.objects.select_for_update().select_related("post").get(pk=tenure.pk)
        _within_own_clearance(by, tenure.post.clearance)
        if tenure.ends_at and tenure.ends_at <= at:
            return tenure
        if tenure.starts_at >= at:
            raise Refused(_("Masa jabatan ini belum dimulai."))
        before = tenure.ends_at
        tenure.ends_at = at
        tenure.save(update_fields=["ends_at"])
        ApiToken.objects.filter(user_id=tenure.user_id, post_id=tenure.post_id).delete()
        record(
            "tenure.end", tenure, by=by, at=at, before={"ends_at": before}, after={"ends_at": at}
        )
    return tenure


def issue_token(
    user: User, post: Post, *, by: Actor, at: datetime, label: str = "", days: int = 90
) -> tuple[ApiToken, str]:
    """A key to the API that acts as the post. The clear text is returned once and never stored."""
    with transaction.atomic():
        if not Tenure.objects.active(at).filter(user=user, post=post).exists():
            raise Refused(_("Jabatan itu tidak sedang dipegang."), "post")
        limit = settings.REST_KNOX["TOKEN_LIMIT_PER_USER"]
        if ApiToken.objects.filter(user=user, expiry__gt=at).count() >= limit:
            raise Refused(_("Anda sudah memiliki %(limit)d token. Cabut satu.") % {"limit": limit})
        token, text = ApiToken.objects.create(
            user=user, expiry=timedelta(days=days), post=post, label=label
        )
        record("token.issue", token, by=by, at=at, after={"post": post.slug, "days": days})
    return token, text


def revoke_token(token: ApiToken, *, by: Actor, at: datetime) -> None:
    """End a key at once."""
    with transaction.atomic():
        record("token.revoke", token, by=by, at=at)
        token.delete()


def open_feed(user: User, *, by: Actor, at: datetime) -> tuple[CalendarFeed, str]:
    """A new private calendar address; an older one ends. The secret is returned once and never
    stored."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        revoke_feed(user, by=by, at=at)
        feed = CalendarFeed.objects.create(user=user, digest=feed_digest(token), created_at=at)
        record("calendar_feed.open", feed, by=by, at=at, after={"user": user.pk})
    return feed, token


def revoke_feed(user: User, *, by: Actor, at: datetime) -> bool:
    """End the private calendar address at once; whether there was one."""
    with transaction.atomic():
        feed = CalendarFeed.objects.select_for_update().filter(user=user).first()
        if feed is None:
            return False
        record("calendar_feed.revoke", feed, by=by, at=at, before={"user": user.pk})
        feed.delete()
    return True


def note_acting_post(tenure: Tenure, *, by: Actor, at: datetime) -> None:
    """A person with several posts now acts as another of them, and begins as it the next time."""
    with transaction.atomic():
        User.objects.filter(pk=tenure.user_id).update(last_post=tenure.post_id)
        record("post.choose", tenure, by=by, at=at, after={"post": tenure.post.slug})


def _not_own_post(by: Actor, post: Post, at: datetime) -> None:
    if Tenure.objects.active(at).filter(user=by.user_id, post=post).exists():
        raise Refused(_("Anda tidak dapat mengubah jabatan yang Anda pegang sendiri."))


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


def _within_own_clearance(by: Actor, clearance: int) -> None:
    if not by.is_system and clearance > by.clearance:
        raise Refused(_("Klasifikasi jabatan ini melebihi kewenangan Anda."), "clearance")


def set_language(user: User, language: str, *, by: Actor, at: datetime) -> None:
    """The language of the pages and mails for this person."""
    with transaction.atomic():
        before = user.language
        if before == language:
            return
        user.language = language
        user.save(update_fields=["language"])
        record(
            "user.language",
            user,
            by=by,
            at=at,
            before={"language": before},
            after={"language": language},
        )
