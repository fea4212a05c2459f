from incidents.models.account import TOLD, Account
from incidents.models.counter import NumberSeries
from incidents.models.field_report import FieldReport, Filing
from incidents.models.incident import Incident
from incidents.models.taxonomy import IncidentType, SeverityTarget
from incidents.models.update import IncidentUpdate, Strike

__all__ = [
    "TOLD", "Account", "FieldReport", "Filing", "Incident", "IncidentType", "IncidentUpdate",
    "NumberSeries", "SeverityTarget", "Strike",
]  # fmt: skip
