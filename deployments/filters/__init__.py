"""What lists may be asked for: the same words in pages and API."""

from deployments.filters.deployment import DeploymentFilter
from deployments.filters.event import EventFilter
from deployments.filters.readiness import (
    ConflictFilter,
    ExpectedApiFilter,
    ExpectedReportFilter,
    ReadinessReportFilter,
)
from deployments.filters.reinforcement import ReinforcementFilter
from deployments.filters.station import StationFilter

__all__ = [
    "ConflictFilter",
    "DeploymentFilter",
    "EventFilter",
    "ExpectedApiFilter",
    "ExpectedReportFilter",
    "ReadinessReportFilter",
    "ReinforcementFilter",
    "StationFilter",
]
