"""What was said of a target time stops when the target is reached, or does not hold any more."""

from datetime import datetime

from incidents.enums.targets import Goal
from incidents.models import Incident
from incidents.queries.targets import aims_of
from portal.notifications import cancel


def target_key(incident: Incident, goal: str) -> str:
    return f"incident:{incident.pk}:target:{goal}"


def stop_reached(incident: Incident, *, at: datetime) -> None:
    """Of goals that are reached nothing needs saying any more."""
    for aim in aims_of([incident])[incident.pk]:
        if aim.met_at is not None:
            cancel(target_key(incident, aim.goal), at=at)


def stop_targets(incident: Incident, *, at: datetime) -> None:
    """The plan was made for another severity, or the incident goes on elsewhere."""
    for goal in Goal.values:
        cancel(target_key(incident, goal), at=at)
