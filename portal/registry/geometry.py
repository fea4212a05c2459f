"""Where a point lies, answered by shapely on the stored boundaries."""

from collections.abc import Callable
from functools import lru_cache

from portal.registry.models import Boundary, Region
from portal.registry.outlines import finder

NEAREST_KM = 5.0


def district_at(latitude: float, longitude: float) -> str | None:
    """The code of the kecamatan at a point in degrees (WGS 84); outside all outlines the nearest
    within five kilometres, else None."""
    districts = Boundary.objects.filter(region__level=Region.Level.DISTRICT).order_by("region")
    return _finder(tuple(districts.values_list("region", "digest")))(latitude, longitude)


@lru_cache(maxsize=2)
def _finder(known: tuple[tuple[str, str], ...]) -> Callable[[float, float], str | None]:
    codes = [code for code, _digest in known]
    rows = Boundary.objects.filter(region__in=codes).order_by("region")
    return finder(dict(rows.values_list("region", "geometry")), NEAREST_KM)
