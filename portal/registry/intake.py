"""Reads the registry's data files into plain rows; writes nothing."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from portal.registry.enums import PROVINCE, RegionKind
from portal.registry.models import Region, parent_code

DATA = Path(__file__).parent / "data"
VILLAGE_KINDS = {"1": RegionKind.KELURAHAN, "2": RegionKind.DESA}
OUTLINES = ("regencies.geojson", "districts.geojson")


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text(name: str) -> str:
    return (DATA / name).read_text(encoding="utf-8")


def document(name: str) -> Any:
    return json.loads(text(name))


def region_rows() -> Iterator[Region]:
    """Every region, parents before children."""
    labels = {
        feature["properties"]["code"]: feature["properties"]["label"]
        for name in OUTLINES
        for feature in document(name)["features"]
    }
    level = Region.Level

    def region(code: str, level: str, kind: RegionKind, name: str, **fields: Any) -> Region:
        longitude, latitude = labels.get(code, (None, None))
        return Region(
            code=code,
            level=level,
            kind=kind,
            name=name,
            short_name=fields.pop("short_name", name)[:40],
            parent_id=parent_code(code),
            latitude=latitude,
            longitude=longitude,
            **fields,
        )

    yield region(
        PROVINCE,
        level.PROVINCE,
        RegionKind.PROVINSI,
        "Provinsi Kalimantan Selatan",
        short_name="Kalsel",
        capital="Banjarbaru",
        area_km2="37125.426",
    )
    for row in table("regencies.csv"):
        yield region(
            row["code"],
            level.REGENCY,
            RegionKind(row["name"].split(" ", 1)[0].lower()),
            row["name"],
            short_name=row["short_name"],
            capital=row["capital"],
            area_km2=row["area_km2"],
        )
    for row in table("districts.csv"):
        yield region(row["code"], level.DISTRICT, RegionKind.KECAMATAN, row["name"])
    for row in table("villages.csv"):
        kind = VILLAGE_KINDS[row["code"].rpartition(".")[2][0]]
        yield region(row["code"], level.VILLAGE, kind, row["name"])


def figure_rows() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every published figure with its source, date and quality, after the slug of its operation
    (empty for none)."""
    for row in table("figures.csv"):
        yield (
            row["operation"],
            {
                "region_id": row["region"],
                "kind": row["kind"],
                "value": int(row["value"]),
                "as_of": date.fromisoformat(row["as_of"]),
                "quality": row["quality"],
                "final": row["final"] == "yes",
                "source": row["source"],
            },
        )
