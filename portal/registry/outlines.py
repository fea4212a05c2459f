"""Outlines as values: read, checked, thinned out for drawing, compared. Touches no database."""

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.errors import GEOSException
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from portal.access.errors import Refused

KM_PER_DEGREE = 111.2
# Points of a whole level on the map: beyond this a telephone draws too slowly.
DRAWN_POINTS = 9000
FIRST_TOLERANCE = 0.0005  # degrees, about 55 m
OVERLAP_KM2 = 0.05
"""Less than this is the width of a line along a border, not two regions claiming a place."""
INDONESIA = (90, -12, 145, 8)


def read_collection(text: str) -> dict[str, dict[str, Any]]:
    """GeoJSON text → geometry by region code.

    Raises Refused with a sentence that names the faulty feature.
    """
    found: dict[str, dict[str, Any]] = {}
    for number, feature in enumerate(_features(text), start=1):
        if not isinstance(feature, dict):
            raise Refused(_("Fitur ke-%(number)s tidak terbaca.") % {"number": number})
        properties = feature.get("properties")
        named = properties.get("code") if isinstance(properties, dict) else None
        code = str(named or feature.get("id") or "").strip()
        if not code:
            raise Refused(_("Fitur ke-%(number)s tidak memuat kode wilayah.") % {"number": number})
        if code in found:
            raise Refused(_("Kode %(code)s muncul lebih dari sekali.") % {"code": code})
        found[code] = mapping(_outline(code, feature.get("geometry")))
    if not found:
        raise Refused(_("Berkas tidak memuat satu pun batas wilayah."))
    return found


def _features(text: str) -> list[Any]:
    try:
        features = json.loads(text)["features"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused(_("Berkas bukan kumpulan fitur GeoJSON.")) from error
    if not isinstance(features, list):
        raise Refused(_("Berkas bukan kumpulan fitur GeoJSON."))
    return features


def _outline(code: str, geometry: Any) -> BaseGeometry:
    try:
        outline = shapely.force_2d(shape(geometry))
    except (GEOSException, AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise Refused(_("Bentuk wilayah %(code)s tidak terbaca.") % {"code": code}) from error
    if outline.geom_type not in {"Polygon", "MultiPolygon"} or outline.is_empty:
        raise Refused(_("Wilayah %(code)s bukan poligon.") % {"code": code})
    if not outline.is_valid:
        reason = shapely.is_valid_reason(outline)
        raise Refused(
            _("Poligon wilayah %(code)s tidak sah: %(reason)s.") % {"code": code, "reason": reason}
        )
    west, south, east, north = outline.bounds
    inside = (
        INDONESIA[0] <= west and east <= INDONESIA[2],
        INDONESIA[1] <= south and north <= INDONESIA[3],
    )
    if not all(map(math.isfinite, outline.bounds)) or not all(inside):
        raise Refused(
            _(
                "Wilayah %(code)s berada di luar Indonesia: koordinat harus derajat WGS 84, "
                "bujur lebih dahulu."
            )
            % {"code": code}
        )
    return outline


def digest(geometry: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(geometry, separators=(",", ":")).encode()).hexdigest()


def thin(
    outlines: Mapping[str, dict[str, Any]], points: int = DRAWN_POINTS
) -> dict[str, dict[str, Any]]:
    """The outlines of one level with at most that many points, neighbours' edges kept shared."""
    codes = list(outlines)
    shapes = [shape(outlines[code]) for code in codes]
    tolerance = FIRST_TOLERANCE
    drawn = shapes
    while sum(int(shapely.get_num_coordinates(each)) for each in drawn) > points:
        drawn = list(shapely.coverage_simplify(shapes, tolerance))
        tolerance *= 2
    return {code: _rounded(mapping(each)) for code, each in zip(codes, drawn, strict=True)}


def _rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    """Five decimals are a metre, finer than any of these borders is known."""

    def walk(part: Any) -> Any:
        return round(part, 5) if isinstance(part, float) else [walk(each) for each in part]

    return {"type": geometry["type"], "coordinates": walk(geometry["coordinates"])}


@dataclass(frozen=True)
class Difference:
    """How an outline differs from the one before: area in percent, centre in kilometres; both are
    None where there was none before."""

    code: str
    name: str
    area_percent: float | None
    shift_km: float | None


def difference(
    code: str, name: str, before: dict[str, Any] | None, after: dict[str, Any]
) -> Difference:
    if before is None:
        return Difference(code, name, None, None)
    old, new = shape(before), shape(after)
    percent = 100 * (new.area - old.area) / old.area
    shift = old.centroid.distance(new.centroid) * KM_PER_DEGREE
    return Difference(code, name, round(percent, 1), round(shift, 1))


def misfits(outlines: Mapping[str, dict[str, Any]]) -> list[str]:
    """Codes of the outlines that overlap a neighbour or do not share its edge point by point."""
    codes = list(outlines)
    edges = shapely.coverage_invalid_edges([shape(outlines[code]) for code in codes])
    return [code for code, edge in zip(codes, edges, strict=True) if not edge.is_empty]


def overlaps(outlines: Mapping[str, dict[str, Any]]) -> list[tuple[str, str, float]]:
    """Pairs of codes that lie over one another by more than `OVERLAP_KM2`, with the area in km²."""
    codes = list(outlines)
    shapes = [shape(outlines[code]) for code in codes]
    tree = shapely.STRtree(shapes)
    found = []
    for first, second in sorted(zip(*tree.query(shapes, predicate="intersects"), strict=True)):
        if first >= second:
            continue
        common = shapes[first].intersection(shapes[second])
        squeeze = math.cos(math.radians(common.centroid.y)) if not common.is_empty else 0
        area = common.area * KM_PER_DEGREE**2 * squeeze
        if area > OVERLAP_KM2:
            found.append((codes[first], codes[second], round(area, 1)))
    return found


def label_point(
    geometry: dict[str, Any], present: tuple[float | None, float | None]
) -> tuple[float, float]:
    """Where to write the name, as (longitude, latitude): the present point while it lies inside,
    else the middle of the largest circle that fits."""
    outline = shape(geometry)
    longitude, latitude = present
    if longitude is not None and latitude is not None:
        if outline.covers(shapely.Point(longitude, latitude)):
            return longitude, latitude
    west, south, east, north = outline.bounds
    tolerance = max(east - west, north - south) / 100
    [circle] = shapely.maximum_inscribed_circle([outline], tolerance)
    longitude, latitude = circle.coords[0]
    return round(longitude, 4), round(latitude, 4)


def finder(outlines: Mapping[str, dict[str, Any]], nearest_km: float) -> Callable:
    """A function (latitude, longitude) → code of the outline there, or of the nearest in reach."""
    codes = list(outlines)
    tree = shapely.STRtree([shape(outlines[code]) for code in codes])

    def find(latitude: float, longitude: float) -> str | None:
        point = shapely.Point(longitude, latitude)
        inside = tree.query(point, predicate="intersects")
        if len(inside):
            return codes[int(min(inside))]
        near = tree.query_nearest(point, max_distance=nearest_km / KM_PER_DEGREE)
        return codes[int(min(near))] if len(near) else None

    return find
