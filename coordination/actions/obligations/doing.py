"""What an obliged agency or unit does with its share: the steps of the doer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.obligations.steps import (
    check_percent,
    end_waits,
    lock_obligation,
    rolled_up,
    same_version,
    settle,
    tell_issuer,
    with_issuer,
    write,
)
from coordination.actions.rows import move_obligation
from coordination.actions.stops import acknowledge_key
from coordination.enums import OBLIGATION_WITH_ISSUER, ObligationState, ReportKind, WaitKind
from coordination.models import Obligation
from coordination.queries.chain import has_evidence, open_subs, waited_for
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.notifications.actions import cancel


def acknowledge_obligation(
    obligation: Obligation, *, by: Actor, at: datetime, version: int | None = None
) -> Obligation:
    """Say that the agency has it in hand; what asked for this stops. A second call is the same."""
    policy.require(by, Permission.OBLIGATION_ANSWER, obligation)
    with transaction.atomic():
        obligation = lock_obligation(obligation)
        if obligation.acknowledged_at is not None:
            return obligation
        same_version(obligation, version)
        move_obligation(obligation, ObligationState.ACKNOWLEDGED)
        write(
            obligation,
            ReportKind.ACKNOWLEDGED,
            by=by,
            at=at,
            state=ObligationState.ACKNOWLEDGED,
            acknowledged_at=at,
            acknowledged_by_id=by.post_id,
        )
        cancel(acknowledge_key(obligation), at=at)
    return obligation


def report_progress(
    obligation: Obligation,
    *,
    by: Actor,
    at: datetime,
    percent: int,
    note: str,
    files: Iterable[Any] = (),
    version: int | None = None,
) -> Obligation:
    """Add a progress report with its evidence; it acknowledges, where that is missing, and ends
    waiting for others. Where the agency has passed its share on to units, their mean is its
    progress, and `percent` is not asked."""
    policy.require(by, Permission.OBLIGATION_ANSWER, obligation)
    with transaction.atomic():
        obligation = taken(obligation, by=by, at=at, version=version)
        if obligation.state in OBLIGATION_WITH_ISSUER:
            raise Refused(_("Tindak lanjut ini menunggu keputusan pemberi arahan."))
        if obligation.state != ObligationState.IN_PROGRESS:
            move_obligation(obligation, ObligationState.IN_PROGRESS)
        units = rolled_up(obligation.pk)
        percent = percent if units is None else units
        check_percent(percent)
        if not note.strip():
            raise Refused(_("Uraikan apa yang sudah dikerjakan."), "note")
        stop_waits(obligation, at=at)
        write(
            obligation,
            ReportKind.PROGRESS,
            by=by,
            at=at,
            note=note,
            files=files,
            state=ObligationState.IN_PROGRESS,
            progress=percent,
            obstacle="",
        )
    return obligation


def report_obstacle(
    obligation: Obligation,
    *,
    by: Actor,
    at: datetime,
    obstacle: str,
    percent: int | None = None,
    note: str = "",
    files: Iterable[Any] = (),
    version: int | None = None,
) -> Obligation:
    """Say what stands in the way; the issuer is told. The due time runs on."""
    policy.require(by, Permission.OBLIGATION_ANSWER, obligation)
    with transaction.atomic():
        obligation = taken(obligation, by=by, at=at, version=version)
        move_obligation(obligation, ObligationState.BLOCKED)
        if not obstacle.strip():
            raise Refused(_("Jelaskan kendalanya."), "obstacle")
        units = rolled_up(obligation.pk)
        given = obligation.progress if percent is None else percent
        progress = given if units is None else units
        check_percent(progress)
        report = write(
            obligation,
            ReportKind.BLOCKED,
            by=by,
            at=at,
            note=note,
            files=files,
            state=ObligationState.BLOCKED,
            progress=progress,
            obstacle=obstacle.strip(),
        )
        tell_issuer("obligation_blocked", obligation, report, at=at)
    return obligation


def submit_obligation(
    obligation: Obligation,
    *,
    by: Actor,
    at: datetime,
    note: str,
    files: Iterable[Any] = (),
    version: int | None = None,
) -> Obligation:
    """Report it carried out, with the evidence, for the issuer to verify; urging stops."""
    policy.require(by, Permission.OBLIGATION_ANSWER, obligation)
    with transaction.atomic():
        obligation = lock_obligation(obligation)
        if obligation.state == ObligationState.AWAITING:
            return obligation
        obligation = taken(obligation, by=by, at=at, version=version)
        move_obligation(obligation, ObligationState.AWAITING)
        files = list(files)
        _complete(obligation, note, files)
        settle(obligation, by=by, at=at)
        report = write(
            obligation,
            ReportKind.SUBMITTED,
            by=by,
            at=at,
            note=note,
            files=files,
            state=ObligationState.AWAITING,
            progress=100,
            obstacle="",
            submitted_by_id=by.post_id,
            **with_issuer(obligation, at),
        )
        tell_issuer("obligation_submitted", obligation, report, at=at)
    return obligation


def _complete(obligation: Obligation, note: str, files: list[Any]) -> None:
    """Raises Refused unless the report can be verified."""
    if not note.strip():
        raise Refused(_("Uraikan hasil dan bukti dukungnya."), "note")
    if obligation.directive.evidence_required and not files and not has_evidence(obligation):
        raise Refused(_("Arahan ini mewajibkan bukti dukung: lampirkan berkasnya."), "file")
    if held := waited_for(obligation):
        names = "; ".join(f"{row.doer}: {row.directive.title}" for row in held)
        raise Refused(
            _("Masih menunggu %(names)s. Nyatakan tidak lagi menunggu, lalu ajukan.")
            % {"names": names}
        )
    if units := open_subs(obligation):
        raise Refused(
            _("Belum dapat diajukan: tindak lanjut satuan belum selesai (%(units)s).")
            % {"units": ", ".join(units)}
        )


def taken(obligation: Obligation, *, by: Actor, at: datetime, version: int | None) -> Obligation:
    """The locked row, acknowledged: who answers has seen it."""
    obligation = lock_obligation(obligation, version)
    if obligation.state == ObligationState.OPEN:
        obligation = acknowledge_obligation(obligation, by=by, at=at)
    return obligation


def stop_waits(obligation: Obligation, *, at: datetime) -> int:
    """End its waiting for other obligations; how many it waited for."""
    return end_waits(obligation.waits.filter(kind=WaitKind.OBLIGATION), at)
