from incidents.models.counter import IncidentCounter
from incidents.models.gakkumdu import CaseCounter, CaseEntry, GakkumduCase
from incidents.models.gakkumdu_clock import ClockStep
from incidents.models.incident import Incident
from incidents.models.taxonomy import IncidentType, SeverityTarget
from incidents.models.update import IncidentUpdate

__all__ = [
    "CaseCounter",
    "CaseEntry",
    "ClockStep",
    "GakkumduCase",
    "Incident",
    "IncidentCounter",
    "IncidentType",
    "IncidentUpdate",
    "SeverityTarget",
]
