from incidents.api.gakkumdu import CaseViewSet, ClockStepViewSet, HandedOverViewSet
from incidents.api.incidents import IncidentViewSet

ROUTES = [
    ("incidents", IncidentViewSet, "incident"),
    ("gakkumdu-cases", CaseViewSet, "gakkumdu-case"),
    ("gakkumdu-handed-over", HandedOverViewSet, "gakkumdu-handed-over"),
    ("gakkumdu-clock", ClockStepViewSet, "gakkumdu-clock"),
]
