"""Reads over the registry."""

from portal.registry.geometry import district_at
from portal.registry.queries.agencies import UnitRow, agency_list, unit_tree
from portal.registry.queries.boundaries import boundary_collection
from portal.registry.queries.figures import figure, figure_total, figures
from portal.registry.queries.holidays import HolidayRow, holiday_rows, holiday_years
from portal.registry.queries.places import place_rows, places
from portal.registry.queries.regions import (
    SHOWN,
    lineage,
    parts_of,
    region_figures,
    region_rows,
    totals,
    units_covering,
)
from portal.registry.queries.stages import (
    current_operation,
    main_stage,
    next_stage,
    running_stages,
    stage_row,
    stage_rows,
)

__all__ = [
    "SHOWN",
    "HolidayRow",
    "UnitRow",
    "agency_list",
    "boundary_collection",
    "current_operation",
    "district_at",
    "figure",
    "figure_total",
    "figures",
    "holiday_rows",
    "holiday_years",
    "lineage",
    "main_stage",
    "next_stage",
    "parts_of",
    "place_rows",
    "places",
    "region_figures",
    "region_rows",
    "running_stages",
    "stage_row",
    "stage_rows",
    "totals",
    "unit_tree",
    "units_covering",
]
