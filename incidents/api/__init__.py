from incidents.api.assignments import UnitAssignmentViewSet
from incidents.api.editing import FullIncidentViewSet
from incidents.api.field_reports import FieldReportViewSet
from incidents.api.gakkumdu import CaseViewSet, ClockStepViewSet, HandedOverViewSet
from incidents.api.persons import InvolvedPersonViewSet
from incidents.api.public_reports import PublicReportViewSet
from incidents.api.reports import SituationViewSet, SpecialReportViewSet
from incidents.api.requests import AgencyRequestViewSet
from incidents.api.reviews import ReviewViewSet
from incidents.api.shifts import ShiftHandoverViewSet
from incidents.api.targets import TargetRungViewSet
from incidents.api.warnings import ThreatViewSet, WarningRuleViewSet, WarningViewSet

ROUTES = [
    ("field-reports", FieldReportViewSet, "field-report"),
    ("gakkumdu-cases", CaseViewSet, "gakkumdu-case"),
    ("gakkumdu-clock", ClockStepViewSet, "gakkumdu-clock"),
    ("gakkumdu-handed-over", HandedOverViewSet, "gakkumdu-handed-over"),
    ("incident-assignments", UnitAssignmentViewSet, "incident-assignment"),
    ("incident-requests", AgencyRequestViewSet, "incident-request"),
    ("incidents", FullIncidentViewSet, "incident"),
    ("involved-persons", InvolvedPersonViewSet, "involved-person"),
    ("incident-reviews", ReviewViewSet, "incident-review"),
    ("incident-target-rungs", TargetRungViewSet, "incident-target-rung"),
    ("public-reports", PublicReportViewSet, "public-report"),
    ("shift-handovers", ShiftHandoverViewSet, "shift-handover"),
    ("situation-reports", SituationViewSet, "situation-report"),
    ("special-reports", SpecialReportViewSet, "special-report"),
    ("threat-levels", ThreatViewSet, "threat-level"),
    ("warning-rules", WarningRuleViewSet, "warning-rule"),
    ("warnings", WarningViewSet, "warning"),
]
