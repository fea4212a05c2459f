"""The registry's lists that come in as files."""

from portal.registry.imports.places import PLACES
from portal.registry.imports.stations import STATIONS
from portal.registry.imports.units import UNITS

__all__ = ["PLACES", "STATIONS", "UNITS"]
