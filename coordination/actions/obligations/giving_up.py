"""What cannot be carried out: declared by the doer, accepted or not by the issuer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.obligations.doing import taken
from coordination.actions.obligations.steps import (
    finish,
    lock_obligation,
    lock_waits,
    same_version,
    settle,
    tell_doer,
    tell_issuer,
    with_issuer,
    write,
)
from coordination.actions.rows import move_obligation
from coordination.enums import ObligationState, ReportKind
from coordination.models import Obligation
from coordination.queries.chain import open_subs
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission


def declare_unfeasible(
    obligation: Obligation,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    version: int | None = None,
) -> Obligation:
    """Say that it cannot be carried out, and why. Only the issuer can end it so; its no is
    `return_obligation`. A second call changes nothing."""
    policy.require(by, Permission.OBLIGATION_ANSWER, obligation)
    with transaction.atomic():
        obligation = lock_obligation(obligation)
        if obligation.state == ObligationState.DECLARED:
            return obligation
        obligation = taken(obligation, by=by, at=at, version=version)
        move_obligation(obligation, ObligationState.DECLARED)
        if not reason.strip():
            raise Refused(_("Tulis mengapa tidak dapat dilaksanakan."), "reason")
        if units := open_subs(obligation):
            raise Refused(
                _("Selesaikan atau batalkan dahulu tindak lanjut satuan: %(units)s.")
                % {"units": ", ".join(units)}
            )
        settle(obligation, by=by, at=at)
        report = write(
            obligation,
            ReportKind.DECLARED,
            by=by,
            at=at,
            note=reason,
            state=ObligationState.DECLARED,
            submitted_by_id=by.post_id,
            **with_issuer(obligation, at),
        )
        tell_issuer("obligation_declared_unfeasible", obligation, report, at=at)
    return obligation


def accept_unfeasible(
    obligation: Obligation,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    version: int | None = None,
) -> Obligation:
    """The issuer accepts that it cannot be carried out, and closes it. A second call changes
    nothing."""
    policy.require(by, Permission.OBLIGATION_VERIFY, obligation)
    with transaction.atomic():
        lock_waits()
        obligation = lock_obligation(obligation)
        if obligation.state == ObligationState.UNFEASIBLE:
            return obligation
        same_version(obligation, version)
        move_obligation(obligation, ObligationState.UNFEASIBLE)
        closed = ObligationState.UNFEASIBLE
        report = finish(obligation, ReportKind.UNFEASIBLE, closed, by=by, at=at, note=note)
        tell_doer("obligation_unfeasible", obligation, report, at=at)
    return obligation
