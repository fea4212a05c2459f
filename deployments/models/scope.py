from django.db.models import Q

from portal.access import scope
from portal.access.actor import Actor
from portal.accounts.enums import Role

WATCHES_ALL = frozenset({Role.COORDINATOR, Role.COMMANDER, Role.AUDITOR})


def sees_all(actor: Actor) -> bool:
    """Posts that watch every agency's forces over the whole province."""
    return actor.is_system or (actor.whole_province and bool(WATCHES_ALL & actor.roles))


def own_forces(actor: Actor, unit: str = "unit", agency: str = "agency") -> Q:
    """Rows of the own unit and all below it; a liaison stands for the whole agency."""
    if sees_all(actor):
        return scope.EVERYTHING
    if Role.LIAISON in actor.roles:
        return scope.own_agency(actor, agency)
    return scope.in_unit(actor, unit)
