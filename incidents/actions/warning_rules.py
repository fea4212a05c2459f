"""The rules of early warning: loaded from their file, changed by coordinators."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from incidents.actions.reference import change_row, load_rows
from incidents.actions.texts import refuse_tally
from incidents.models import IncidentType, WarningRule
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission

EDITABLE = (
    "name", "name_en", "types", "min_severity", "area", "threshold", "window_hours", "factor",
    "weeks", "urgency", "certainty", "valid_hours", "instruction", "instruction_en", "active",
)  # fmt: skip
LONGEST = 24 * 28
"""Hours: four weeks."""


def load_rules(*, rules: Iterable[Mapping[str, Any]], by: Actor, at: datetime) -> int:
    """Bring the rules to what is given; returns how many changed. What a coordinator changed is
    left as it is, and no rule is removed."""
    rows = [{**row, "factor": Decimal(str(row["factor"]))} for row in rules]
    return load_rows(WarningRule, rows, verb="warning_rule.load", by=by, at=at)


def change_rule(
    rule: WarningRule,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
    **values: Any,
) -> WarningRule:
    """Change when a rule warns, for a reason that its history tells. Warnings that were given keep
    the sentence that gave them."""
    policy.require(by, Permission.WARNING_EDIT)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Sebutkan alasannya."), "reason")
    refuse_tally(reason=reason)
    return change_row(
        rule,
        EDITABLE,
        values,
        checked=_checked,
        verb="warning_rule.change",
        by=by,
        at=at,
        version=version,
        note=reason,
        by_hand=True,
    )


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    values["types"] = " ".join(values["types"].upper().split())
    known = set(IncidentType.objects.values_list("pk", flat=True))
    known |= {code[0] for code in known}
    for code in values["types"].split():
        if code not in known:
            text = _("%(code)s bukan kode atau golongan jenis kejadian.") % {"code": code}
            raise Refused(text, "types")
    for name in ("name", "name_en", "instruction", "instruction_en"):
        values[name] = values[name].strip()
        if not values[name]:
            raise Refused(_("Isian ini wajib diisi."), name)
    refuse_tally(instruction=values["instruction"], instruction_en=values["instruction_en"])
    if not 1 <= values["threshold"] <= 1000:
        raise Refused(_("Ambang antara 1 dan 1.000."), "threshold")
    for name in ("window_hours", "valid_hours"):
        if not 1 <= values[name] <= LONGEST:
            raise Refused(_("Antara 1 dan %(most)d jam.") % {"most": LONGEST}, name)
    if not 1 <= values["weeks"] <= 26:
        raise Refused(_("Antara 1 dan 26 minggu."), "weeks")
    if not 1 <= values["factor"] <= 100:
        raise Refused(_("Antara 1 dan 100."), "factor")
    return values
