"""The places below the district at which people are put."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.registry.models import Operation, Place, Region


def places(
    actor: Actor, operation: Operation, *, region: Region | None = None, kind: str = ""
) -> QuerySet[Place]:
    """The operation's places, by region and kind; those no longer in use last."""
    rows = Place.objects.visible_to(actor).filter(operation=operation)
    if region is not None:
        rows = rows.within(region.code)
    if kind:
        rows = rows.filter(kind=kind)
    rows = rows.select_related("district__parent", "agency")
    return rows.order_by("-is_active", "district_id", "kind", "name", "pk")


def place_rows(rows: Iterable[Place]) -> list[dict[str, Any]]:
    """Places as the list prints them."""
    return [
        {
            "name": row.name,
            "kind": row.get_kind_display(),
            "district": row.district.name,
            "regency": row.district.parent.name if row.district.parent else "",
            "agency": row.agency.short_name if row.agency else "–",
            "point": f"{row.latitude:.5f}, {row.longitude:.5f}"
            if row.latitude is not None and row.longitude is not None
            else "–",
            "source": row.source,
            "as_of": row.as_of,
            "quality": row.get_quality_display(),
            "illustrative": row.illustrative,
            "is_active": row.is_active,
        }
        for row in rows
    ]
