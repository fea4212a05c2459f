"""The only writers of the registry."""

from portal.registry.actions.boundaries import BoundaryLoad, load_boundaries
from portal.registry.actions.holidays import add_holiday, edit_holiday, remove_holiday
from portal.registry.actions.reference import load_reference
from portal.registry.actions.stations import load_stations, open_operation

__all__ = [
    "BoundaryLoad",
    "add_holiday",
    "edit_holiday",
    "load_boundaries",
    "load_reference",
    "load_stations",
    "open_operation",
    "remove_holiday",
]
