"""Whom to tell: the posts that carry an obligation out, and those that gave it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from coordination.models import Obligation
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.registry.models import Agency, Unit


def unit_posts(units: Iterable[int]) -> Any:
    """The posts in those units that carry out what a unit was given."""
    return Post.objects.filter(unit__in=units).with_role(Role.LIAISON, Role.POSKO_OPERATOR)


def doers(obligation: Obligation) -> dict[str, Any]:
    """For `notify`: the agency's liaisons, and the unit's posts where it is a unit's; of what the
    agency itself gave to its unit, the unit's alone."""
    agencies: list[Agency] = [obligation.agency]
    if obligation.unit_id is None:
        return {"agencies": agencies}
    posts = list(unit_posts([obligation.unit_id]))
    inside = obligation.directive.parent_obligation_id is not None
    return {"posts": posts, "agencies": [] if inside else agencies}


def issuers(obligation: Obligation) -> list[Post]:
    """Who gave it: the coordinators of the agency and the post that signed; of what an agency gave
    to its units, its liaisons."""
    directive = obligation.directive
    posts = Post.objects.of_agencies([directive.issuer_agency_id])
    if directive.parent_obligation_id is not None:
        return list(posts.with_role(Role.LIAISON))
    return list(
        posts.filter(Q(roles__contains=[Role.COORDINATOR]) | Q(pk=directive.issuer_post_id))
    )


def units_below(actor: Any) -> list[tuple[Unit, bool]]:
    """The units below the actor's, each with whether a post in it can answer. Two queries."""
    units = list(
        Unit.objects.filter(
            agency_id=actor.agency_id,
            is_active=True,
            path__startswith=f"{actor.unit_path}/",
        )
        .select_related("seat")
        .order_by("path")
    )
    staffed = set(unit_posts([unit.pk for unit in units]).values_list("unit_id", flat=True))
    return [(unit, unit.pk in staffed) for unit in units]
