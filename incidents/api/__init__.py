from incidents.api.incidents import IncidentViewSet
from incidents.api.public_reports import PublicReportViewSet

ROUTES = [
    ("incidents", IncidentViewSet, "incident"),
    ("public-reports", PublicReportViewSet, "public-report"),
]
