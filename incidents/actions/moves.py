"""Moving an incident on, and giving its lead to another agency."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.actions.assignment_ends import end_assignments
from incidents.actions.notices import tell_incident_ended
from incidents.actions.reports import append
from incidents.actions.request_ends import lapse_requests
from incidents.actions.target_stops import stop_reached
from incidents.actions.texts import refuse_tally
from incidents.enums import INCIDENT_MOVES, OPEN, REASONED, IncidentState, UpdateKind
from incidents.enums.requests import RequestState
from incidents.models import Incident, IncidentUpdate
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.registry.models import Agency


def move_incident(
    incident: Incident,
    state: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> Incident:
    """Move the handling on, where the table of moves allows it; a second call changes nothing.

    Tidak terbukti and reopening need a reason. What waits for another agency's answer ends with
    the incident; units at work keep it open. Where another agency ends it, the leading one is told.
    The lead is handed over by a request (actions/requests.py).
    """
    if state == IncidentState.REFERRED:
        raise Refused(_("Kejadian dilimpahkan bila instansi penerima menyetujuinya."), "state")
    with transaction.atomic():
        incident = locked(incident)
        policy.require(by, Permission.INCIDENT_HANDLE, incident)
        if incident.state == state:
            return incident
        allow(incident, state, reason, version)
        if state not in OPEN:
            end_assignments(incident, state, reason, by=by, at=at)
        _write(incident, UpdateKind.MOVE, by=by, at=at, reason=reason, state=state)
        stop_reached(incident, at=at)
        if state not in OPEN:
            # Who works on an accepted one still reports what came of it.
            lapse_requests(incident, [RequestState.WAITING], by=by, at=at)
            tell_incident_ended(incident, reason.strip(), by=by, at=at)
    return incident


def hand_lead(
    incident: Incident, to: Agency, *, by: Actor, at: datetime, reason: str
) -> IncidentUpdate:
    """Give the lead of a locked incident to the agency that accepted it whole; the one that led
    stays as a supporter. Raises Refused where its state does not allow that any more."""
    allow(incident, IncidentState.REFERRED, reason, None)
    former = incident.lead_agency_id
    update = _write(
        incident,
        UpdateKind.REFERRAL,
        by=by,
        at=at,
        reason=reason,
        to_agency=to,
        state=IncidentState.REFERRED,
        lead_agency_id=to.pk,
    )
    incident.supporting.remove(to)
    incident.supporting.add(former)
    stop_reached(incident, at=at)
    return update


def receive_incident(incident: Incident, *, by: Actor, at: datetime) -> Incident:
    """The lead has the report and works on it: the first of the target times. A second call, and
    one after the incident was moved on, changes nothing."""
    with transaction.atomic():
        incident = locked(incident)
        policy.require(by, Permission.INCIDENT_HANDLE, incident)
        if incident.state != IncidentState.REPORTED:
            return incident
        if IncidentUpdate.objects.filter(incident=incident, kind=UpdateKind.RECEIVED).exists():
            return incident
        append(incident, UpdateKind.RECEIVED, by=by, at=at, text=by.post_title)
        Incident.objects.filter(pk=incident.pk).update(updated_at=at)
        record("incident.receive", incident, by=by, at=at)
        stop_reached(incident, at=at)
    return incident


def locked(incident: Incident) -> Incident:
    rows = Incident.objects.select_for_update(of=("self",))
    return rows.select_related("type", "region", "lead_agency").get(pk=incident.pk)


def refuse_stale(incident: Incident, version: int | None) -> None:
    if version is not None and incident.version != version:
        raise Stale(
            _("Kejadian ini sudah diubah orang lain sejak Anda membukanya. Periksa keadaannya."),
            current=incident,
        )


def allow(incident: Incident, state: str, reason: str, version: int | None) -> None:
    refuse_stale(incident, version)
    if state not in INCIDENT_MOVES[incident.state]:
        raise Refused(
            _("Kejadian berkeadaan “%(state)s” tidak dapat menjadi “%(wanted)s”.")
            % {
                "state": incident.get_state_display(),
                "wanted": dict(IncidentState.choices).get(state, state),
            },
            "state",
        )
    if state in REASONED and not reason.strip():
        raise Refused(_("Tulis alasannya."), "reason")
    refuse_tally(reason=reason)


def _write(
    incident: Incident,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    to_agency: Agency | None = None,
    **values: Any,
) -> IncidentUpdate:
    """The row's new values, the entry in its timeline, and the audit."""
    before = {name: getattr(incident, name) for name in values}
    for name, value in values.items():
        setattr(incident, name, value)
    incident.version += 1
    incident.updated_at = at
    incident.save(update_fields=[*values, "version", "updated_at"])
    update = IncidentUpdate.objects.create(
        incident=incident,
        kind=kind,
        state=incident.state,
        to_agency=to_agency,
        text=reason.strip(),
        post_id=by.post_id,
        agency_id=by.agency_id,
        at=at,
    )
    verb = "refer" if kind == UpdateKind.REFERRAL else "move"
    record(
        f"incident.{verb}", incident, by=by, at=at, before=before, after=values, note=reason.strip()
    )
    return update
