"""Who keeps the registry's own lists, besides those that are loaded."""

from typing import Any

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts.enums import Role
from portal.registry.enums import AgencyKind
from portal.registry.models import Agency, Region


def keeps_units(actor: Actor, agency: Agency) -> bool:
    """Each agency its own units; the portal's administrator all."""
    return Role.ADMINISTRATOR in actor.roles or agency.pk == actor.agency_id


def station_region(actor: Actor) -> str | None:
    """The region whose polling stations the post keeps: all of the province's for the portal's
    administrator and the operation's coordinator, its own for the election commission's; None for
    everybody else."""
    if Role.ADMINISTRATOR in actor.roles:
        return province_of(actor)
    if Role.COORDINATOR in actor.roles and actor.whole_province:
        return actor.region_code
    commission = Agency.objects.filter(pk=actor.agency_id, kind=AgencyKind.ELECTION_COMMISSION)
    return actor.region_code or None if commission.exists() else None


def province_of(actor: Actor) -> str | None:
    """The code of the post's province; of one that stands in no region the registry's."""
    own = actor.region_code.partition(".")[0]
    provinces = Region.objects.filter(level=Region.Level.PROVINCE).order_by("code")
    return own or provinces.values_list("code", flat=True).first()


def within(region: str | None, code: str) -> bool:
    """Whether the code is that of the region or of one inside it."""
    return region is not None and (code == region or code.startswith(f"{region}."))


def keeps_station(actor: Actor, station: Any) -> bool:
    return within(station_region(actor), station.district_id)


def keeps_places_of_all(actor: Actor) -> bool:
    """Whether the post keeps the places of every agency, not of its own alone."""
    coordinates = Role.COORDINATOR in actor.roles and actor.whole_province
    return Role.ADMINISTRATOR in actor.roles or coordinates


def keeps_place(actor: Actor, place: Any) -> bool:
    """All of the province's for the portal's administrator and the operation's coordinator, for
    everybody else those of the own agency in the post's region."""
    if keeps_places_of_all(actor):
        return within(province_of(actor), place.district_id)
    own = place.agency_id is not None and place.agency_id == actor.agency_id
    return own and within(actor.region_code or None, place.district_id)


RULES = {
    Permission.UNIT_EDIT: keeps_units,
    Permission.STATION_EDIT: keeps_station,
    Permission.PLACE_EDIT: keeps_place,
}
