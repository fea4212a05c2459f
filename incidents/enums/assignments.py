"""How far a unit that was sent to an incident has come."""

from django.db import models
from django.utils.translation import pgettext_lazy

from incidents.enums import IncidentState


class AssignmentState(models.TextChoices):
    REQUESTED = "diminta", pgettext_lazy("satuan", "Diminta")
    ASSIGNED = "tugas", pgettext_lazy("satuan", "Ditugaskan")
    DEPARTED = "berangkat", pgettext_lazy("satuan", "Berangkat")
    ARRIVED = "tiba", pgettext_lazy("satuan", "Tiba")
    DONE = "selesai", pgettext_lazy("satuan", "Selesai")
    DECLINED = "ditolak", pgettext_lazy("satuan", "Ditolak")
    CANCELLED = "dibatalkan", pgettext_lazy("satuan", "Dibatalkan")


ASSIGNMENT_MOVES: dict[str, frozenset[str]] = {
    AssignmentState.REQUESTED: frozenset(
        {AssignmentState.ASSIGNED, AssignmentState.DECLINED, AssignmentState.CANCELLED}
    ),
    AssignmentState.ASSIGNED: frozenset({AssignmentState.DEPARTED, AssignmentState.CANCELLED}),
    AssignmentState.DEPARTED: frozenset({AssignmentState.ARRIVED, AssignmentState.CANCELLED}),
    AssignmentState.ARRIVED: frozenset({AssignmentState.DONE}),
    AssignmentState.DONE: frozenset(),
    AssignmentState.DECLINED: frozenset(),
    AssignmentState.CANCELLED: frozenset(),
}
"""Inside one chain a unit is ordered and begins as assigned; of another agency it is requested."""
ASSIGNMENT_OPEN = frozenset(
    {
        AssignmentState.REQUESTED,
        AssignmentState.ASSIGNED,
        AssignmentState.DEPARTED,
        AssignmentState.ARRIVED,
    }
)
"""The unit is asked for, on its way or at work."""
CALLED_OFF: dict[str, frozenset[str]] = {
    IncidentState.CLOSED: frozenset({AssignmentState.REQUESTED}),
    IncidentState.UNPROVEN: frozenset(
        {AssignmentState.REQUESTED, AssignmentState.ASSIGNED, AssignmentState.DEPARTED}
    ),
}
"""By how an incident ends: which units end with it. The others that are still sent keep it open."""
SAYS_WHY = frozenset({AssignmentState.DECLINED, AssignmentState.CANCELLED})
"""Steps that need a reason."""
BY_HANDLER = frozenset({AssignmentState.CANCELLED, AssignmentState.DONE})
"""Steps that who handles the incident may take too: calling a unit off, and letting it go."""
ASSIGNMENT_BADGES: dict[str, str] = {
    AssignmentState.REQUESTED: "warning",
    AssignmentState.ASSIGNED: "info",
    AssignmentState.DEPARTED: "info",
    AssignmentState.ARRIVED: "success",
    AssignmentState.DONE: "neutral",
    AssignmentState.DECLINED: "danger",
    AssignmentState.CANCELLED: "neutral",
}
