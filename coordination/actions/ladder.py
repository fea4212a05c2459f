"""What an administrator does with the rungs of the reminder ladders."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.rows import lock, save
from coordination.enums import Occasion, Priority
from coordination.models import LadderRung
from coordination.models.ladder import LIMIT, RECIPIENTS
from coordination.queries.ladder import neighbours, rises
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record

FIELDS = ("priority", "occasion", "after", "recipient", "working_hours_only")


def add_rung(
    *,
    by: Actor,
    at: datetime,
    priority: str,
    occasion: str,
    after: int,
    recipient: str,
    working_hours_only: bool = False,
) -> LadderRung:
    """Add a rung. Obligations past its moment that were already told of a higher one stay quiet."""
    policy.require(by, Permission.LADDER_EDIT)
    rung = LadderRung(
        priority=priority,
        occasion=occasion,
        after=after,
        recipient=recipient,
        working_hours_only=working_hours_only,
    )
    with transaction.atomic():
        _hold()
        _check(rung)
        rung.save()
        record("ladder.add", rung, by=by, at=at, after=_plain(rung))
    return rung


def change_rung(
    rung: LadderRung,
    *,
    by: Actor,
    at: datetime,
    after: int,
    recipient: str,
    working_hours_only: bool,
    version: int | None = None,
) -> LadderRung:
    """Set a rung anew. One that moves in time is another rung: the old one is switched off, so that
    reminders still say what they followed. Returns the rung that now stands."""
    policy.require(by, Permission.LADDER_EDIT)
    with transaction.atomic():
        _hold()
        rung = lock(rung, version)
        if not rung.is_active:
            raise Refused(_("Anak tangga ini tidak aktif. Aktifkan sebelum mengubahnya."))
        before = _plain(rung)
        if after == rung.after:
            values = {"recipient": recipient, "working_hours_only": working_hours_only}
            _check(_copy(rung, **values, pk=rung.pk))
            _before, changed = save(rung, **values)
            if changed:
                record("ladder.change", rung, by=by, at=at, before=_before, after=changed)
            return rung
        moved = _copy(rung, after=after, recipient=recipient, working_hours_only=working_hours_only)
        save(rung, is_active=False)
        _check(moved)
        moved.save()
        record("ladder.change", moved, by=by, at=at, before=before, after=_plain(moved))
    return moved


def switch_rung(
    rung: LadderRung, *, by: Actor, at: datetime, on: bool, version: int | None = None
) -> LadderRung:
    """Switch a rung off or on again. A second call changes nothing."""
    policy.require(by, Permission.LADDER_EDIT)
    with transaction.atomic():
        _hold()
        rung = lock(rung)
        if rung.is_active == on:
            return rung
        if version is not None and rung.version != version:
            lock(rung, version)
        if on:
            _check(rung)
        before, after = save(rung, is_active=on)
        record("ladder.switch", rung, by=by, at=at, before=before, after=after)
    return rung


def _hold() -> None:
    """Two administrators change the ladders one after the other: each sees what the other set."""
    list(
        LadderRung.objects.select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _copy(rung: LadderRung, **values: Any) -> LadderRung:
    return LadderRung(**{name: getattr(rung, name) for name in FIELDS} | values)


def _plain(rung: LadderRung) -> dict[str, Any]:
    return {name: getattr(rung, name) for name in FIELDS}


def _check(rung: LadderRung) -> None:
    """Refuse what is no rung of a ladder that rises."""
    if rung.priority not in Priority.values or rung.occasion not in Occasion.values:
        raise Refused(_("Derajat atau peristiwa ini tidak dikenal."), "occasion")
    if rung.recipient not in dict(RECIPIENTS):
        raise Refused(_("Penerima ini tidak dikenal."), "recipient")
    if abs(rung.after) > LIMIT:
        raise Refused(_("Paling lama 60 hari."), "amount")
    if rung.occasion == Occasion.DUE_SOON and rung.after >= 0:
        raise Refused(_("Pengingat menjelang tenggat jatuh sebelum tenggat."), "amount")
    if rung.occasion != Occasion.DUE_SOON and rung.after < 0:
        raise Refused(_("Pengingat ini tidak dapat jatuh sebelum saat yang dihitung."), "amount")
    others = neighbours(rung)
    if any(other.after == rung.after for other in others):
        raise Refused(_("Sudah ada anak tangga pada saat yang sama."), "amount")
    if not rises([*others, rung]):
        raise Refused(
            _("Tangga harus naik: yang kemudian tidak boleh tertuju kepada jabatan lebih rendah."),
            "recipient",
        )
