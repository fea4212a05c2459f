"""What the issuer says to a share: verified, returned, closed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.obligations.steps import (
    check_percent,
    finish,
    issuer_answered,
    lock_obligation,
    lock_waits,
    same_version,
    tell_doer,
    write,
)
from coordination.actions.rows import move_obligation
from coordination.enums import ObligationState, ReportKind
from coordination.models import Obligation, ProgressReport
from coordination.queries.chain import chain_gaps
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission


def verify_obligation(
    obligation: Obligation,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    version: int | None = None,
) -> Obligation:
    """The issuer accepts the evidence; closing is the next step. A second call changes nothing."""
    policy.require(by, Permission.OBLIGATION_VERIFY, obligation)
    with transaction.atomic():
        obligation = lock_obligation(obligation)
        if obligation.state in {ObligationState.VERIFIED, ObligationState.DONE}:
            return obligation
        same_version(obligation, version)
        report = _verify(obligation, by=by, at=at, note=note)
        tell_doer("obligation_verified", obligation, report, at=at)
    return obligation


def close_obligation(
    obligation: Obligation,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    version: int | None = None,
) -> Obligation:
    """The issuer closes what is verified, unless a link of the chain is missing: the refusal names
    each. Who waited for it goes on. A second call changes nothing."""
    policy.require(by, Permission.OBLIGATION_VERIFY, obligation)
    with transaction.atomic():
        lock_waits()
        obligation = lock_obligation(obligation)
        if obligation.state == ObligationState.DONE:
            return obligation
        same_version(obligation, version)
        report = _close(obligation, by=by, at=at, note=note)
        tell_doer("obligation_closed", obligation, report, at=at)
    return obligation


def verify_and_close(
    obligation: Obligation,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    version: int | None = None,
) -> Obligation:
    """Both steps at once: all of it or nothing; the doer is told once."""
    policy.require(by, Permission.OBLIGATION_VERIFY, obligation)
    with transaction.atomic():
        lock_waits()
        obligation = lock_obligation(obligation)
        if obligation.state == ObligationState.DONE:
            return obligation
        same_version(obligation, version)
        if obligation.state == ObligationState.VERIFIED:
            report = _close(obligation, by=by, at=at, note=note)
        else:
            # The words belong to the verification; the history does not say them twice.
            report = _verify(obligation, by=by, at=at, note=note)
            _close(obligation, by=by, at=at, note="")
        tell_doer("obligation_closed", obligation, report, at=at)
    return obligation


def return_obligation(
    obligation: Obligation,
    *,
    by: Actor,
    at: datetime,
    note: str,
    percent: int | None = None,
    version: int | None = None,
) -> Obligation:
    """Send it back with a reason: the evidence does not show that it was carried out, or it can be
    carried out after all. The time it lay with the issuer is added to the due time."""
    policy.require(by, Permission.OBLIGATION_VERIFY, obligation)
    with transaction.atomic():
        obligation = lock_obligation(obligation)
        same_version(obligation, version)
        if ObligationState(obligation.state) not in RETURNABLE:
            raise Refused(_("Hanya yang menunggu verifikasi dapat dikembalikan."))
        move_obligation(obligation, ObligationState.IN_PROGRESS)
        if not note.strip():
            raise Refused(_("Tulis apa yang perlu diperbaiki."), "note")
        progress = min(obligation.progress, 90) if percent is None else percent
        check_percent(progress)
        report = write(
            obligation,
            ReportKind.RETURNED,
            by=by,
            at=at,
            note=note,
            state=ObligationState.IN_PROGRESS,
            progress=progress,
            verified_at=None,
            verified_by_id=None,
            **issuer_answered(obligation, at),
        )
        tell_doer("obligation_returned", obligation, report, at=at)
    return obligation


RETURNABLE = frozenset(
    {ObligationState.AWAITING, ObligationState.VERIFIED, ObligationState.DECLARED}
)


def _verify(obligation: Obligation, *, by: Actor, at: datetime, note: str) -> ProgressReport:
    move_obligation(obligation, ObligationState.VERIFIED)
    return write(
        obligation,
        ReportKind.VERIFIED,
        by=by,
        at=at,
        note=note,
        state=ObligationState.VERIFIED,
        progress=100,
        verified_at=at,
        verified_by_id=by.post_id,
    )


def _close(obligation: Obligation, *, by: Actor, at: datetime, note: str) -> ProgressReport:
    move_obligation(obligation, ObligationState.DONE)
    if gaps := chain_gaps(obligation):
        raise Refused(_("Belum dapat ditutup. %(gaps)s") % {"gaps": " ".join(gaps)})
    return finish(obligation, ReportKind.CLOSED, ObligationState.DONE, by=by, at=at, note=note)
