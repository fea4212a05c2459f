"""One selector per number: page, map, API, export and dashboard all ask here."""

from incidents.queries.choices import region_choices
from incidents.queries.counts import IncidentSummary, counts_by_region, incident_summary
from incidents.queries.detail import facts, moves, referable, timeline
from incidents.queries.rows import (
    RELATED,
    IncidentRow,
    OpenIncident,
    incident_rows,
    incidents,
    recent_incidents,
    region_label,
    waiting_for,
)
from incidents.queries.search import SEARCH
from incidents.queries.targets import Target, targets

__all__ = [
    "RELATED",
    "SEARCH",
    "IncidentRow",
    "IncidentSummary",
    "OpenIncident",
    "Target",
    "counts_by_region",
    "facts",
    "incident_rows",
    "incident_summary",
    "incidents",
    "moves",
    "recent_incidents",
    "referable",
    "region_choices",
    "region_label",
    "targets",
    "timeline",
    "waiting_for",
]
