"""What the portal itself says of a report: its lights, and its odd numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from deployments.actions.answers import answer_errors, tidy
from deployments.actions.figures import figure_errors, line_errors
from deployments.actions.settling import FIELDS, MORE
from deployments.enums import Light
from deployments.models import OddityRule, ReadinessGroup, ReadinessReport, RuleFlag
from deployments.queries.lights import GroupLight, Scale, is_partial, judge, overall
from deployments.queries.oddities import Oddity, oddities
from deployments.queries.report_forms import FormSpec, answers_of
from portal.access.errors import Refused

REASON_LENGTH = 500


@dataclass(frozen=True)
class Verdict:
    """A report's groups and odd numbers, before it is written."""

    groups: list[GroupLight]
    odd: list[Oddity]

    @property
    def light(self) -> Light:
        return overall(self.groups)

    @property
    def partial(self) -> bool:
        return is_partial(self.groups)

    @property
    def quarantined(self) -> bool:
        return any(oddity.quarantines for oddity in self.odd)

    @property
    def doubts(self) -> list[Oddity]:
        """What the sender must confirm with a reason."""
        return [oddity for oddity in self.odd if not oddity.quarantines]


def complete(values: Mapping[str, Any]) -> dict[str, Any]:
    """The sender's values with what he may leave out."""
    return {
        **{name: values[name] for name in FIELDS},
        **{name: values.get(name) for name in MORE},
        "answers": tidy(values.get("answers")),
    }


def value_errors(spec: FormSpec, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(field, sentence) for each contradiction, in columns and other answers alike."""
    errors = figure_errors(values)
    blamed = {field for field, _sentence in errors}
    return errors + [pair for pair in answer_errors(spec, values) if pair[0] not in blamed]


def check(
    spec: FormSpec,
    values: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    allowed: Mapping[str, bool],
) -> None:
    """Raises Refused with the first contradiction."""
    for field, sentence in value_errors(spec, values):
        raise Refused(sentence, field)
    for _district, sentence in line_errors(values, lines, allowed) if lines else []:
        raise Refused(sentence, "lines")


def verdict_on(
    spec: FormSpec,
    values: Mapping[str, Any],
    before: ReadinessReport | None,
    rules: Sequence[OddityRule],
    by: Mapping[str, Scale],
) -> Verdict:
    given = answers_of(values)
    known = answers_of(values_of(before)) if before else None
    return Verdict(judge(spec, given, by), oddities(given, known, rules))


def must_confirm(verdict: Verdict, confirm: str) -> None:
    """Raises Refused while the sender has given no reason for what is odd."""
    if verdict.doubts and not confirm.strip():
        sentences = " ".join(oddity.sentence for oddity in verdict.doubts)
        raise Refused(
            _("%(odd)s Periksa angkanya; bila benar, tulis alasannya lalu kirim lagi.")
            % {"odd": sentences},
            "confirm",
        )


def values_of(report: ReadinessReport) -> dict[str, Any]:
    """The report's figures as `submit_report` takes them."""
    return {name: getattr(report, name) for name in (*FIELDS, *MORE)}


def group_rows(report: ReadinessReport, verdict: Verdict) -> list[ReadinessGroup]:
    return [
        ReadinessGroup(
            report=report,
            key=group.key,
            light=group.light,
            mandatory=group.mandatory,
            percent=group.percent,
        )
        for group in verdict.groups
    ]


def flag_rows(report: ReadinessReport, verdict: Verdict, confirm: str) -> list[RuleFlag]:
    return [
        RuleFlag(
            report=report,
            rule=oddity.rule,
            severity=oddity.rule.severity,
            value=oddity.value,
            against=oddity.against,
            percent=oddity.rule.percent,
            reason=confirm.strip()[:REASON_LENGTH],
        )
        for oddity in verdict.odd
    ]
