from incidents.api.editing import FullIncidentViewSet
from incidents.api.field_reports import FieldReportViewSet
from incidents.api.gakkumdu import CaseViewSet, ClockStepViewSet, HandedOverViewSet
from incidents.api.public_reports import PublicReportViewSet
from incidents.api.warnings import ThreatViewSet, WarningRuleViewSet, WarningViewSet

ROUTES = [
    ("field-reports", FieldReportViewSet, "field-report"),
    ("gakkumdu-cases", CaseViewSet, "gakkumdu-case"),
    ("gakkumdu-clock", ClockStepViewSet, "gakkumdu-clock"),
    ("gakkumdu-handed-over", HandedOverViewSet, "gakkumdu-handed-over"),
    ("incidents", FullIncidentViewSet, "incident"),
    ("public-reports", PublicReportViewSet, "public-report"),
    ("threat-levels", ThreatViewSet, "threat-level"),
    ("warning-rules", WarningRuleViewSet, "warning-rule"),
    ("warnings", WarningViewSet, "warning"),
]
