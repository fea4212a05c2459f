"""Sending units that stand in place to an incident, and how far they have come."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from deployments.enums import DeploymentState
from deployments.models import Deployment
from incidents.actions.assignment_notices import tell_assigned, tell_step
from incidents.actions.complaints import refuse_receivers
from incidents.actions.moves import locked, refuse_stale
from incidents.actions.reports import append
from incidents.actions.sight import give_sight, take_sight
from incidents.actions.texts import refuse_tally
from incidents.enums import OPEN, UpdateKind
from incidents.enums.assignments import ASSIGNMENT_MOVES, BY_HANDLER, SAYS_WHY, AssignmentState
from incidents.models import AssignmentStep, GakkumduCase, Incident, UnitAssignment
from incidents.queries.units import place_text
from incidents.rules import commands
from portal import clock
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.web.language import for_everybody


def assign_units(
    incident: Incident,
    placements: Sequence[Deployment],
    *,
    task: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> list[UnitAssignment]:
    """Send units to an incident, all or none. Those of one's own chain are ordered, others are
    asked for and wait for an answer. A unit that is sent there already is left as it is."""
    task = task.strip()
    refuse_tally(task=task)
    with transaction.atomic():
        incident = locked(incident)
        policy.require(by, Permission.INCIDENT_HANDLE, incident)
        refuse_stale(incident, version)
        refuse_sending(incident)
        if not task:
            raise Refused(_("Tulis tugasnya."), "task")
        if not placements:
            raise Refused(_("Pilih sedikitnya satu satuan."), "placements")
        standing = UnitAssignment.objects.open().filter(incident=incident)
        known = {row.deployment_id: row for row in standing}
        return [
            known.get(placed.pk) or _send(incident, placed, task, by=by, at=at)
            for placed in _locked_placements(placements, by, at)
        ]


def move_assignment(
    assignment: UnitAssignment, state: str, *, by: Actor, at: datetime, note: str = ""
) -> UnitAssignment:
    """The unit's agency takes the task on, or says why not, and tells how far the unit has come;
    who handles the incident may call it off or let it go. A second call changes nothing."""
    note = note.strip()
    refuse_tally(note=note)
    with transaction.atomic():
        row = _locked(assignment)
        may_answer = policy.may(by, Permission.INCIDENT_ANSWER, row)
        handles = policy.may(by, Permission.INCIDENT_HANDLE, row.incident)
        if not (handles and state in BY_HANDLER):
            policy.require(by, Permission.INCIDENT_ANSWER, row)
        if row.state == state:
            return row
        if state not in ASSIGNMENT_MOVES[row.state]:
            raise Refused(
                _("Penugasan berkeadaan “%(state)s”; langkah itu tidak dapat diambil.")
                % {"state": row.get_state_display()},
                "state",
            )
        if state in SAYS_WHY and not note:
            raise Refused(_("Tulis alasannya."), "note")
        before = row.state
        row.state = state
        row.save(update_fields=["state"])
        _step(row, note, by=by, at=at)
        if state in SAYS_WHY:
            take_sight(row)
        _note(row, UpdateKind.UNIT_STEP, note, by=by, at=at)
        record(
            "assignment.step", row, by=by, at=at,
            before={"state": before}, after={"state": state}, note=note,
        )  # fmt: skip
        tell_step(row, note, by_unit=may_answer, by=by, at=at)
    return row


def _send(
    incident: Incident, placed: Deployment, task: str, *, by: Actor, at: datetime
) -> UnitAssignment:
    ordered = commands(by, placed)
    if not ordered:
        lead = incident.lead_agency
        refuse_receivers(incident.type, lead=lead, receivers={placed.agency}, field="placements")
    row = UnitAssignment.objects.create(
        incident=incident,
        deployment=placed,
        agency=placed.agency,
        task=task,
        stood_at=place_text(placed),
        gave_sight=give_sight(incident, placed.agency_id),
        state=AssignmentState.ASSIGNED if ordered else AssignmentState.REQUESTED,
        assigned_by_id=by.post_id,
        assigned_at=at,
    )
    _step(row, "", by=by, at=at)
    kind = UpdateKind.UNIT_SENT if ordered else UpdateKind.UNIT_ASKED
    _note(row, kind, task, by=by, at=at)
    record(
        "assignment.send", row, by=by, at=at,
        after={"incident": incident.number, "unit": placed.unit.slug, "state": row.state},
    )  # fmt: skip
    tell_assigned(row, at=at)
    return row


def refuse_sending(incident: Incident) -> None:
    """Raises Refused where no unit can be sent to the incident."""
    if GakkumduCase.objects.filter(incident=incident).exists():
        raise Refused(_("Kejadian ini ditangani Sentra Gakkumdu."))
    if incident.state not in OPEN:
        raise Refused(
            _("Kejadian berkeadaan “%(state)s”; tidak ada satuan yang ditugaskan lagi.")
            % {"state": incident.get_state_display()}
        )


def _locked_placements(
    placements: Sequence[Deployment], by: Actor, at: datetime
) -> list[Deployment]:
    """Those in sight that still stand in place today, in the order of the ledger."""
    rows = Deployment.objects.visible_to(by).filter(pk__in=[row.pk for row in placements])
    rows = rows.select_related("unit", "agency", "place", "region").order_by("pk")
    found = list(rows.select_for_update(of=("self",)))
    today = clock.local(at).date()
    for row in found:
        ended = row.ends_on is not None and row.ends_on < today
        if row.state != DeploymentState.IN_PLACE or ended:
            raise Refused(
                _("%(unit)s tidak lagi di tempat.") % {"unit": row.unit.name}, "placements"
            )
    if len(found) != len({row.pk for row in placements}):
        raise Refused(_("Satuan yang dipilih tidak ditemukan."), "placements")
    return found


def _locked(assignment: UnitAssignment) -> UnitAssignment:
    incident = locked(Incident(pk=assignment.incident_id))
    rows = UnitAssignment.objects.select_for_update(of=("self",))
    row = rows.select_related("agency", "deployment__unit").get(pk=assignment.pk)
    row.incident = incident
    return row


def _step(row: UnitAssignment, note: str, *, by: Actor, at: datetime) -> None:
    AssignmentStep.objects.create(
        assignment=row, state=row.state, at=at, post_id=by.post_id, note=note
    )


def _note(row: UnitAssignment, kind: str, words: str, *, by: Actor, at: datetime) -> None:
    """Who, how far, and the words; in the source language, as all read it."""
    with for_everybody():
        text = f"{row.deployment.unit.name}: {row.get_state_display()}"
    append(row.incident, kind, by=by, at=at, text=f"{text}. {words}" if words else text)
    Incident.objects.filter(pk=row.incident_id).update(updated_at=at)
