from incidents.models.account import TOLD, Account
from incidents.models.agency_request import AgencyRequest
from incidents.models.assignment import AssignmentStep, UnitAssignment
from incidents.models.counter import NumberSeries
from incidents.models.field_report import FieldReport, Filing
from incidents.models.gakkumdu import CaseEntry, GakkumduCase
from incidents.models.gakkumdu_clock import ClockStep
from incidents.models.incident import Incident
from incidents.models.person import InvolvedPerson
from incidents.models.public_reference import PublicSubject, TriageReason
from incidents.models.public_report import (
    PublicContact,
    PublicMessage,
    PublicPhoto,
    PublicReport,
)
from incidents.models.review import Review, ReviewItem
from incidents.models.shift import ShiftHandover, ShiftLine
from incidents.models.special_report import SpecialReport
from incidents.models.target import TargetNotice, TargetRung
from incidents.models.taxonomy import IncidentType, SeverityTarget
from incidents.models.threat import Threat
from incidents.models.update import IncidentUpdate, Strike
from incidents.models.warning import EarlyWarning, WarningEntry, WarningFact, WarningReceipt
from incidents.models.warning_rule import WarningRule

__all__ = [
    "Account",
    "AgencyRequest",
    "AssignmentStep",
    "CaseEntry",
    "ClockStep",
    "EarlyWarning",
    "FieldReport",
    "Filing",
    "GakkumduCase",
    "Incident",
    "IncidentType",
    "IncidentUpdate",
    "InvolvedPerson",
    "NumberSeries",
    "PublicContact",
    "PublicMessage",
    "PublicPhoto",
    "PublicReport",
    "PublicSubject",
    "Review",
    "ReviewItem",
    "SeverityTarget",
    "ShiftHandover",
    "ShiftLine",
    "SpecialReport",
    "Strike",
    "TOLD",
    "TargetNotice",
    "TargetRung",
    "Threat",
    "TriageReason",
    "UnitAssignment",
    "WarningEntry",
    "WarningFact",
    "WarningReceipt",
    "WarningRule",
]
