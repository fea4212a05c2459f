"""Replaces the regions' outlines, a whole level at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record
from portal.registry import outlines as drawn
from portal.registry.models import Boundary, Region
from portal.registry.outlines import Difference

SHOWN_CODES = 10


@dataclass(frozen=True)
class BoundaryLoad:
    """What a load changed: the differences, the codes whose outlines do not fit their neighbours,
    the pairs that lie over one another with km², and how many regions of each level."""

    differences: list[Difference]
    misfits: list[str]
    overlaps: list[tuple[str, str, float]]
    coverage: dict[str, int]


def load_boundaries(
    text: str,
    *,
    source: str,
    credit: str = "",
    approximate: bool,
    by: Actor,
    at: datetime,
    dry_run: bool = False,
) -> BoundaryLoad:
    """Replace boundaries by those of a GeoJSON text with Kemendagri codes; all or none. A dry run
    checks and compares the same, and writes nothing.

    Raises Refused for anything but GeoJSON, for unknown codes, invalid polygons, and for a level
    that the file covers only in part: half a map would mix two sources.
    """
    outlines = drawn.read_collection(text)
    with transaction.atomic():
        names = dict(Region.objects.filter(code__in=outlines).values_list("code", "name"))
        if unknown := sorted(outlines.keys() - names.keys()):
            raise Refused(_("Kode wilayah tidak dikenal: %(codes)s.") % {"codes": _listed(unknown)})
        levels = _by_level(outlines)
        before = dict(
            Boundary.objects.filter(region__in=outlines).values_list("region", "geometry")
        )
        for part in () if dry_run else levels.values():
            store_boundaries(part, source=source, credit=credit, approximate=approximate, at=at)
        if not dry_run:
            record(
                "boundaries.load",
                Region.objects.get(level=Region.Level.PROVINCE),
                by=by,
                at=at,
                after={
                    "source": source,
                    "approximate": approximate,
                    **{level: len(part) for level, part in levels.items()},
                },
            )
    return BoundaryLoad(
        [
            drawn.difference(code, names[code], before.get(code), outlines[code])
            for code in sorted(outlines)
        ],
        [code for part in levels.values() for code in drawn.misfits(part)],
        [pair for part in levels.values() for pair in drawn.overlaps(part)],
        {level: len(part) for level, part in levels.items()},
    )


def _by_level(outlines: dict[str, dict[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    """The outlines by level, each complete."""
    levels: dict[str, dict[str, dict[str, Any]]] = {}
    for level in Region.Level.values:
        expected = set(Region.objects.filter(level=level).values_list("code", flat=True))
        part = {code: outline for code, outline in outlines.items() if code in expected}
        if part and (missing := sorted(expected - part.keys())):
            raise Refused(
                _(
                    "Berkas memuat %(found)s dari %(expected)s wilayah tingkat %(level)s. "
                    "Yang tidak ada: %(codes)s."
                )
                % {
                    "found": len(part),
                    "expected": len(expected),
                    "level": Region.Level(level).label,
                    "codes": _listed(missing),
                }
            )
        if part:
            levels[level] = part
    return levels


def _listed(codes: list[str]) -> str:
    more = len(codes) - SHOWN_CODES
    shown = ", ".join(codes[:SHOWN_CODES])
    return _("%(codes)s, dan %(more)s lagi") % {"codes": shown, "more": more} if more > 0 else shown


def store_boundaries(
    outlines: dict[str, dict[str, Any]],
    *,
    source: str,
    credit: str,
    approximate: bool,
    at: datetime,
) -> int:
    """Write the checked outlines of one whole level, and move names that would stand outside."""
    drawings = drawn.thin(outlines)
    Boundary.objects.bulk_create(
        [
            Boundary(
                region_id=code,
                geometry=outline,
                drawing=drawings[code],
                digest=drawn.digest(outline),
                approximate=approximate,
                source=source,
                credit=credit,
                loaded_at=at,
            )
            for code, outline in outlines.items()
        ],
        update_conflicts=True,
        unique_fields=["region"],
        update_fields=[
            "geometry",
            "drawing",
            "digest",
            "approximate",
            "source",
            "credit",
            "loaded_at",
        ],
    )
    regions = list(Region.objects.filter(code__in=outlines))
    for region in regions:
        region.longitude, region.latitude = drawn.label_point(
            outlines[region.code], (region.longitude, region.latitude)
        )
    Region.objects.bulk_update(regions, ["longitude", "latitude"])
    return len(outlines)
