from deployments.models.conflict import Conflict, ConflictSide
from deployments.models.deployment import Deployment, DeploymentMove
from deployments.models.ends import EndReminder
from deployments.models.events import CertifyingEvent, EventFinding, EventParticipant
from deployments.models.expectation import ExpectedReport, ReportSchedule
from deployments.models.forms import FormField, FormGroup, ReportForm
from deployments.models.judging import OddityRule, ReadinessThreshold, ThresholdVersion
from deployments.models.ledger import StrengthAccount, StrengthTransfer
from deployments.models.lights import (
    GroupRollup,
    GroupRollupVersion,
    UnitGroupRollup,
    UnitGroupRollupVersion,
)
from deployments.models.pattern import GuardPattern
from deployments.models.readiness import (
    ABSENCES,
    ReadinessLine,
    ReadinessReport,
    UnitLatest,
)
from deployments.models.reinforcement import (
    Contribution,
    NeedAddressee,
    NeedsLogEntry,
    Reinforcement,
)
from deployments.models.review import (
    ReadinessGroup,
    ReportDraft,
    ReportMove,
    ReviewComment,
    RuleFlag,
)
from deployments.models.rollup import (
    DirtyKey,
    Rollup,
    RollupVersion,
    UnitRollup,
    UnitRollupVersion,
)
from deployments.models.roster import RosterMember
from deployments.models.shares import DistrictShare
from deployments.models.stations import (
    DisagreementRule,
    StationClass,
    StationIndicator,
    StationTag,
)
from deployments.models.strength import StrengthDeclaration

__all__ = [
    "ABSENCES",
    "NeedAddressee",
    "CertifyingEvent",
    "Conflict",
    "ConflictSide",
    "Contribution",
    "Deployment",
    "DeploymentMove",
    "DirtyKey",
    "DisagreementRule",
    "EndReminder",
    "DistrictShare",
    "EventFinding",
    "EventParticipant",
    "ExpectedReport",
    "FormField",
    "FormGroup",
    "GroupRollup",
    "GroupRollupVersion",
    "GuardPattern",
    "NeedsLogEntry",
    "OddityRule",
    "ReadinessGroup",
    "ReadinessLine",
    "ReadinessReport",
    "ReadinessThreshold",
    "Reinforcement",
    "ReportDraft",
    "ReportForm",
    "ReportMove",
    "ReportSchedule",
    "ReviewComment",
    "Rollup",
    "RollupVersion",
    "RosterMember",
    "RuleFlag",
    "StationClass",
    "StationIndicator",
    "StationTag",
    "StrengthAccount",
    "StrengthDeclaration",
    "StrengthTransfer",
    "ThresholdVersion",
    "UnitGroupRollup",
    "UnitGroupRollupVersion",
    "UnitLatest",
    "UnitRollup",
    "UnitRollupVersion",
]
