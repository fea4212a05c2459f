"""Row scope in pieces: each returns a `Q` that a model's `visible_to` composes."""

from django.db.models import Q

from portal.access.actor import Actor

EVERYTHING = Q()
NOTHING = Q(pk__in=[])


def cleared(actor: Actor, field: str = "classification") -> Q:
    """Rows of a class that the post may read."""
    return Q(**{f"{field}__lte": actor.clearance})


def own_agency(actor: Actor, field: str = "agency") -> Q:
    """Rows of the actor's own agency."""
    if actor.is_system:
        return EVERYTHING
    return Q(**{f"{field}_id": actor.agency_id}) if actor.agency_id else NOTHING


def in_unit(actor: Actor, field: str = "unit") -> Q:
    """Rows of the actor's unit and of every unit below it."""
    if actor.is_system:
        return EVERYTHING
    if not actor.unit_path:
        return NOTHING
    return Q(**{f"{field}_id": actor.unit_id}) | Q(
        **{f"{field}__path__startswith": actor.unit_path + "/"}
    )


def in_region(actor: Actor, field: str = "region") -> Q:
    """Rows of the actor's region and of every region inside it; the code is the path."""
    if actor.is_system:
        return EVERYTHING
    if not actor.region_code:
        return NOTHING
    return Q(**{f"{field}_id": actor.region_code}) | Q(
        **{f"{field}__code__startswith": actor.region_code + "."}
    )
