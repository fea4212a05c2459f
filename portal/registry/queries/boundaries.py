"""Outlines for the map, kept per process and renewed when they change."""

import hashlib
import json
from functools import lru_cache
from typing import Any

from portal.registry.enums import PROVINCE
from portal.registry.models import Boundary, Region


def boundary_collection(level: str, within: str = PROVINCE) -> tuple[bytes, str]:
    """The outlines of a level inside a region as GeoJSON bytes, and their ETag.

    Properties: code, name, short_name, label [lon, lat], approximate. The tag is a digest of the
    content, so the same boundaries give the same tag in every process.
    """
    regions = Region.objects.within(within).filter(level=level, boundary__isnull=False)
    described = regions.order_by("code").values_list(
        "code",
        "name",
        "short_name",
        "longitude",
        "latitude",
        "boundary__approximate",
        "boundary__digest",
    )
    return _collection(tuple(described))


@lru_cache(maxsize=64)
def _collection(described: tuple[tuple[Any, ...], ...]) -> tuple[bytes, str]:
    codes = [row[0] for row in described]
    drawings = dict(Boundary.objects.filter(region__in=codes).values_list("region", "drawing"))
    features = [
        {
            "type": "Feature",
            "id": code,
            "properties": {
                "code": code,
                "name": name,
                "short_name": short_name,
                "label": [longitude, latitude],
                "approximate": approximate,
            },
            "geometry": drawings[code],
        }
        for code, name, short_name, longitude, latitude, approximate, _digest in described
    ]
    body = json.dumps(
        {"type": "FeatureCollection", "features": features},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    return body, hashlib.sha256(body).hexdigest()[:32]
