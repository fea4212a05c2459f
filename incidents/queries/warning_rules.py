"""The past of a rule of warning: who changed what, when and why, for page and API alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from incidents.models import WarningRule
from portal.audit.queries import acts_on

TECHNICAL = frozenset({"code", "position"})


@dataclass(frozen=True)
class FieldChange:
    """A field of a rule as it was and as it became, in the reader's words."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class RuleAct:
    """An act on a rule; of its first loading there are no changes."""

    at: datetime
    act: str
    post: str
    reason: str
    changes: list[FieldChange]


def rule_acts(rule: WarningRule) -> list[RuleAct]:
    """The newest first; `rule` was looked up in the reader's sight."""
    acts: list[RuleAct] = []
    known: dict[str, Any] = {}
    for entry in acts_on(rule, "warning_rule.load", "warning_rule.change"):
        known |= entry.before or {}
        after = entry.after or {}
        changes = _changes(known, after)
        known |= after
        acts.append(RuleAct(entry.at, entry.act, entry.post_title, entry.note, changes))
    return acts[::-1]


def rule_events(rule: WarningRule) -> list[dict[str, Any]]:
    """The acts for `ui/timeline.html`."""
    return [
        {
            "at": one.at,
            "title": one.act,
            "by": one.post,
            "text": " · ".join([*filter(None, [one.reason]), *map(_said, one.changes)]),
            "kind": "info" if one.changes else "neutral",
        }
        for one in rule_acts(rule)
    ]


def _said(change: FieldChange) -> str:
    return f"{change.label}: {change.before} → {change.after}"


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    found = []
    for name in after:
        if name in TECHNICAL or name not in before:
            continue
        was, became = _words(name, before[name]), _words(name, after[name])
        if was != became:
            label = str(_field(name).verbose_name)
            found.append(FieldChange(name, label, was, became))
    return found


def _field(name: str) -> Any:
    return WarningRule._meta.get_field(name)


def _words(name: str, value: Any) -> str:
    """A stored value as its field says it; the factor was stored as text or as a number."""
    if isinstance(value, bool):
        return _("Ya") if value else _("Tidak")
    if name == "factor":
        return f"{float(value):g}".replace(".", ",")
    choices = dict(_field(name).flatchoices)
    return str(choices.get(value, value)) or "–"
