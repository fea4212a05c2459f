"""Reads over several models. Dashboards, pages and API take each number from here."""

from coordination.queries.attendance import Quorum, quorum
from coordination.queries.calendar import calendar_entries
from coordination.queries.dashboard import (
    ObligationSummary,
    WaitingItem,
    obligation_summary,
    upcoming_meetings,
    waiting_for,
)

__all__ = [
    "ObligationSummary",
    "Quorum",
    "WaitingItem",
    "calendar_entries",
    "obligation_summary",
    "quorum",
    "upcoming_meetings",
    "waiting_for",
]
