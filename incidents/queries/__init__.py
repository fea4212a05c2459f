"""One selector per number: page, map, API, export and dashboard all ask here."""

from incidents.queries.choices import region_choices
from incidents.queries.counts import IncidentSummary, incident_summary
from incidents.queries.detail import acts, alike, awaits_receipt, facts, mergeable, moves, timeline
from incidents.queries.elsewhere import masked, merged_numbers
from incidents.queries.field_reports import (
    account_facts,
    field_report_facts,
    field_report_rows,
    field_reports,
    filing_waiting,
    filings,
    further_reports,
    may_file,
    pictures_of,
    pictures_of_each,
    reports_of,
    standing_badge,
    waiting_reports,
)
from incidents.queries.likeness import Likeness, likely_incidents, likely_reports
from incidents.queries.persons import mask, person_choices, person_rows, persons
from incidents.queries.points import point_elsewhere
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
from incidents.queries.requests import (
    RequestDue,
    RequestRow,
    askable,
    asks,
    request_steps,
    requests_due,
    requests_of,
)
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
from incidents.queries.targets import Target, targets

__all__ = [
    "IncidentRow",
    "IncidentSummary",
    "Likeness",
    "OpenIncident",
    "OwnReport",
    "PublicCounts",
    "QueueRow",
    "QueueSummary",
    "RELATED",
    "RequestRow",
    "RequestDue",
    "Sheet",
    "Target",
    "account_facts",
    "acts",
    "alike",
    "askable",
    "asks",
    "awaits_receipt",
    "facts",
    "field_report_facts",
    "field_report_rows",
    "field_reports",
    "filing_waiting",
    "filings",
    "further_reports",
    "incident_rows",
    "incident_summary",
    "incidents",
    "likely_incidents",
    "likely_reports",
    "mask",
    "may_file",
    "masked",
    "mergeable",
    "merged_numbers",
    "moves",
    "own_page",
    "person_choices",
    "person_rows",
    "persons",
    "pictures_of",
    "pictures_of_each",
    "point_elsewhere",
    "public_counts",
    "public_sheet",
    "queue_rows",
    "queue_summary",
    "quick_reasons",
    "recent_incidents",
    "region_choices",
    "region_label",
    "report_of_code",
    "reports_of",
    "request_steps",
    "requests_due",
    "requests_of",
    "standing_badge",
    "targets",
    "timeline",
    "triage_queue",
    "triage_waiting",
    "waiting_for",
    "waiting_reports",
]
