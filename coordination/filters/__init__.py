from coordination.filters.directive import DirectiveFilter
from coordination.filters.lesson import LessonFilter
from coordination.filters.meeting import MeetingFilter
from coordination.filters.obligation import (
    OVERDUE,
    UNFINISHED,
    ObligationFilter,
    sound_query,
)

__all__ = [
    "OVERDUE",
    "UNFINISHED",
    "DirectiveFilter",
    "LessonFilter",
    "MeetingFilter",
    "ObligationFilter",
    "sound_query",
]
