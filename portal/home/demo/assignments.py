"""Units that were sent to an incident: one of the police, one of the army under its control (BKO);
invented."""

from collections.abc import Mapping
from datetime import timedelta

from deployments.models import Deployment
from incidents.actions.assignments import assign_units, move_assignment
from incidents.enums.assignments import AssignmentState
from incidents.models import Incident, UnitAssignment
from portal.access.actor import Actor

SUBJECT = "Perahu patroli bersenggolan dengan kelotok"
TASK = "Mengawal perahu logistik sampai perahu pengganti tiba."
SENT = (("polresta-banjarmasin", "liaison.polda"), ("kodim-1007", "koordinator"))


def load(people: Mapping[str, Actor]) -> None:
    """Tell it once; a second call finds it told."""
    incident = Incident.objects.filter(title=SUBJECT, illustrative=True).first()
    if incident is None or UnitAssignment.objects.filter(incident=incident).exists():
        return
    at = incident.reported_at + timedelta(minutes=30)
    for slug, login in SENT:
        placed = Deployment.objects.filter(unit__slug=slug, state="in_place").order_by("pk").first()
        if placed is None:
            continue
        [row] = assign_units(incident, [placed], task=TASK, by=people[login], at=at)
        if row.state == AssignmentState.ASSIGNED:
            for minutes, state in ((6, AssignmentState.DEPARTED), (25, AssignmentState.ARRIVED)):
                moment = at + timedelta(minutes=minutes)
                move_assignment(row, state, by=people[login], at=moment)
