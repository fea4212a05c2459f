"""Who sits at Sentra Gakkumdu: posts with that role, of the three bodies, each in its region."""

from django.db.models import Q

from incidents.enums.gakkumdu import SEATS, Seat
from portal.access import scope
from portal.access.actor import Actor
from portal.accounts.enums import Role


def seat_of(actor: Actor | None) -> Seat | None:
    """The seat of the acting post at the desk, if it has one."""
    if actor is None or Role.GAKKUMDU not in actor.roles:
        return None
    return SEATS.get(actor.agency_slug)


def at_desk(actor: Actor, field: str = "region") -> Q:
    """Rows of regions that the post watches at the desk; none for who has no seat."""
    return scope.in_region(actor, field) if seat_of(actor) else scope.NOTHING
