from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from portal.access.actor import Actor
from portal.accounts.models import ApiToken, CalendarFeed, Post, Tenure, User
from portal.accounts.models.feed import feed_digest
from portal.registry.models import Agency


def people(at: datetime, q: str = "") -> QuerySet[Tenure]:
    """The tenures running at that moment, by agency and post, for the people page."""
    tenures = Tenure.objects.active(at).select_related("user", "post__unit__agency")
    if q:
        tenures = tenures.filter(
            Q(user__name__icontains=q) | Q(user__email__icontains=q) | Q(post__title__icontains=q)
        )
    return tenures.order_by("post__unit__agency__position", "post__unit__path", "post__title", "pk")


def holders(post_ids, at: datetime) -> QuerySet[User]:
    """Who holds any of these posts at that moment."""
    return User.objects.filter(
        pk__in=Tenure.objects.active(at).filter(post__in=post_ids).values("user")
    )


def tokens_of(actor: Actor) -> QuerySet[ApiToken]:
    return (
        ApiToken.objects.filter(user_id=actor.user_id).select_related("post").order_by("-created")
    )


def feed_of(actor: Actor) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(user_id=actor.user_id).first()


def feed_owner(token: str) -> User | None:
    """Whose private calendar the secret opens, if he is still a user here."""
    feeds = CalendarFeed.objects.filter(digest=feed_digest(token), user__is_active=True)
    feed = feeds.select_related("user").first()
    return feed.user if feed else None


def posts(
    actor: Actor, at: datetime, *, q: str = "", agency: Agency | None = None, role: str = ""
) -> QuerySet[Post]:
    """Every office, in use or not, by agency and unit; `held` counts those who hold it now."""
    rows: QuerySet[Post] = Post.objects.visible_to(actor)
    rows = rows.select_related("unit__agency", "region")
    if q:
        rows = rows.filter(title__icontains=q)
    if agency:
        rows = rows.filter(unit__agency=agency)
    if role:
        rows = rows.filter(roles__contains=[role])
    running = Tenure.objects.active(at).filter(post=OuterRef("pk")).order_by()
    held = running.values("post").annotate(n=Count("pk")).values("n")
    rows = rows.annotate(held=Coalesce(Subquery(held), 0))
    return rows.order_by("unit__agency__position", "unit__path", "title", "pk")


def assignable_posts(actor: Actor) -> QuerySet[Post]:
    """Posts that this actor may appoint to: none above his own clearance."""
    posts = Post.objects.visible_to(actor).filter(is_active=True, clearance__lte=actor.clearance)
    return posts.select_related("unit__agency").order_by("unit__path", "title")
