"""How many stand at a place on a day, said outright."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from deployments.actions.entries import PLACE, Sheet, account, enter, lock, require_covered
from deployments.actions.ledger import check_target
from deployments.models import StrengthTransfer
from deployments.queries.ledger import balance_on
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.registry.models import Operation


def set_level(
    operation: Operation, values: dict[str, Any], *, by: Actor, at: datetime
) -> StrengthTransfer | None:
    """Make that many people of the unit's agency stand at the place from the day on: the difference
    comes from those whom the agency has not itemised, or goes back to them. `values`: PLACE,
    personnel, effective_on, reason, origin. None when they stand there already."""
    if values["personnel"] < 0:
        raise Refused(_("Jumlah personel tidak dapat kurang dari 0."), "personnel")
    if not values["reason"].strip():
        raise Refused(_("Tulis alasan perpindahan."), "reason")
    owner = values["unit"].agency_id
    check_target(owner, values)
    day: date = values["effective_on"]
    with transaction.atomic():
        head = lock(operation, owner)
        place = account(operation, owner, **{name: values[name] for name in PLACE})
        difference = values["personnel"] - balance_on([place.pk], day)[place.pk]
        if not difference:
            return None
        sides = (head.pk, place.pk) if difference > 0 else (place.pk, head.pk)
        sheet = Sheet(operation, by, at, values["reason"], values["origin"], at)
        entry = enter(sheet, head, *sides, abs(difference), day)
        require_covered(sheet, [entry])
    return entry
