"""Numbers that are possible but odd: by ratio, by jump, by falling silent at nought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from deployments.enums import RuleKind, Severity
from deployments.models import OddityRule, RuleFlag
from portal.web.templatetags.portal import angka


@dataclass(frozen=True)
class Oddity:
    """A number that a rule finds odd, and what it was held against."""

    rule: OddityRule
    value: int
    against: int

    @property
    def quarantines(self) -> bool:
        return self.rule.severity == Severity.QUARANTINE

    @property
    def sentence(self) -> str:
        return _sentence(self.rule, self.value, self.against)


def active_rules() -> list[OddityRule]:
    return list(OddityRule.objects.filter(is_active=True))


def oddities(
    given: Mapping[str, Any], before: Mapping[str, Any] | None, rules: Sequence[OddityRule]
) -> list[Oddity]:
    """What the rules find in a report's answers; `before` are those of the report before."""
    return [
        Oddity(rule, given[rule.field], against)
        for rule in rules
        if (against := _against(rule, given, before)) is not None
    ]


def _against(
    rule: OddityRule, given: Mapping[str, Any], before: Mapping[str, Any] | None
) -> int | None:
    """What makes the number odd; None if it is not, or cannot be judged."""
    value = _count(given, rule.field)
    ratio = rule.kind == RuleKind.RATIO
    other = _count(given, rule.other) if ratio else _count(before or {}, rule.field)
    if value is None or other is None or other < max(rule.floor, 1):
        return None
    odd = {
        RuleKind.RATIO: value * 100 > rule.percent * other,
        RuleKind.JUMP: abs(value - other) * 100 > rule.percent * other,
        RuleKind.ZERO: value == 0,
    }[RuleKind(rule.kind)]
    return other if odd else None


def _count(given: Mapping[str, Any], key: str) -> int | None:
    value = given.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag_sentence(flag: RuleFlag) -> str:
    """What a kept flag says; its rule may have changed since, its numbers have not."""
    return _sentence(flag.rule, flag.value, flag.against)


def _sentence(rule: OddityRule, value: int, against: int) -> str:
    numbers = {"rule": rule.label, "value": angka(value), "against": angka(against)}
    if rule.kind == RuleKind.RATIO:
        return _("%(rule)s: %(value)s dibanding %(against)s.") % numbers
    return _("%(rule)s: %(value)s, sebelumnya %(against)s.") % numbers
