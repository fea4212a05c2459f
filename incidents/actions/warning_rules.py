"""The rules of early warning: loaded from their file, changed by coordinators."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.actions.texts import refuse_tally
from incidents.models import IncidentType, WarningRule
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.audit.record import record

EDITABLE = (
    "name", "name_en", "types", "min_severity", "area", "threshold", "window_hours", "factor",
    "weeks", "urgency", "certainty", "valid_hours", "instruction", "instruction_en", "active",
)  # fmt: skip
LONGEST = 24 * 28
"""Hours: four weeks."""


def load_rules(*, rules: Iterable[Mapping[str, Any]], by: Actor, at: datetime) -> int:
    """Bring the rules to what is given; returns how many changed. What a coordinator changed is
    left as it is, and no rule is removed."""
    changed = 0
    with transaction.atomic():
        for position, row in enumerate(rules, start=1):
            wanted = {name: value for name, value in row.items() if name != "code"}
            wanted |= {"position": position, "factor": Decimal(str(row["factor"]))}
            known = WarningRule.objects.select_for_update().filter(pk=row["code"]).first()
            same = known and all(getattr(known, name) == value for name, value in wanted.items())
            if known and (same or known.by_hand):
                continue
            rule, _new = WarningRule.objects.update_or_create(code=row["code"], defaults=wanted)
            record("warning_rule.load", rule, by=by, at=at, after=dict(row))
            changed += 1
    return changed


def change_rule(
    rule: WarningRule, *, by: Actor, at: datetime, version: int | None = None, **values: Any
) -> WarningRule:
    """Change when a rule warns. Warnings that were given keep the sentence that gave them."""
    policy.require(by, Permission.WARNING_EDIT)
    with transaction.atomic():
        row = WarningRule.objects.select_for_update().get(pk=rule.pk)
        if version is not None and row.version != version:
            raise Stale(
                _("Data ini sudah diubah orang lain sejak Anda membukanya. Periksa perubahannya."),
                current=row,
            )
        wanted = _checked({name: getattr(row, name) for name in EDITABLE} | values)
        changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
        if not changed:
            return row
        before = {name: _plain(getattr(row, name)) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
        row.by_hand = True
        row.version += 1
        row.save()
        after = {name: _plain(value) for name, value in changed.items()}
        record("warning_rule.change", row, by=by, at=at, before=before, after=after)
    return row


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


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
