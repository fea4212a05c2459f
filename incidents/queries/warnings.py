"""Warnings as lists and sheets show them, and how often each rule was right."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.enums import SEVERITY_BADGES
from incidents.enums.warning import WARNING_BADGES, WarningState, WarningStep
from incidents.models import (
    EarlyWarning,
    FieldReport,
    Incident,
    WarningEntry,
    WarningReceipt,
    WarningRule,
)
from incidents.models.warning import WarningQuerySet
from incidents.queries.rows import IncidentRow, incident_rows, incidents, region_label
from incidents.queries.warning_words import rule_sentence, span_words
from portal.access.actor import Actor
from portal.access.permissions import Permission

RECEIPTS = Prefetch(
    "receipts",
    WarningReceipt.objects.owed_or_given().select_related("agency", "acknowledged_by"),
)
STEP_KINDS = {
    WarningStep.RAISED: "danger",
    WarningStep.EXTENDED: "warning",
    WarningStep.ACKNOWLEDGED: "info",
    WarningStep.CONFIRMED: "success",
}


def warnings(actor: Actor) -> WarningQuerySet:
    """What the post sees, newest first, with what a row prints."""
    rows = EarlyWarning.objects.visible_to(actor).select_related("rule", "region__parent")
    return rows.prefetch_related(RECEIPTS).order_by("-raised_at", "-pk")


@dataclass(frozen=True)
class WarningRow:
    """A line of the list, ready to print; badges are (kind, label)."""

    number: str
    rule: str
    url: str
    place: str
    severity: tuple[str, str]
    state: tuple[str, str]
    urgency: str
    certainty: str
    raised_at: datetime
    valid_until: datetime
    told: int
    waiting: list[str]
    illustrative: bool


def warning_rows(rows: Iterable[EarlyWarning]) -> list[WarningRow]:
    return [warning_row(row) for row in rows]


def warning_row(row: EarlyWarning) -> WarningRow:
    receipts = list(row.receipts.all())
    return WarningRow(
        number=row.number,
        rule=row.rule.label,
        url=reverse("incidents:warning_detail", args=[row.pk]),
        place=region_label(row.region),
        severity=(SEVERITY_BADGES[row.severity], row.get_severity_display()),
        state=(WARNING_BADGES[row.state], row.get_state_display()),
        urgency=row.get_urgency_display(),
        certainty=row.get_certainty_display(),
        raised_at=row.raised_at,
        valid_until=row.valid_until,
        told=len(receipts),
        waiting=[one.agency.short_name for one in receipts if one.acknowledged_at is None],
        illustrative=row.illustrative,
    )


@dataclass(frozen=True)
class Grounds:
    """What a warning rests on, as far as the reader may see it. `withheld` says only that there is
    more, never how much."""

    incidents: list[IncidentRow]
    reports: list[tuple[str, str]]
    silent: list[tuple[str, datetime]]
    withheld: bool

    @property
    def number(self) -> int:
        return len(self.incidents) + len(self.reports) + len(self.silent)


def grounds(warning: EarlyWarning, actor: Actor) -> Grounds:
    every = warning.facts.count()
    facts = list(warning.facts.open_to(actor.agency_id).select_related("expected__unit"))
    wanted = [fact.incident_id for fact in facts if fact.incident_id]
    told = [fact.report_id for fact in facts if fact.report_id]
    seen = incident_rows(incidents(actor).filter(pk__in=wanted)) if wanted else []
    reports = FieldReport.objects.visible_to(actor).filter(pk__in=told) if told else []
    shown = [(str(row), reverse("incidents:field_report_detail", args=[row.pk])) for row in reports]
    silent = [
        (fact.expected.unit.short_name, fact.expected.cut_off_at) for fact in facts if fact.expected
    ]
    found = len(seen) + len(shown) + len(silent)
    return Grounds(seen, shown, silent, withheld=found < every)


def grounds_seen(warning: EarlyWarning, actor: Actor) -> list[str]:
    """The numbers of the incidents behind it that the reader may see."""
    facts = warning.facts.open_to(actor.agency_id).filter(incident__isnull=False)
    pks = facts.values("incident")
    rows = Incident.objects.visible_to(actor).filter(pk__in=pks).order_by("-reported_at", "-pk")
    return list(rows.values_list("number", flat=True))


def history(warning: EarlyWarning) -> list[dict]:
    """The entries for `ui/timeline.html`, newest first."""
    rows = WarningEntry.objects.filter(warning=warning).select_related("post", "agency")
    return [
        {
            "at": row.at,
            "title": row.get_step_display(),
            "by": row.agency.short_name if row.agency else _("Sistem"),
            "text": row.text,
            "kind": STEP_KINDS.get(WarningStep(row.step), "neutral"),
        }
        for row in rows.order_by("-at", "-pk")
    ]


@dataclass(frozen=True)
class Precision:
    """Of the warnings of a rule that the reader sees: how many came true, were wrong, were called
    off, and are not judged yet. `share` is what came true of those judged, in per cent."""

    confirmed: int = 0
    false: int = 0
    cancelled: int = 0
    open: int = 0

    @property
    def total(self) -> int:
        return self.confirmed + self.false + self.cancelled + self.open

    @property
    def share(self) -> int | None:
        judged = self.confirmed + self.false
        return round(100 * self.confirmed / judged) if judged else None


def precision(actor: Actor) -> dict[str, Precision]:
    """By the rule's code; a rule without warnings is absent."""
    counted = EarlyWarning.objects.visible_to(actor).order_by().values_list("rule", "state")
    by_rule: dict[str, Counter[str]] = {}
    for rule, state, number in counted.annotate(n=Count("pk")):
        by_rule.setdefault(rule, Counter())[state] += number
    return {
        rule: Precision(
            confirmed=states[WarningState.CONFIRMED],
            false=states[WarningState.FALSE_ALARM],
            cancelled=states[WarningState.CANCELLED],
            open=states[WarningState.RUNNING] + states[WarningState.EXPIRED],
        )
        for rule, states in by_rule.items()
    }


@dataclass(frozen=True)
class RuleRow:
    code: str
    label: str
    sentence: str
    said: str
    valid: str
    active: bool
    by_hand: bool
    precision: Precision
    share: str


def rule_rows(actor: Actor) -> list[RuleRow]:
    known = precision(actor)
    return [
        RuleRow(
            code=rule.pk,
            label=rule.label,
            sentence=rule_sentence(rule),
            said=f"{rule.get_urgency_display()} · {rule.get_certainty_display()}",
            valid=span_words(rule.valid_hours),
            active=rule.active,
            by_hand=rule.by_hand,
            precision=known.get(rule.pk, Precision()),
            share=share_words(known.get(rule.pk, Precision())),
        )
        for rule in WarningRule.objects.visible_to(actor)
    ]


def share_words(known: Precision) -> str:
    return _("belum ada yang dinilai") if known.share is None else f"{known.share}%"


def running_warnings(actor: Actor, limit: int = 5) -> list[WarningRow]:
    """The newest that run, for the wall of the situation room."""
    return warning_rows(warnings(actor).running()[:limit])


@dataclass(frozen=True)
class Unacknowledged:
    """A warning that the own agency has not acknowledged."""

    title: str
    url: str
    since: datetime
    badge: tuple[str, str]


def unacknowledged_for(actor: Actor, limit: int = 50) -> list[Unacknowledged]:
    """What still runs and nobody of the own agency has acknowledged, the oldest first."""
    if Permission.WARNING_ACKNOWLEDGE not in actor.permissions or actor.agency_id is None:
        return []
    waiting = WarningReceipt.objects.filter(agency_id=actor.agency_id, acknowledged_at__isnull=True)
    rows = EarlyWarning.objects.visible_to(actor).running().filter(pk__in=waiting.values("warning"))
    return [
        Unacknowledged(
            title=_("Peringatan dini %(rule)s, %(place)s")
            % {"rule": row.rule.label, "place": region_label(row.region)},
            url=reverse("incidents:warning_detail", args=[row.pk]),
            since=row.raised_at,
            badge=(SEVERITY_BADGES[row.severity], row.get_severity_display()),
        )
        for row in rows.select_related("rule", "region__parent").order_by("raised_at")[:limit]
    ]
