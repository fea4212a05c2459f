"""What an administrator sets of the ladder of target times."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.actions.reference import change_row
from incidents.enums.targets import RISING
from incidents.models import TargetRung
from incidents.models.target import HIGHEST
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission

EDITABLE = ("percent", "recipient", "is_active")


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
    with transaction.atomic():
        # The whole ladder is locked: two rungs changed at once must not cross.
        rows = list(TargetRung.objects.select_for_update().order_by("pk"))
        others = [row for row in rows if row.pk != rung.pk]
        return change_row(
            rung,
            EDITABLE,
            {"percent": percent, "recipient": recipient, "is_active": is_active},
            checked=lambda wanted: _checked(wanted, others),
            verb="target_rung.change",
            by=by,
            at=at,
            version=version,
        )


def _checked(wanted: dict[str, Any], others: list[TargetRung]) -> dict[str, Any]:
    if wanted["recipient"] not in RISING:
        raise Refused(_("Penerima ini tidak dikenal."), "recipient")
    if not 1 <= wanted["percent"] <= HIGHEST:
        raise Refused(_("Antara 1 dan %(most)s persen.") % {"most": HIGHEST}, "percent")
    if any(other.percent == wanted["percent"] for other in others):
        raise Refused(_("Sudah ada anak tangga pada saat yang sama."), "percent")
    ladder = [row for row in [*others, TargetRung(**wanted)] if row.is_active]
    ladder.sort(key=lambda row: row.percent)
    heights = [RISING.index(row.recipient) for row in ladder]
    if heights != sorted(heights):
        raise Refused(
            _("Tangga harus naik: yang kemudian tidak boleh tertuju kepada jabatan lebih rendah."),
            "recipient",
        )
    return wanted
