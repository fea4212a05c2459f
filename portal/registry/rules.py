"""Who keeps the registry's own lists, besides those that are loaded."""

from typing import Any

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts.enums import Role
from portal.registry.enums import AgencyKind
from portal.registry.models import Agency


def keeps_units(actor: Actor, agency: Agency) -> bool:
    """Each agency its own units; the portal's administrator all."""
    return Role.ADMINISTRATOR in actor.roles or agency.pk == actor.agency_id


def station_region(actor: Actor) -> str | None:
    """The region whose polling stations the post keeps: all of the province's for the portal's
    administrator and the operation's coordinator, its own for the election commission's; None for
    everybody else."""
    if Role.ADMINISTRATOR in actor.roles:
        return "63"
    if Role.COORDINATOR in actor.roles and actor.whole_province:
        return "63"
    commission = Agency.objects.filter(pk=actor.agency_id, kind=AgencyKind.ELECTION_COMMISSION)
    return actor.region_code or None if commission.exists() else None


def within(region: str | None, code: str) -> bool:
    """Whether the code is that of the region or of one inside it."""
    return region is not None and (code == region or code.startswith(f"{region}."))


def keeps_station(actor: Actor, station: Any) -> bool:
    return within(station_region(actor), station.district_id)


RULES = {Permission.UNIT_EDIT: keeps_units, Permission.STATION_EDIT: keeps_station}
