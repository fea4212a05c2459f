"""Loads what all agencies agree on from the data files."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.dateparse import parse_date, parse_datetime

from portal.access.actor import Actor
from portal.audit.record import record
from portal.registry import intake, outlines
from portal.registry.actions.boundaries import store_boundaries
from portal.registry.actions.holidays import load_holidays
from portal.registry.models import (
    Agency,
    Boundary,
    Figure,
    Operation,
    Region,
    Stage,
    Unit,
    UnitDistrict,
)

OUTLINE_SOURCE = "Batas perkiraan dari titik desa dan garis pantai; bukan acuan resmi"
OUTLINE_CREDIT = "geografis 1.3.2 (MIT); world-atlas 2.0.2 (ISC), Natural Earth (domain publik)"


def load_reference(*, by: Actor, at: datetime) -> dict[str, int]:
    """Load or refresh regions, agencies, units, operations, figures and public holidays.

    Running it again changes nothing but what the files changed; boundaries that were loaded since
    stay. Returns rows by kind.
    """
    with transaction.atomic():
        counts = {
            # A name keeps its place on the map: official outlines may have moved it.
            "regions": _upsert(
                Region,
                intake.region_rows(),
                ["code"],
                keep={"latitude", "longitude"},
            ),
            "agencies": _load_agencies(),
            "units": _load_units(),
            "operations": _load_operations(),
            "figures": _load_figures(),
            "holidays": load_holidays(),
        }
        if not Boundary.objects.exists():
            counts["boundaries"] = sum(
                store_boundaries(
                    outlines.read_collection(intake.text(name)),
                    source=OUTLINE_SOURCE,
                    credit=OUTLINE_CREDIT,
                    approximate=True,
                    at=at,
                )
                for name in intake.OUTLINES
            )
        province = Region.objects.get(code=intake.PROVINCE)
        record("registry.load", province, by=by, at=at, after=counts)
    return counts


def _upsert(
    model: type[models.Model],
    rows: Iterable[Any],
    unique: list[str],
    keep: frozenset[str] | set[str] = frozenset(),
) -> int:
    kept = {*unique, *keep, "id"}
    changed = [field.name for field in model._meta.concrete_fields if field.name not in kept]
    return len(
        model._default_manager.bulk_create(
            list(rows),
            update_conflicts=True,
            unique_fields=unique,
            update_fields=changed,
            batch_size=1000,
        )
    )


def _load_agencies() -> int:
    rows = (
        Agency(**row, position=position, region_id=intake.PROVINCE)
        for position, row in enumerate(intake.document("agencies.json"), start=1)
    )
    return _upsert(Agency, rows, ["slug"])


def _load_units() -> int:
    listed = intake.document("units.json")
    agencies = dict(Agency.objects.values_list("slug", "pk"))
    known: dict[str, Unit] = {}
    # The file lists parents before children; a root has none.
    for roots in (True, False):
        rows = [row for row in listed if (row["parent"] is None) is roots]
        _upsert(Unit, (_unit(row, agencies, known) for row in rows), ["slug"])
        known |= {unit.slug: unit for unit in Unit.objects.filter(slug__in=_slugs(listed))}
    _load_coverage(listed, known)
    return len(listed)


def _slugs(listed: list[dict[str, Any]]) -> list[str]:
    return [row["slug"] for row in listed]


def _unit(row: dict[str, Any], agencies: dict[str, int], known: dict[str, Unit]) -> Unit:
    parent = known[row["parent"]] if row["parent"] else None
    return Unit(
        slug=row["slug"],
        agency_id=agencies[row["agency"]],
        parent=parent,
        name=row["name"],
        short_name=row["short_name"],
        kind=row["kind"],
        seat_id=row["seat"],
        path=f"{parent.path}/{row['slug']}" if parent else row["slug"],
        source=row["source"],
        quality=row["quality"],
    )


def _load_coverage(listed: list[dict[str, Any]], known: dict[str, Unit]) -> None:
    """Make the listed units' districts exactly those of the file; other units keep theirs."""
    districts = sorted(Region.objects.districts().values_list("code", flat=True))
    wanted = {
        (known[row["slug"]].pk, code)
        for row in listed
        for prefix in row["covers"]
        for code in districts
        if code == prefix or code.startswith(prefix + ".")
    }
    present = {
        (unit, district): cover
        for cover, unit, district in UnitDistrict.objects.filter(
            unit__in=known.values()
        ).values_list("pk", "unit_id", "district_id")
    }
    stale = [cover for pair, cover in present.items() if pair not in wanted]
    UnitDistrict.objects.filter(pk__in=stale).delete()
    UnitDistrict.objects.bulk_create(
        UnitDistrict(unit_id=unit, district_id=district)
        for unit, district in sorted(wanted - present.keys())
    )


def _load_operations() -> int:
    listed = intake.document("operations.json")
    for row in listed:
        fields = {
            key: value for key, value in row.items() if key not in {"slug", "stages", "region"}
        }
        fields |= {"starts_on": parse_date(row["starts_on"]), "ends_on": parse_date(row["ends_on"])}
        operation, _created = Operation.objects.update_or_create(
            slug=row["slug"], defaults=fields | {"region_id": row["region"]}
        )
        stages = (
            Stage(**stage | _moments(stage), operation=operation, position=position)
            for position, stage in enumerate(row["stages"], start=1)
        )
        _upsert(Stage, stages, ["operation", "key"])
    return len(listed)


def _moments(stage: dict[str, str]) -> dict[str, datetime | None]:
    return {name: parse_datetime(stage[name]) for name in ("starts_at", "ends_at")}


def _load_figures() -> int:
    operations = dict(Operation.objects.values_list("slug", "pk"))
    rows = (
        Figure(**row, operation_id=operations.get(operation))
        for operation, row in intake.figure_rows()
    )
    return _upsert(Figure, rows, ["region", "kind", "as_of", "source"])
