from incidents.api.incidents import IncidentViewSet

ROUTES = [("incidents", IncidentViewSet, "incident")]
