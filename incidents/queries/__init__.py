"""One selector per number: page, map, API, export and dashboard all ask here."""

from incidents.queries.choices import region_choices
from incidents.queries.counts import IncidentSummary, counts_by_region, incident_summary
from incidents.queries.detail import facts, moves, referable, timeline
from incidents.queries.public_counts import PublicCounts, public_counts
from incidents.queries.public_own import OwnReport, own_page, report_of_code
from incidents.queries.public_queue import (
    QueueRow,
    QueueSummary,
    queue_rows,
    queue_summary,
    quick_reasons,
    triage_queue,
    triage_waiting,
)
from incidents.queries.public_sheet import Sheet, public_sheet
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
    "OwnReport",
    "PublicCounts",
    "QueueRow",
    "QueueSummary",
    "Sheet",
    "Target",
    "counts_by_region",
    "facts",
    "incident_rows",
    "incident_summary",
    "incidents",
    "moves",
    "own_page",
    "public_counts",
    "public_sheet",
    "queue_rows",
    "queue_summary",
    "quick_reasons",
    "recent_incidents",
    "referable",
    "region_choices",
    "region_label",
    "report_of_code",
    "targets",
    "timeline",
    "triage_queue",
    "triage_waiting",
    "waiting_for",
]
