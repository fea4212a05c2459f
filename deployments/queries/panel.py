"""What the commander sees of one region: agencies, units, their newest reports, its parts."""

from dataclasses import dataclass
from datetime import datetime

from deployments.queries.panel_units import (
    PanelPlace,
    PanelUnit,
    panel_places,
    panel_units,
    placed_rows,
)
from deployments.queries.places import parent_code
from deployments.queries.rollup import LEVELS, latest_cut_off, rollup_levels
from deployments.queries.rows import RollupRow
from deployments.queries.strength import StrengthRow, combine, grouped
from portal.access.actor import Actor
from portal.registry.models import Operation, Region


@dataclass(frozen=True)
class RegionPanel:
    """`units` holds only those the actor may see in detail; the figures above are shared.
    `around`: who stands in the regency as a whole, nobody knows in which district of it."""

    code: str
    name: str
    level: str
    parent: str
    cut_off_at: datetime | None
    agencies: list[RollupRow]
    whole: StrengthRow | None
    units: list[PanelUnit]
    districts: list[StrengthRow]
    around: StrengthRow | None
    places: list[PanelPlace]


def region_panel(actor: Actor, operation: Operation, code: str, at: datetime) -> RegionPanel:
    """Raises Region.DoesNotExist for a code that is no province, regency or district."""
    region = Region.objects.get(code=code, level__in=LEVELS)
    district = region.level == Region.Level.DISTRICT
    inner = LEVELS[min(LEVELS.index(Region.Level(region.level)) + 1, len(LEVELS) - 1)]
    within = parent_code(code) if district else code
    levels = rollup_levels(operation, levels=[region.level, inner], at=at, within=within)
    agencies = [row for row in levels[region.level] if row.region == code]
    outside = [row for row in levels[region.level] if row.region == within and row.undistributed]
    parts = levels[inner] if inner != region.level else []
    placed = placed_rows(actor, operation, code, at)
    cut_off = latest_cut_off(operation, at)
    return RegionPanel(
        code=code,
        name=region.name,
        level=region.level,
        parent=region.parent_id or "",
        cut_off_at=cut_off,
        agencies=agencies,
        whole=combine(agencies) if agencies else None,
        units=panel_units(actor, operation, region, at, placed=placed, cut_off=cut_off),
        districts=grouped(parts),
        around=combine(outside) if district and any(row.declared for row in outside) else None,
        places=panel_places(placed),
    )
