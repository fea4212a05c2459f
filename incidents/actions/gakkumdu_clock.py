"""The legal clock of Sentra Gakkumdu: loaded from its file, corrected by administrators."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.enums.gakkumdu import Effect, TimeUnit
from incidents.models import ClockStep
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.audit.record import record

EDITABLE = ("limit", "unit", "extension", "effect", "lapse", "lapse_en", "remind_hours", "source")
LONGEST = 365


def load_clock(*, steps: Iterable[Mapping[str, Any]], by: Actor, at: datetime) -> int:
    """Bring the clock to what is given; returns how many steps changed. What an administrator
    corrected is left as it is."""
    changed = 0
    with transaction.atomic():
        for position, row in enumerate(steps, start=1):
            wanted = {name: value for name, value in row.items() if name != "code"}
            wanted["position"] = position
            known = ClockStep.objects.select_for_update().filter(pk=row["code"]).first()
            same = known and all(getattr(known, name) == value for name, value in wanted.items())
            if known and (same or known.by_hand):
                continue
            step, _new = ClockStep.objects.update_or_create(code=row["code"], defaults=wanted)
            record("gakkumdu_clock.load", step, by=by, at=at, after=dict(row))
            changed += 1
    return changed


def change_clock_step(
    step: ClockStep, *, by: Actor, at: datetime, version: int | None = None, **values: Any
) -> ClockStep:
    """Correct a step's limit, extension, effect or source. Steps that run are reckoned anew, those
    that are done keep the end that was reckoned when they were written down."""
    policy.require(by, Permission.GAKKUMDU_EDIT)
    with transaction.atomic():
        row = ClockStep.objects.select_for_update().get(pk=step.pk)
        if version is not None and row.version != version:
            raise Stale(
                _("Data ini sudah diubah orang lain sejak Anda membukanya. Periksa perubahannya."),
                current=row,
            )
        wanted = _checked({name: getattr(row, name) for name in EDITABLE} | values)
        changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
        if not changed:
            return row
        before = {name: getattr(row, name) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
        row.by_hand = True
        row.version += 1
        row.save()
        record("gakkumdu_clock.change", row, by=by, at=at, before=before, after=changed)
    return row


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    for name in ("lapse", "lapse_en", "source"):
        values[name] = values[name].strip()
    if not values["source"]:
        raise Refused(_("Sebutkan dasarnya, misalnya nomor pasal."), "source")
    if values["unit"] not in TimeUnit.values:
        raise Refused(_("Satuan waktu ini tidak dikenal."), "unit")
    if values["effect"] not in Effect.values:
        raise Refused(_("Akibat ini tidak dikenal."), "effect")
    if values["limit"] is None and values["extension"]:
        raise Refused(_("Langkah tanpa batas waktu tidak dapat diperpanjang."), "extension")
    if values["limit"] is not None and not 1 <= values["limit"] <= LONGEST:
        raise Refused(_("Batas waktu antara 1 dan 365."), "limit")
    return values
