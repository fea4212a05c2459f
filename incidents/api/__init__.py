from incidents.api.editing import FullIncidentViewSet
from incidents.api.field_reports import FieldReportViewSet
from incidents.api.gakkumdu import CaseViewSet, ClockStepViewSet, HandedOverViewSet
from incidents.api.persons import InvolvedPersonViewSet
from incidents.api.public_reports import PublicReportViewSet
from incidents.api.reports import SituationViewSet, SpecialReportViewSet
from incidents.api.reviews import ReviewViewSet
from incidents.api.shifts import ShiftHandoverViewSet

ROUTES = [
    ("field-reports", FieldReportViewSet, "field-report"),
    ("gakkumdu-cases", CaseViewSet, "gakkumdu-case"),
    ("gakkumdu-clock", ClockStepViewSet, "gakkumdu-clock"),
    ("gakkumdu-handed-over", HandedOverViewSet, "gakkumdu-handed-over"),
    ("incidents", FullIncidentViewSet, "incident"),
    ("involved-persons", InvolvedPersonViewSet, "involved-person"),
    ("incident-reviews", ReviewViewSet, "incident-review"),
    ("public-reports", PublicReportViewSet, "public-report"),
    ("shift-handovers", ShiftHandoverViewSet, "shift-handover"),
    ("situation-reports", SituationViewSet, "situation-report"),
    ("special-reports", SpecialReportViewSet, "special-report"),
]
