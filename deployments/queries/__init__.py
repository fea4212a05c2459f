"""One selector per number: page, map, API, export and dashboard all ask here."""

from deployments.queries.by_control import chosen_people
from deployments.queries.daily import DailyReport, daily_report
from deployments.queries.markers import Filter, UnitMarker, unit_markers
from deployments.queries.need_rows import NeedRow, NeedTable, moment_in, need_table
from deployments.queries.needs import guard_needs, need_books, pattern_rows
from deployments.queries.panel import RegionPanel, region_panel
from deployments.queries.personnel import PersonnelTable, personnel_table
from deployments.queries.places import districts_of, home_regions, units_of
from deployments.queries.readiness import (
    DueReport,
    ReadinessSummary,
    conflict_rows,
    conflicts_of,
    create_url,
    expected_rows,
    expected_states,
    last_report,
    readiness_summary,
    reports_due,
)
from deployments.queries.recap import (
    Recap,
    RecapRow,
    region_recap,
    stage_recap,
    unit_recap,
)
from deployments.queries.report_forms import form_for, form_rows, spec_of
from deployments.queries.rollup import LEVELS, latest_cut_off, rollup_levels, rollup_rows
from deployments.queries.rotation import RotationPlan, functions_in_use, rotation_plan
from deployments.queries.rows import RollupRow
from deployments.queries.strength import StrengthRow, StrengthTable, strength_table
from deployments.queries.version import figures_version

__all__ = [
    "LEVELS",
    "DailyReport",
    "DueReport",
    "Filter",
    "NeedRow",
    "NeedTable",
    "PersonnelTable",
    "ReadinessSummary",
    "Recap",
    "RecapRow",
    "RegionPanel",
    "RollupRow",
    "RotationPlan",
    "StrengthRow",
    "StrengthTable",
    "UnitMarker",
    "chosen_people",
    "conflict_rows",
    "conflicts_of",
    "create_url",
    "daily_report",
    "districts_of",
    "expected_rows",
    "expected_states",
    "figures_version",
    "form_for",
    "form_rows",
    "functions_in_use",
    "guard_needs",
    "home_regions",
    "last_report",
    "latest_cut_off",
    "moment_in",
    "need_books",
    "need_table",
    "pattern_rows",
    "personnel_table",
    "readiness_summary",
    "region_panel",
    "region_recap",
    "reports_due",
    "rollup_levels",
    "rollup_rows",
    "rotation_plan",
    "spec_of",
    "stage_recap",
    "strength_table",
    "unit_markers",
    "unit_recap",
    "units_of",
]
