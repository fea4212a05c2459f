"""The map's doors: its pages, their figures and outlines, and the files to take away."""

from deployments.views.map.data import map_boundaries, map_data, map_land, map_units, map_version
from deployments.views.map.files import map_export, map_print
from deployments.views.map.pages import map_compare, map_page, map_panel, map_wall

__all__ = [
    "map_boundaries",
    "map_compare",
    "map_data",
    "map_export",
    "map_land",
    "map_page",
    "map_panel",
    "map_print",
    "map_units",
    "map_version",
    "map_wall",
]
