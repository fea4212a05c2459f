from incidents.api.editing import FullIncidentViewSet
from incidents.api.field_reports import FieldReportViewSet
from incidents.api.gakkumdu import CaseViewSet, ClockStepViewSet, HandedOverViewSet
from incidents.api.public_reports import PublicReportViewSet
from incidents.api.requests import AgencyRequestViewSet

ROUTES = [
    ("field-reports", FieldReportViewSet, "field-report"),
    ("gakkumdu-cases", CaseViewSet, "gakkumdu-case"),
    ("gakkumdu-clock", ClockStepViewSet, "gakkumdu-clock"),
    ("gakkumdu-handed-over", HandedOverViewSet, "gakkumdu-handed-over"),
    ("incident-requests", AgencyRequestViewSet, "incident-request"),
    ("incidents", FullIncidentViewSet, "incident"),
    ("public-reports", PublicReportViewSet, "public-report"),
]
