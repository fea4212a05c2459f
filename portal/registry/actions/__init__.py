"""The only writers of the registry."""

from portal.registry.actions.boundaries import BoundaryLoad, load_boundaries
from portal.registry.actions.holidays import add_holiday, edit_holiday, remove_holiday
from portal.registry.actions.places import add_place, keep_places, restore_places
from portal.registry.actions.reference import load_reference
from portal.registry.actions.stations import (
    import_stations,
    load_stations,
    open_operation,
    restore_stations,
)
from portal.registry.actions.units import change_unit, register_unit, withdraw_unit

__all__ = [
    "BoundaryLoad",
    "add_holiday",
    "add_place",
    "change_unit",
    "edit_holiday",
    "import_stations",
    "keep_places",
    "load_boundaries",
    "load_reference",
    "load_stations",
    "open_operation",
    "register_unit",
    "remove_holiday",
    "restore_places",
    "restore_stations",
    "withdraw_unit",
]
