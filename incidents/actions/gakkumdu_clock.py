"""The legal clock of Sentra Gakkumdu: loaded from its file, corrected by administrators."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from incidents.actions.reference import change_row, load_rows
from incidents.enums.gakkumdu import Effect, TimeUnit
from incidents.models import ClockStep
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission

EDITABLE = ("limit", "unit", "extension", "effect", "lapse", "lapse_en", "remind_hours", "source")
LONGEST = 365


def load_clock(*, steps: Iterable[Mapping[str, Any]], by: Actor, at: datetime) -> int:
    """Bring the clock to what is given; returns how many steps changed. What an administrator
    corrected is left as it is."""
    return load_rows(ClockStep, steps, verb="gakkumdu_clock.load", by=by, at=at)


def change_clock_step(
    step: ClockStep, *, by: Actor, at: datetime, version: int | None = None, **values: Any
) -> ClockStep:
    """Correct a step's limit, extension, effect or source. Steps that run are reckoned anew, those
    that are done keep the end that was reckoned when they were written down."""
    policy.require(by, Permission.GAKKUMDU_EDIT)
    return change_row(
        step,
        EDITABLE,
        values,
        checked=_checked,
        verb="gakkumdu_clock.change",
        by=by,
        at=at,
        version=version,
        by_hand=True,
    )


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
