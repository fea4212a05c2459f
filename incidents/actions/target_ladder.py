"""What an administrator sets of the ladder of target times."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.enums.targets import RISING
from incidents.models import TargetRung
from incidents.models.target import HIGHEST
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.audit.record import record


def change_target_rung(
    rung: TargetRung,
    *,
    percent: int,
    recipient: str,
    is_active: bool,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> TargetRung:
    """Set when a rung comes and whom it tells, or switch it off. What was told stays told."""
    policy.require(by, Permission.LADDER_EDIT)
    wanted = {"percent": percent, "recipient": recipient, "is_active": is_active}
    with transaction.atomic():
        rows = {row.pk: row for row in TargetRung.objects.select_for_update().order_by("pk")}
        row = rows.pop(rung.pk)
        if version is not None and row.version != version:
            raise Stale(
                _("Data ini sudah diubah orang lain sejak Anda membukanya. Periksa perubahannya."),
                current=row,
            )
        changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
        if not changed:
            return row
        before = {name: getattr(row, name) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
        _check(row, list(rows.values()))
        row.version += 1
        row.save()
        record("target_rung.change", row, by=by, at=at, before=before, after=changed)
    return row


def _check(rung: TargetRung, others: list[TargetRung]) -> None:
    if rung.recipient not in RISING:
        raise Refused(_("Penerima ini tidak dikenal."), "recipient")
    if not 1 <= rung.percent <= HIGHEST:
        raise Refused(_("Antara 1 dan %(most)s persen.") % {"most": HIGHEST}, "percent")
    if any(other.percent == rung.percent for other in others):
        raise Refused(_("Sudah ada anak tangga pada saat yang sama."), "percent")
    ladder = sorted((row for row in [*others, rung] if row.is_active), key=lambda row: row.percent)
    heights = [RISING.index(row.recipient) for row in ladder]
    if heights != sorted(heights):
        raise Refused(
            _("Tangga harus naik: yang kemudian tidak boleh tertuju kepada jabatan lebih rendah."),
            "recipient",
        )
