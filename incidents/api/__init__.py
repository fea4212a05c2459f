from incidents.api.assignments import UnitAssignmentViewSet
from incidents.api.editing import FullIncidentViewSet
from incidents.api.field_reports import FieldReportViewSet
from incidents.api.gakkumdu import CaseViewSet, ClockStepViewSet, HandedOverViewSet
from incidents.api.public_reports import PublicReportViewSet
from incidents.api.requests import AgencyRequestViewSet
from incidents.api.targets import TargetRungViewSet

ROUTES = [
    ("field-reports", FieldReportViewSet, "field-report"),
    ("gakkumdu-cases", CaseViewSet, "gakkumdu-case"),
    ("gakkumdu-clock", ClockStepViewSet, "gakkumdu-clock"),
    ("gakkumdu-handed-over", HandedOverViewSet, "gakkumdu-handed-over"),
    ("incident-assignments", UnitAssignmentViewSet, "incident-assignment"),
    ("incident-requests", AgencyRequestViewSet, "incident-request"),
    ("incidents", FullIncidentViewSet, "incident"),
    ("incident-target-rungs", TargetRungViewSet, "incident-target-rung"),
    ("public-reports", PublicReportViewSet, "public-report"),
]
