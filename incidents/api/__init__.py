from incidents.api.editing import FullIncidentViewSet
from incidents.api.field_reports import FieldReportViewSet
from incidents.api.public_reports import PublicReportViewSet

ROUTES = [
    ("field-reports", FieldReportViewSet, "field-report"),
    ("incidents", FullIncidentViewSet, "incident"),
    ("public-reports", PublicReportViewSet, "public-report"),
]
