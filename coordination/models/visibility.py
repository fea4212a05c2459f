"""Pieces of row scope that several models share."""

from django.db.models import Q

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts.enums import Role

OVERSIGHT = frozenset({Role.COORDINATOR, Role.COMMANDER, Role.AUDITOR})


def oversees(actor: Actor) -> bool:
    """Coordinates, commands or audits the whole province: sees every agency's share."""
    return actor.is_system or (actor.whole_province and bool(OVERSIGHT & actor.roles))


def holds(actor: Actor | None, permission: Permission) -> bool:
    """Whether the post may read such records at all; the system reads everything."""
    return actor is not None and (actor.is_system or permission in actor.permissions)


def at_head(actor: Actor) -> bool:
    """Sits at the top of its agency, not in one of the units below."""
    return bool(actor.unit_path) and "/" not in actor.unit_path


def in_line(actor: Actor) -> Q:
    """Shares of the own agency in one's own line: of the agency as a whole for who sits at its
    head; of a unit for who sits in it, above it or below it."""
    if not actor.unit_path:
        return Q(pk__in=[])
    steps = actor.unit_path.split("/")
    line = ["/".join(steps[: length + 1]) for length in range(len(steps))]
    seen = Q(unit__path__in=line) | Q(unit__path__startswith=actor.unit_path + "/")
    if at_head(actor):
        seen |= Q(unit=None)
    return Q(agency_id=actor.agency_id) & seen
