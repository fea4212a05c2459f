from deployments.api.classifying import PollingStationViewSet
from deployments.api.daily import DailyReportViewSet
from deployments.api.declarations import DeclarationViewSet
from deployments.api.events import EventViewSet
from deployments.api.form_versions import FormVersionViewSet
from deployments.api.forms import (
    ConflictViewSet,
    ExpectedReportViewSet,
    ReportFormViewSet,
    SummaryViewSet,
)
from deployments.api.ledger import (
    StatementViewSet,
    StrengthAccountViewSet,
    StrengthTransferViewSet,
)
from deployments.api.patterns import GuardPatternViewSet
from deployments.api.personnel import PersonnelViewSet
from deployments.api.placed import PlacedStrengthViewSet
from deployments.api.placing import DeploymentViewSet
from deployments.api.reinforcements import ReinforcementViewSet
from deployments.api.reviewing import ReviewedReportViewSet
from deployments.api.roster import RosterMemberViewSet
from deployments.api.rotation import RotationViewSet
from deployments.api.schedules import ReportScheduleViewSet
from deployments.api.shares import DistrictShareViewSet
from deployments.api.stations import GuardNeedViewSet, StationIndicatorViewSet
from deployments.api.strength import RollupViewSet
from deployments.api.thresholds import OddityRuleViewSet, ThresholdViewSet

ROUTES = [
    ("certifying-events", EventViewSet, "certifying-event"),
    ("daily-report", DailyReportViewSet, "daily-report"),
    ("deployments", DeploymentViewSet, "deployment"),
    ("district-shares", DistrictShareViewSet, "district-share"),
    ("expected-reports", ExpectedReportViewSet, "expected-report"),
    ("readiness-conflicts", ConflictViewSet, "readiness-conflict"),
    ("guard-needs", GuardNeedViewSet, "guard-need"),
    ("guard-patterns", GuardPatternViewSet, "guard-pattern"),
    ("personnel-strength", PersonnelViewSet, "personnel-strength"),
    ("placed-strength", PlacedStrengthViewSet, "placed-strength"),
    ("polling-stations", PollingStationViewSet, "polling-station"),
    ("readiness-reports", ReviewedReportViewSet, "readiness-report"),
    ("readiness-summary", SummaryViewSet, "readiness-summary"),
    ("reinforcements", ReinforcementViewSet, "reinforcement"),
    ("readiness-thresholds", ThresholdViewSet, "readiness-threshold"),
    ("oddity-rules", OddityRuleViewSet, "oddity-rule"),
    ("form-versions", FormVersionViewSet, "form-version"),
    ("report-forms", ReportFormViewSet, "report-form"),
    ("report-schedules", ReportScheduleViewSet, "report-schedule"),
    ("roster-members", RosterMemberViewSet, "roster-member"),
    ("rollups", RollupViewSet, "rollup"),
    ("rotation", RotationViewSet, "rotation"),
    ("strength-declarations", DeclarationViewSet, "strength-declaration"),
    ("strength-accounts", StrengthAccountViewSet, "strength-account"),
    ("strength-statements", StatementViewSet, "strength-statement"),
    ("strength-transfers", StrengthTransferViewSet, "strength-transfer"),
    ("station-indicators", StationIndicatorViewSet, "station-indicator"),
]
