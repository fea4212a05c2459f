from incidents.models.counter import IncidentCounter
from incidents.models.incident import Incident
from incidents.models.public_reference import PublicSubject, TriageReason
from incidents.models.public_report import (
    PublicContact,
    PublicMessage,
    PublicPhoto,
    PublicReport,
    PublicReportCounter,
)
from incidents.models.taxonomy import IncidentType, SeverityTarget
from incidents.models.update import IncidentUpdate

__all__ = [
    "Incident",
    "IncidentCounter",
    "IncidentType",
    "IncidentUpdate",
    "PublicContact",
    "PublicMessage",
    "PublicPhoto",
    "PublicReport",
    "PublicReportCounter",
    "PublicSubject",
    "SeverityTarget",
    "TriageReason",
]
