"""Rows and files of the registry for tests."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from portal.registry.enums import FigureKind, Quality
from portal.registry.models import Figure, Operation, Place, PollingStation, Region
from portal.registry.queries import boundary_collection


def make_figure(code: str, value: int, **fields: Any) -> Figure:
    """A reported, provisional count of voters of the running operation."""
    defaults = {
        "kind": FigureKind.VOTERS,
        "operation": Operation.objects.get(),
        "as_of": date(2024, 11, 26),
        "source": "Uji",
        "quality": Quality.REPORTED,
    }
    return Figure.objects.create(
        region=Region.objects.get(code=code), value=value, **defaults | fields
    )


def outline_document(level: str = "regency") -> dict[str, Any]:
    """The loaded outlines as a GeoJSON document, to be spoiled by a test."""
    return json.loads(boundary_collection(level)[0])


def square(west: float, south: float, size: float = 0.1) -> dict[str, Any]:
    """A polygon with its south-western corner at that point; degrees."""
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def outline_file(folder: Path, document: Any) -> Path:
    """The document, or the very bytes, as a file."""
    path = folder / "batas.geojson"
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    path.write_bytes(content)
    return path


def make_station(**values) -> PollingStation:
    """A polling station of Aluh-Aluh, Kabupaten Banjar."""
    return PollingStation.objects.create(
        **{
            "operation": Operation.objects.get(slug="mantap-praja-intan-2024"),
            "code": "63.03.01-001",
            "number": 1,
            "district_id": "63.03.01",
            "name": "TPS 1",
            "voters": 480,
            "source": "uji",
            "as_of": date(2024, 11, 4),
        }
        | values
    )


def make_place(**values) -> Place:
    """A command post in Aluh-Aluh."""
    return Place.objects.create(
        **{
            "operation": Operation.objects.get(slug="mantap-praja-intan-2024"),
            "kind": "posko",
            "name": "Posko Kecamatan Aluh-Aluh",
            "district_id": "63.03.01",
            "source": "uji",
            "as_of": date(2024, 8, 24),
        }
        | values
    )
