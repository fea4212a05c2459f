"""What becomes of units that were sent when their incident is merged or goes to the desk."""

from datetime import datetime

from incidents.enums.assignments import AssignmentState
from incidents.models import AssignmentStep, Incident, UnitAssignment
from portal.access.actor import Actor
from portal.audit.record import record


def carry_assignments(incident: Incident, into: Incident, *, by: Actor, at: datetime) -> None:
    """Two incidents become one, both locked: units go on for the second; one that is sent there
    already is called off here."""
    there = set(_open(into).values_list("deployment_id", flat=True))
    for row in _open(incident):
        if row.deployment_id in there:
            _call_off(row, "Kejadian digabung.", by=by, at=at)
            continue
        row.incident = into
        row.save(update_fields=["incident"])
        record(
            "assignment.carry", row, by=by, at=at,
            before={"incident": incident.number}, after={"incident": into.number},
        )  # fmt: skip


def call_off_assignments(incident: Incident, note: str, *, by: Actor, at: datetime) -> None:
    """Whoever sent the units sees the incident no more, so nobody could end their task later."""
    for row in _open(incident):
        _call_off(row, note, by=by, at=at)


def _call_off(row: UnitAssignment, note: str, *, by: Actor, at: datetime) -> None:
    before = row.state
    row.state = AssignmentState.CANCELLED
    row.save(update_fields=["state"])
    AssignmentStep.objects.create(
        assignment=row, state=row.state, at=at, post_id=by.post_id, note=note
    )
    record(
        "assignment.step", row, by=by, at=at,
        before={"state": before}, after={"state": row.state}, note=note,
    )  # fmt: skip


def _open(incident: Incident):
    rows = UnitAssignment.objects.open().filter(incident=incident).select_related("incident")
    return rows.select_for_update(of=("self",)).order_by("pk")
