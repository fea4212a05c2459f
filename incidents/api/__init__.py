from incidents.api.editing import FullIncidentViewSet
from incidents.api.field_reports import FieldReportViewSet

ROUTES = [
    ("field-reports", FieldReportViewSet, "field-report"),
    ("incidents", FullIncidentViewSet, "incident"),
]
