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
from portal.web.templatetags.portal import angka, tanggal_pendek


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
        standing = balance_on([place.pk], day)[place.pk]
        difference = values["personnel"] - standing
        if not difference:
            return None
        sides = (head.pk, place.pk) if difference > 0 else (place.pk, head.pk)
        sheet = Sheet(operation, by, at, values["reason"], values["origin"], at)
        entry = enter(sheet, head, *sides, abs(difference), day)
        try:
            require_covered(sheet, [entry])
        except Refused as refusal:
            # The ledger speaks of the difference and of the day on which it fails; who wrote the
            # number must find his own.
            said = {
                "account": place,
                "wanted": angka(values["personnel"]),
                "day": tanggal_pendek(day),
                "standing": angka(standing),
                "difference": angka(abs(difference)),
                "why": refusal.sentence,
            }
            raise Refused(
                _(
                    "%(account)s menjadi %(wanted)s orang mulai %(day)s (tercatat %(standing)s, "
                    "selisih %(difference)s): %(why)s"
                )
                % said,
                refusal.field,
            ) from refusal
    return entry
