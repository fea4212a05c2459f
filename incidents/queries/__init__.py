"""One selector per number: page, map, API, export and dashboard all ask here."""

from incidents.queries.choices import region_choices
from incidents.queries.counts import IncidentSummary, counts_by_region, incident_summary
from incidents.queries.detail import acts, alike, facts, mergeable, moves, referable, timeline
from incidents.queries.field_reports import (
    account_facts,
    field_report_facts,
    field_report_rows,
    field_reports,
    filings,
    further_reports,
    may_file,
    pictures_of,
    reports_of,
    standing_badge,
    waiting_reports,
)
from incidents.queries.likeness import Likeness, likely_incidents, likely_reports
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
    "IncidentRow",
    "IncidentSummary",
    "Likeness",
    "OpenIncident",
    "RELATED",
    "SEARCH",
    "Target",
    "account_facts",
    "acts",
    "alike",
    "counts_by_region",
    "facts",
    "field_report_facts",
    "field_report_rows",
    "field_reports",
    "filings",
    "incident_rows",
    "incident_summary",
    "incidents",
    "likely_incidents",
    "likely_reports",
    "may_file",
    "mergeable",
    "moves",
    "pictures_of",
    "recent_incidents",
    "referable",
    "region_choices",
    "region_label",
    "reports_of",
    "targets",
    "timeline",
    "further_reports",
    "standing_badge",
    "waiting_for",
    "waiting_reports",
]
