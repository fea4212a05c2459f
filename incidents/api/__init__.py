from incidents.api.editing import FullIncidentViewSet
from incidents.api.field_reports import FieldReportViewSet
from incidents.api.gakkumdu import CaseViewSet, ClockStepViewSet, HandedOverViewSet
from incidents.api.persons import InvolvedPersonViewSet
from incidents.api.public_reports import PublicReportViewSet

ROUTES = [
    ("field-reports", FieldReportViewSet, "field-report"),
    ("gakkumdu-cases", CaseViewSet, "gakkumdu-case"),
    ("gakkumdu-clock", ClockStepViewSet, "gakkumdu-clock"),
    ("gakkumdu-handed-over", HandedOverViewSet, "gakkumdu-handed-over"),
    ("incidents", FullIncidentViewSet, "incident"),
    ("involved-persons", InvolvedPersonViewSet, "involved-person"),
    ("public-reports", PublicReportViewSet, "public-report"),
]
