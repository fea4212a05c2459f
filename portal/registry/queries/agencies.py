"""The agencies and their units, with the regions they work in."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from portal.access.actor import Actor
from portal.registry.enums import Quality
from portal.registry.models import Agency, Region, UnitDistrict, regency_code


def agency_list(actor: Actor) -> list[Agency]:
    """The agencies in the order of the rakor, with `unit_count`."""
    rows = Agency.objects.visible_to(actor).annotate(
        unit_count=Count("units", filter=Q(units__is_active=True))
    )
    return list(rows)


@dataclass(frozen=True)
class UnitRow:
    """A unit as the tree prints it: `depth` from the root, its regions in words."""

    name: str
    kind: str
    seat: str
    depth: int
    districts: int
    coverage: str
    source: str
    quality: str


def unit_tree(agency: Agency) -> list[UnitRow]:
    """The agency's active units, parents before children."""
    units = agency.units.filter(is_active=True).select_related("seat").order_by("path")
    covered: dict[int, Counter[str]] = {}
    pairs = UnitDistrict.objects.filter(unit__agency=agency, unit__is_active=True)
    for unit, district in pairs.values_list("unit_id", "district_id"):
        covered.setdefault(unit, Counter())[regency_code(district) or ""] += 1
    sizes = regency_sizes()
    return [
        UnitRow(
            name=unit.name,
            kind=unit.get_kind_display(),
            seat=unit.seat.short_name,
            depth=unit.path.count("/"),
            districts=sum(covered.get(unit.pk, Counter()).values()),
            coverage=coverage_words(covered.get(unit.pk, Counter()), sizes),
            source=unit.source,
            quality=unit.get_quality_display() if unit.quality == Quality.GENERAL else "",
        )
        for unit in units
    ]


def regency_sizes() -> dict[str, tuple[str, int]]:
    """Per regency code its name and how many districts it has."""
    rows = Region.objects.regencies().annotate(size=Count("children"))
    return {code: (name, size) for code, name, size in rows.values_list("code", "name", "size")}


def coverage_words(covered: Counter[str], sizes: dict[str, tuple[str, int]]) -> str:
    """`Kota Banjarbaru; Kabupaten Banjar (2 dari 20 kecamatan)`: whole regencies by their name."""
    if all(covered[code] == size for code, (_name, size) in sizes.items()):
        return _("Seluruh provinsi")
    whole_first = sorted(covered, key=lambda code: (covered[code] != sizes[code][1], code))
    parts = []
    for code in whole_first:
        name, size = sizes[code]
        part = _("%(name)s (%(number)s dari %(size)s kecamatan)")
        values = {"name": name, "number": covered[code], "size": size}
        parts.append(name if covered[code] == size else part % values)
    return "; ".join(parts)
