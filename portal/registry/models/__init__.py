from portal.registry.models.agency import Agency, Unit, UnitDistrict
from portal.registry.models.figure import Figure
from portal.registry.models.holiday import Holiday
from portal.registry.models.operation import Operation, Stage
from portal.registry.models.place import Place
from portal.registry.models.region import Boundary, Region, parent_code, regency_code
from portal.registry.models.station import PollingStation

__all__ = [
    "Agency",
    "Boundary",
    "Figure",
    "Holiday",
    "Operation",
    "Place",
    "PollingStation",
    "Region",
    "Stage",
    "Unit",
    "UnitDistrict",
    "parent_code",
    "regency_code",
]
