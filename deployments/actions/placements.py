"""Placed parts of the strength: from the request to the return."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from deployments.actions.double_use import refuse_double_use
from deployments.actions.following import follow
from deployments.actions.needs_log import (
    draw_people,
    follow_change,
    follow_move,
    hold_request,
    refuse_above,
)
from deployments.actions.placement_guard import (
    check,
    needs_reason,
    refuse_finished,
    refuse_incomplete,
    refuse_other_status,
    too_early,
)
from deployments.actions.roster_guard import refuse_roster_clash
from deployments.enums import (
    DEPLOYMENT_MOVES,
    PART_OF_STATE,
    STATE_OF_STATUS,
    DeploymentState,
    DeploymentStatus,
)
from deployments.models import Deployment, DeploymentMove
from portal import clock
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.audit.record import record
from portal.registry.models import Operation
from portal.web.language import for_everybody
from portal.web.templatetags.portal import tanggal_pendek

OPTIONAL: dict[str, Any] = {
    "place": None,
    "task_force": "",
    "function": "",
    "stage": None,
    "in_charge": None,
    "contact": "",
}
EDITABLE = (
    "unit",
    "region",
    "place",
    "personnel",
    "status",
    "controller",
    "task_force",
    "function",
    "stage",
    "task",
    "in_charge",
    "contact",
    "starts_on",
    "ends_on",
    "source",
    "as_of",
    "quality",
)


def place_deployment(
    operation: Operation,
    values: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
    state: str | None = None,
    illustrative: bool = False,
) -> Deployment:
    """Enter a part of an agency's people: as a request, or, without `state`, as already standing
    as its status says. `values` holds EDITABLE; what is OPTIONAL may be left out."""
    values = OPTIONAL | values
    check(operation, values)
    state = state or STATE_OF_STATUS[DeploymentStatus(values["status"])]
    if too_early(state, values["starts_on"], at):
        raise Refused(
            _("Terlibat berarti sudah di tempat, padahal %(day)s belum tiba. Pilih Siaga atau "
              "Cadangan, atau catat sebagai permintaan.")
            % {"day": tanggal_pendek(values["starts_on"])},
            "status",
        )  # fmt: skip
    with transaction.atomic():
        if state != DeploymentState.REQUESTED:
            refuse_double_use(operation, values)
        deployment = Deployment.objects.create(
            **{name: values[name] for name in EDITABLE},
            operation=operation,
            agency=values["unit"].agency,
            state=state,
            illustrative=illustrative,
            created_at=at,
            updated_at=at,
        )
        _step(deployment, "", by=by, at=at)
        record("deployment.place", deployment, by=by, at=at, after=digest(deployment))
        follow(deployment, by=by, at=at, reason=deployment.task)
    return deployment


def change_deployment(
    deployment: Deployment,
    values: dict[str, Any],
    *,
    version: int,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> Deployment:
    """Change a placed part; its state moves by `move_deployment` only. Once it is ordered only with
    a reason, which the ledger's entries carry; once it is over no more. Raises Stale if somebody
    else changed it first."""
    with transaction.atomic():
        request = hold_request(deployment)
        current = _locked(deployment, version)
        refuse_finished(current)
        values = {name: getattr(current, name) for name in OPTIONAL} | values
        check(current.operation, values)
        refuse_other_status(current, values["status"])
        if too_early(current.state, values["starts_on"], at):
            raise Refused(
                _("Penempatan ini sudah “%(state)s”: tanggal mulainya paling lambat hari ini.")
                % {"state": current.get_state_display()},
                "starts_on",
            )
        before, people = digest(current), current.personnel
        refuse_above(request, values["personnel"] - people, at=at)
        refuse_roster_clash(current, values)
        if current.state != DeploymentState.REQUESTED:
            refuse_double_use(current.operation, values, current)
        for name in EDITABLE:
            setattr(current, name, values[name])
        current.agency = values["unit"].agency
        if digest(current) == before:
            return current
        if needs_reason(current) and not reason.strip():
            raise Refused(_("Isi alasan perubahan: penempatan ini sudah diperintahkan."), "reason")
        _save(current, at)
        record(
            "deployment.change",
            current,
            by=by,
            at=at,
            before=before,
            after=digest(current),
            note=reason.strip(),
        )
        follow(current, by=by, at=at, reason=reason.strip() or current.task)
        follow_change(request, current, people, by=by, at=at)
    return current


def move_deployment(
    deployment: Deployment,
    to: str,
    *,
    version: int,
    by: Actor,
    at: datetime,
    note: str = "",
    sprin_number: str = "",
    sprin_date: date | None = None,
) -> Deployment:
    """Take a deployment one step on. Ordering it needs the Sprin's number and date, calling it off
    a reason; where it already stands, nothing happens."""
    with transaction.atomic():
        request = hold_request(deployment)
        current = _locked(deployment, None)
        if current.state == to:
            return current
        _same_version(current, version)
        if to not in DEPLOYMENT_MOVES[current.state]:
            raise Refused(
                _("Penempatan ini “%(state)s”: langkah itu tidak berlaku sekarang.")
                % {"state": current.get_state_display()}
            )
        refuse_incomplete(to, note, sprin_number, sprin_date)
        if too_early(to, current.starts_on, at):
            raise Refused(
                _("Penempatan ini mulai %(day)s; sebelum hari itu belum dapat menjadi “%(state)s”. "
                  "Bila personelnya tiba lebih awal, ubah dahulu tanggal mulainya (Ubah).")
                % {"day": tanggal_pendek(current.starts_on), "state": DeploymentState(to).label},
                "to",
            )  # fmt: skip
        origin, before = current.state, digest(current)
        if to == DeploymentState.ORDERED:
            current.sprin_number, current.sprin_date = sprin_number, sprin_date
            values = {name: getattr(current, name) for name in EDITABLE}
            draw_people(request, current, by=by, at=at)
            refuse_double_use(current.operation, values, current)
        current.state, today = to, clock.local(at).date()
        current.status = _status_in(to, current.status)
        if to == DeploymentState.RETURNED:
            current.ends_on = _last_day(current, today)
        _save(current, at)
        _step(current, origin, by=by, at=at, note=note)
        record("deployment.move", current, by=by, at=at, before=before, after=digest(current))
        with for_everybody():
            reason = f"{current.get_state_display()}: {current.task}"
        follow(current, by=by, at=at, reason=reason, void=current.never_began(today))
        follow_move(request, current, by=by, at=at, note=note)
    return current


def withdraw_deployment(
    deployment: Deployment, *, reason: str, by: Actor, at: datetime
) -> Deployment:
    """Take back what was entered by mistake and has not moved since: it is called off, and the
    ledger is as if it never was. Again: no change."""
    with transaction.atomic():
        current = _locked(deployment, None)
        if current.state == DeploymentState.CANCELLED:
            return current
        if current.version > 1 or current.moves.count() > 1:
            raise Refused(_("Penempatan ini sudah berjalan atau diubah, jadi tetap."))
        origin, before = current.state, digest(current)
        current.state = DeploymentState.CANCELLED
        _save(current, at)
        _step(current, origin, by=by, at=at, note=reason)
        after = digest(current)
        record(
            "deployment.withdraw", current, by=by, at=at, before=before, after=after, note=reason
        )
        follow(current, by=by, at=at, reason=reason, void=True)
    return current


def _locked(deployment: Deployment, version: int | None) -> Deployment:
    rows = Deployment.objects.select_related("unit__agency", "operation", "place", "stage")
    current = rows.select_for_update(of=("self",)).get(pk=deployment.pk)
    if version is not None:
        _same_version(current, version)
    return current


def _same_version(current: Deployment, version: int) -> None:
    if current.version != version:
        raise Stale(_("Penempatan ini sudah diubah sejak Anda membukanya."), current)


def _save(current: Deployment, at: datetime) -> None:
    current.updated_at = at
    current.version += 1
    current.save()


def _step(
    deployment: Deployment, origin: str, *, by: Actor, at: datetime, note: str = ""
) -> DeploymentMove:
    return DeploymentMove.objects.create(
        deployment=deployment,
        from_state=origin,
        to_state=deployment.state,
        moved_at=at,
        by_id=by.post_id,
        note=note,
    )


def _status_in(state: str, status: str) -> str:
    """The part of the strength in that state: a reserve that has not moved stays a reserve; what
    has ended keeps what it was."""
    part = PART_OF_STATE[state] or status
    if part == DeploymentStatus.STANDBY and status == DeploymentStatus.RESERVE:
        return status
    return str(part)


def _last_day(deployment: Deployment, today: date) -> date:
    """Whoever is back no longer counts from the next day on."""
    ends = min(filter(None, (deployment.ends_on, today)))
    return max(ends, deployment.starts_on)


def digest(deployment: Deployment) -> dict[str, Any]:
    return model_to_dict(
        deployment, fields=[*EDITABLE, "agency", "state", "sprin_number", "sprin_date"]
    )
