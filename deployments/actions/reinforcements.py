"""Reinforcement (penebalan): asked for, answered by placements of others, released, in one log."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.enums import Priority
from deployments.actions.double_use import refuse_double_use
from deployments.actions.need_news import tell_answer, tell_asked, tell_declined, tell_withdrawn
from deployments.actions.needs_log import (
    refuse_above,
    refuse_undrawable,
    return_people,
    write_need,
)
from deployments.actions.placement_guard import check
from deployments.actions.placements import move_deployment, place_deployment
from deployments.enums import GONE, DeploymentState, DeploymentStatus, NeedEvent, NeedState, Quality
from deployments.models import Contribution, Deployment, NeedAddressee, Reinforcement
from portal import clock
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.audit.record import record
from portal.registry.models import Operation, Unit

ASKED = (
    "unit",
    "region",
    "place",
    "personnel",
    "allows_more",
    "task_force",
    "function",
    "starts_on",
    "ends_on",
    "priority",
    "reason",
)
LEAVE: dict[str, Any] = {
    "place": None,
    "allows_more": False,
    "task_force": "",
    "function": "",
    "priority": Priority.ORDINARY,
}


def ask_reinforcement(
    operation: Operation,
    values: Mapping[str, Any],
    *,
    addressees: Iterable[Unit] = (),
    by: Actor,
    at: datetime,
    illustrative: bool = False,
) -> Reinforcement:
    """Ask for people. `values` holds ASKED; what is in LEAVE may be left out. The superior unit is
    always asked; `addressees` are asked beside it."""
    values = LEAVE | dict(values)
    unit: Unit = values["unit"]
    asked = {row.pk: row for row in [unit.parent, *addressees] if row is not None}
    asked.pop(unit.pk, None)
    _refuse_impossible(operation, values, asked)
    with transaction.atomic():
        request = Reinforcement.objects.create(
            **{name: values[name] for name in ASKED},
            operation=operation,
            agency=unit.agency,
            asked_at=at,
            asked_by_id=by.post_id,
            illustrative=illustrative,
        )
        NeedAddressee.objects.bulk_create(
            [NeedAddressee(reinforcement=request, unit=row) for row in asked.values()]
        )
        write_need(
            request,
            NeedEvent.ASKED,
            by=by,
            at=at,
            unit=unit,
            personnel=request.personnel,
            text=request.reason,
        )
        after = {name: values[name] for name in ("personnel", "priority", "starts_on", "ends_on")}
        after |= {"unit": unit.slug, "region": values["region"].pk}
        after["asked"] = [row.slug for row in asked.values()]
        record("reinforcement.ask", request, by=by, at=at, after=after)
        tell_asked(request, asked.values(), at=at)
    return request


def _refuse_impossible(
    operation: Operation, values: Mapping[str, Any], asked: Mapping[int, Unit]
) -> None:
    check(operation, {**values, "controller": None, "stage": None})
    if not values["reason"].strip():
        raise Refused(_("Tulis mengapa penebalan diperlukan."), "reason")
    if not asked:
        raise Refused(_("Pilih satuan yang diminta: satuan ini tidak mempunyai satuan atas."))


def give_people(
    request: Reinforcement,
    unit: Unit,
    personnel: int,
    *,
    by: Actor,
    at: datetime,
    drawn_from: Deployment | None = None,
    note: str = "",
) -> Contribution:
    """Offer people of the own unit, or assign those of a unit below: a placement in the state
    "requested", which its owner orders with a Sprin like any other. Within one agency that is an
    order; across agencies it is agreed, and the asking agency gets the control (BKO)."""
    with transaction.atomic():
        current = _open(request)
        _refuse_giver(current, unit, drawn_from, personnel, at)
        refuse_above(current, personnel, at=at)
        if drawn_from is None:
            days = {"starts_on": current.starts_on, "ends_on": current.ends_on}
            asked = {"unit": unit, "place": current.place, "personnel": personnel, **days}
            refuse_double_use(current.operation, asked)
        across = unit.agency_id != current.agency_id
        placed = place_deployment(
            current.operation,
            {
                "unit": unit,
                "region": current.region,
                "place": current.place,
                "personnel": personnel,
                "status": _status(drawn_from),
                "controller": current.agency if across else None,
                "task_force": current.task_force,
                "function": current.function,
                "task": _("Penebalan %(unit)s") % {"unit": current.unit.short_name},
                "starts_on": current.starts_on,
                "ends_on": current.ends_on,
                "source": _("Permintaan penebalan nomor %(number)d") % {"number": current.pk},
                "as_of": at,
                "quality": Quality.ILLUSTRATIVE if current.illustrative else Quality.REPORTED,
            },
            by=by,
            at=at,
            state=DeploymentState.REQUESTED,
            illustrative=current.illustrative,
        )
        given = Contribution.objects.create(
            reinforcement=current, deployment=placed, drawn_from=drawn_from
        )
        event = NeedEvent.OFFERED if by.unit_id == unit.pk or across else NeedEvent.ASSIGNED
        line = write_need(
            current, event, by=by, at=at, unit=unit, personnel=personnel, text=note.strip()
        )
        after = {"unit": unit.slug, "personnel": personnel, "deployment": placed.pk}
        record("reinforcement.give", current, by=by, at=at, after=after | {"missing": line.missing})
        tell_answer(current, given, missing=line.missing, assigned=event, at=at)
    return given


def _refuse_giver(
    request: Reinforcement, unit: Unit, origin: Deployment | None, people: int, at: datetime
) -> None:
    if people < 1:
        raise Refused(_("Jumlah personel paling sedikit 1."), "personnel")
    if unit.pk == request.unit_id:
        raise Refused(_("Satuan peminta tidak dapat menebalkan dirinya sendiri."), "unit")
    if request.ends_on < clock.local(at).date():
        raise Refused(_("Masa penebalan ini sudah lewat."))
    if origin is None:
        return
    if origin.unit_id != unit.pk or origin.operation_id != request.operation_id:
        raise Refused(_("Pilih penempatan dari satuan yang menyumbang."), "drawn_from")
    refuse_undrawable(origin, people)


def _status(origin: Deployment | None) -> str:
    """A reserve stays a reserve until it moves."""
    if origin is not None and origin.status == DeploymentStatus.RESERVE:
        return DeploymentStatus.RESERVE
    return DeploymentStatus.STANDBY


def decline_need(
    addressee: NeedAddressee, *, reason: str, by: Actor, at: datetime
) -> NeedAddressee:
    """Say that one's unit cannot help, and why. Who has declined may still give later."""
    if not reason.strip():
        raise Refused(_("Tulis alasan tidak dapat memenuhi."), "reason")
    with transaction.atomic():
        request = _open(addressee.reinforcement)
        current = NeedAddressee.objects.select_related("unit").get(pk=addressee.pk)
        if current.declined_at is not None:
            return current
        current.declined_at, current.reason = at, reason.strip()
        current.save(update_fields=["declined_at", "reason"])
        said = {"unit": current.unit, "text": current.reason}
        write_need(request, NeedEvent.DECLINED, by=by, at=at, **said)
        after = {"unit": current.unit.slug, "reason": current.reason}
        record("reinforcement.decline", request, by=by, at=at, after=after)
        tell_declined(request, current, at=at)
    return current


def withdraw_reinforcement(
    request: Reinforcement, *, reason: str, version: int, by: Actor, at: datetime
) -> Reinforcement:
    """Take back what is still missing, as long as nobody is on the way or there; offers fall with
    it, and whoever came and was let go stays in the log."""
    if not reason.strip():
        raise Refused(_("Tulis alasan penarikan."), "reason")
    with transaction.atomic():
        current = _locked(request)
        if current.withdrawn_at is not None:
            return current
        if current.version != version:
            raise Stale(_("Permintaan ini sudah berubah sejak Anda membukanya."), current)
        given = [row.deployment for row in current.contributions.select_related("deployment")]
        over = (DeploymentState.CANCELLED, *GONE)
        open_ones = [row for row in given if row.state not in over]
        if any(row.state != DeploymentState.REQUESTED for row in open_ones):
            raise Refused(
                _("Sudah ada personel yang diperintahkan: lepas atau batalkan penempatannya.")
            )
        if Reinforcement.objects.counted(at).get(pk=current.pk).state == NeedState.RELEASED:
            raise Refused(_("Penebalan ini sudah selesai: semua personelnya sudah dilepas."))
        for row in open_ones:
            to = DeploymentState.CANCELLED
            move_deployment(row, to, version=row.version, by=by, at=at, note=reason.strip())
        current.withdrawn_at, current.withdrawal = at, reason.strip()
        current.version += 1
        current.save()
        write_need(current, NeedEvent.WITHDRAWN, by=by, at=at, text=current.withdrawal)
        record("reinforcement.withdraw", current, by=by, at=at, note=current.withdrawal)
        tell_withdrawn(current, [row.unit_id for row in open_ones], at=at)
    return current


def release_people(
    given: Contribution, *, version: int, by: Actor, at: datetime, note: str = ""
) -> Deployment:
    """Let the people go who stand in place: the asking unit needs them no longer. Their return is
    their own unit's step. `version`: of the placement."""
    to = DeploymentState.RELIEVED
    return move_deployment(given.deployment, to, version=version, by=by, at=at, note=note)


def return_drawn(*, at: datetime, by: Actor) -> int:
    """Give the people of placements that ended before today back to where they were drawn from;
    returns how many placements that were. On the last day itself they still count there."""
    today = clock.local(at).date()
    ended = Contribution.objects.filter(
        drawn__gt=0, deployment__state=DeploymentState.RETURNED, deployment__ends_on__lt=today
    ).order_by("pk")
    number = 0
    for given in ended:
        with transaction.atomic():
            return_people(given, by=by, at=at)
        number += 1
    return number


def _locked(request: Reinforcement) -> Reinforcement:
    rows = Reinforcement.objects.select_related("unit", "agency", "operation", "region", "place")
    return rows.select_for_update(of=("self",)).get(pk=request.pk)


def _open(request: Reinforcement) -> Reinforcement:
    current = _locked(request)
    if current.withdrawn_at is not None:
        raise Refused(_("Permintaan ini sudah ditarik."))
    return current
