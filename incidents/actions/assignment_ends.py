"""What becomes of units that were sent when their incident ends, is merged or goes to the desk."""

from datetime import datetime

from django.utils.translation import gettext as _

from incidents.actions.assignment_notices import tell_step
from incidents.actions.reports import append
from incidents.actions.sight import take_sight
from incidents.enums import IncidentState, UpdateKind
from incidents.enums.assignments import CALLED_OFF, AssignmentState
from incidents.models import AssignmentStep, Incident, UnitAssignment
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record
from portal.web.language import for_everybody


def end_assignments(
    incident: Incident, state: str, reason: str, *, by: Actor, at: datetime
) -> None:
    """A locked incident ends as closed or as unproven. What only waits for an answer ends with it,
    and of an unproven one also the way of who has not arrived; the units' agencies are told. Who
    is still sent keeps it open: raises Refused with the units' names."""
    unproven = state == IncidentState.UNPROVEN
    rows = list(_open(incident).select_related("incident__type", "deployment__unit"))
    _refuse_working([row for row in rows if row.state not in CALLED_OFF[state]])
    note = reason.strip() if unproven else "Kejadian selesai."
    for row in rows:
        _call_off(row, note, by=by, at=at)
        take_sight(row)
        with for_everybody():
            told = f"{row.deployment.unit.name}: {row.get_state_display()}. {note}"
        append(incident, UpdateKind.UNIT_STEP, by=by, at=at, text=told)
        tell_step(row, note, by_unit=False, by=by, at=at)


def _refuse_working(rows: list[UnitAssignment]) -> None:
    if rows:
        named = (f"{row.deployment.unit.name} ({row.get_state_display()})" for row in rows)
        raise Refused(
            _("Satuan ini masih bertugas: %(units)s. Akhiri tugasnya dahulu.")
            % {"units": ", ".join(named)}
        )


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
