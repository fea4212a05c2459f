from incidents.models.counter import IncidentCounter
from incidents.models.incident import Incident
from incidents.models.taxonomy import IncidentType, SeverityTarget
from incidents.models.update import IncidentUpdate

__all__ = ["Incident", "IncidentCounter", "IncidentType", "IncidentUpdate", "SeverityTarget"]
