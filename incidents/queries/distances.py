"""How far apart points are; one selector for all who ask."""

import math
from dataclasses import dataclass

from deployments.models import Deployment
from incidents.models import Account

EARTH_KM = 6371.0


@dataclass(frozen=True)
class Point:
    """Degrees; `exact` is False for the centre of a region, standing in for an unknown point."""

    latitude: float
    longitude: float
    exact: bool


def kilometres(one: Point, other: Point) -> float:
    """Along the surface of the earth (haversine)."""
    lat1, lat2 = math.radians(one.latitude), math.radians(other.latitude)
    dlat = lat2 - lat1
    dlon = math.radians(other.longitude - one.longitude)
    a = math.sin(dlat / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(dlon / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(a))


def given_point(account: Account) -> Point | None:
    """The point that was told, if one was."""
    return _point(account, exact=True)


def point_of(account: Account) -> Point | None:
    """Where it happened, or the centre of its region."""
    return given_point(account) or _centre(account.region)


def point_of_placement(deployment: Deployment) -> Point | None:
    """Where the unit stands: its place, the place's district, or the region it is placed in."""
    if deployment.place is not None:
        found = _point(deployment.place, exact=True) or _centre(deployment.place.district)
        if found:
            return found
    return _centre(deployment.region)


def _centre(region) -> Point | None:
    found = _point(region, exact=False)
    if found is None and region.parent is not None:
        return _point(region.parent, exact=False)
    return found


def _point(row, *, exact: bool) -> Point | None:
    if row.latitude is None or row.longitude is None:
        return None
    return Point(row.latitude, row.longitude, exact)
