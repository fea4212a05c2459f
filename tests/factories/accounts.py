"""People for tests: an office with a post, a person who holds it, and the actor they make."""

from datetime import datetime

from portal import clock
from portal.access.actor import SYSTEM, Actor
from portal.access.classification import Classification
from portal.accounts import actions
from portal.accounts.models import Post, Tenure, User
from portal.registry.models import Region, Unit

SINCE = datetime(2024, 1, 1, 8, tzinfo=clock.WITA)
PASSWORD = "demo-rakor-2024"


def make_person(
    slug: str,
    roles: list[str],
    unit_slug: str,
    *,
    region: str = "",
    clearance: int = Classification.TERBATAS,
    title: str = "",
) -> Actor:
    """A real user holding a real post of the unit since January 2024."""
    post = actions.create_post(
        slug=slug,
        title=title or slug,
        unit=Unit.objects.get(slug=unit_slug),
        roles=roles,
        clearance=clearance,
        region=Region.objects.get(code=region) if region else None,
        by=SYSTEM,
        at=SINCE,
    )
    email = f"{slug.replace('-', '.')}@demo.test"
    user = actions.create_user(
        email=email, name=title or slug, password=PASSWORD, by=SYSTEM, at=SINCE
    )
    return appoint(user, post)


def appoint(user: User, post: Post, **fields) -> Actor:
    """The actor of a tenure that begins in January 2024 unless told otherwise."""
    tenure = actions.appoint(user, post, by=SYSTEM, at=SINCE, **{"starts_at": SINCE, **fields})
    return Actor.of(Tenure.objects.select_related("post__unit__agency").get(pk=tenure.pk))
