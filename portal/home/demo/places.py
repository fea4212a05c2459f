"""Where people can be put: the posko of Polda, of the 13 Polres and of the kecamatan, warehouses,
and the offices to guard. Which ones there are is invented, as are the kecamatan they stand in."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from portal import clock
from portal.access.actor import Actor
from portal.home.demo.strengths import INVENTED, OPERATION
from portal.registry import actions
from portal.registry.actions.places import Key
from portal.registry.enums import PlaceKind, Quality
from portal.registry.models import Agency, Operation, Place, Region

AS_OF = date(2024, 8, 24)
KNOWN = datetime(2024, 8, 24, 8, tzinfo=clock.WITA)
CAPITAL = "63.72"
OFFICES = {"kpu-kalsel": "Kantor KPU", "bawaslu-kalsel": "Kantor Bawaslu"}


def load(people: Mapping[str, Actor]) -> None:
    """Everything once: where there are places already, nothing happens."""
    operation = Operation.objects.get(slug=OPERATION)
    if Place.objects.filter(operation=operation).exists():
        return
    agencies = dict(Agency.objects.values_list("slug", "pk"))
    given: dict[Key, dict[str, Any]] = {
        key: {
            "agency_id": agencies[owner],
            "source": INVENTED,
            "as_of": AS_OF,
            "quality": Quality.ILLUSTRATIVE.value,
            "illustrative": True,
        }
        for key, owner in _places()
    }
    actions.keep_places(operation, given, by=people["koordinator"], at=KNOWN)


def _places() -> Iterator[tuple[Key, str]]:
    """(district, kind, name) and whose it is."""
    districts: dict[str, list[Region]] = {}
    for district in Region.objects.districts().order_by("code"):
        districts.setdefault(district.parent_id or "", []).append(district)
    yield (districts[CAPITAL][0].code, PlaceKind.POSKO, "Posko Operasi Polda"), "polda-kalsel"
    for slug, name in OFFICES.items():
        yield (districts[CAPITAL][0].code, PlaceKind.OFFICE, f"{name} Provinsi"), slug
    for regency in Region.objects.regencies().order_by("code"):
        inside = districts[regency.code]
        first, short = inside[0].code, regency.short_name
        yield (first, PlaceKind.POSKO, f"Posko Operasi Polres {short}"), "polda-kalsel"
        yield (first, PlaceKind.WAREHOUSE, f"Gudang logistik KPU {short}"), "kpu-kalsel"
        for slug, name in OFFICES.items():
            yield (first, PlaceKind.OFFICE, f"{name} {regency.name}"), slug
        for district in inside:
            name = f"Posko Kecamatan {district.name}"
            yield (district.code, PlaceKind.POSKO, name), "polda-kalsel"
