"""What people do with a warning: acknowledge it, say how it ended."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.actions.texts import refuse_tally
from incidents.actions.warning_notices import tell_ended
from incidents.actions.warnings import end, kept_from, write_entry
from incidents.enums.warning import BY_HAND, WARNING_MOVES, WarningState, WarningStep
from incidents.models import EarlyWarning, WarningReceipt
from portal.access import policy
from portal.access.actor import SYSTEM, Actor
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.audit.record import record


def acknowledge_warning(warning: EarlyWarning, *, by: Actor, at: datetime) -> WarningReceipt:
    """The agency of the acting post has read it and acts on it; the first one counts."""
    policy.require(by, Permission.WARNING_ACKNOWLEDGE)
    with transaction.atomic():
        warning = EarlyWarning.objects.select_for_update().get(pk=warning.pk)
        receipt = warning.receipts.filter(agency_id=by.agency_id).first()
        if receipt is None:
            raise Refused(_("Peringatan ini tidak ditujukan kepada instansi Anda."))
        if receipt.acknowledged_at:
            return receipt
        if warning.state != WarningState.RUNNING:
            raise Refused(_("Peringatan ini tidak berlaku lagi."))
        receipt.acknowledged_at, receipt.acknowledged_by_id = at, by.post_id
        receipt.save(update_fields=["acknowledged_at", "acknowledged_by"])
        write_entry(warning, WarningStep.ACKNOWLEDGED, by=by, at=at)
        record("warning.acknowledge", warning, by=by, at=at, after={"agency": by.agency_slug})
    return receipt


def end_warning(
    warning: EarlyWarning,
    state: str,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> EarlyWarning:
    """Say that it came true, was wrong, or is called off, always with the reason."""
    if state not in BY_HAND:
        raise Refused(_("Pilih bagaimana peringatan ini berakhir."), "state")
    reason = reason.strip()
    if not reason:
        raise Refused(_("Tulis alasannya."), "reason")
    refuse_tally(reason=reason)
    with transaction.atomic():
        warning = EarlyWarning.objects.select_for_update().get(pk=warning.pk)
        policy.require(by, Permission.WARNING_HANDLE, warning)
        if warning.state == state:
            return warning
        if state not in WARNING_MOVES[warning.state]:
            raise Refused(_("Peringatan ini sudah diakhiri."), "state")
        if version is not None and warning.version != version:
            raise Stale(
                _("Data ini sudah diubah orang lain sejak Anda membukanya. Periksa perubahannya."),
                current=warning,
            )
        end(warning, state, by=by, at=at, reason=reason)
        tell_ended(warning, reason, without=kept_from(warning), at=at)
    return warning


def expire_warnings(*, at: datetime) -> int:
    """Each minute: warnings whose time is over; returns how many."""
    over = 0
    for pk in (
        EarlyWarning.objects.running().filter(valid_until__lte=at).values_list("pk", flat=True)
    ):
        with transaction.atomic():
            warning = EarlyWarning.objects.select_for_update().get(pk=pk)
            if warning.state == WarningState.RUNNING and warning.valid_until <= at:
                end(warning, WarningState.EXPIRED, by=SYSTEM, at=at)
                over += 1
    return over
