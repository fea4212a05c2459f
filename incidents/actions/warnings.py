"""Giving warnings: a rule looks at an area, and what it finds raises or prolongs one warning."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from incidents.actions.numbering import WARNING, next_number
from incidents.actions.warning_notices import stop_key, tell_raised
from incidents.enums.warning import FROM_INCIDENTS, STEP_OF, RuleKind, WarningState, WarningStep
from incidents.models import (
    EarlyWarning,
    FieldReport,
    Incident,
    IncidentType,
    WarningEntry,
    WarningFact,
    WarningReceipt,
    WarningRule,
)
from incidents.queries.warning_facts import MOST, Basis, area_of, find, silent_areas
from incidents.queries.warning_words import rule_sentence
from portal.access.actor import SYSTEM, Actor
from portal.audit.record import record
from portal.notifications.actions import cancel

SOURCE_LANGUAGE, ENGLISH = settings.LANGUAGE_CODE, "en"


def evaluate_incident(incident: Incident, *, by: Actor, at: datetime) -> list[EarlyWarning]:
    """Look again at the rules that count incidents of this type, in its own area only."""
    if incident.classification > MOST:
        return []
    rules = WarningRule.objects.filter(active=True, kind__in=FROM_INCIDENTS)
    return _evaluate(rules, incident, by=by, at=at)


def evaluate_report(report: FieldReport, *, by: Actor, at: datetime) -> list[EarlyWarning]:
    """The same for what the field expects to happen."""
    if report.classification > MOST:
        return []
    rules = WarningRule.objects.filter(active=True, kind=RuleKind.EXPECTED)
    return _evaluate(rules, report, by=by, at=at)


def evaluate_silence(*, by: Actor, at: datetime) -> list[EarlyWarning]:
    """Each quarter of an hour: posts whose readiness reports stay away."""
    given = []
    for rule in WarningRule.objects.filter(active=True, kind=RuleKind.SILENT):
        for area in silent_areas(rule, at):
            given.append(evaluate(rule, area, by=by, at=at))
    return [warning for warning in given if warning]


def _evaluate(
    rules: Iterable[WarningRule], told: Incident | FieldReport, *, by: Actor, at: datetime
) -> list[EarlyWarning]:
    given = []
    for rule in rules:
        area = area_of(rule, told.region_id)
        if area and rule.takes(told.type_id) and told.severity >= rule.min_severity:
            given.append(evaluate(rule, area, by=by, at=at))
    return [warning for warning in given if warning]


def evaluate(rule: WarningRule, area: str, *, by: Actor, at: datetime) -> EarlyWarning | None:
    """Raise a warning, or add what is new to the one that runs and prolong it. The rule's row is
    locked meanwhile, so two workers never give the same warning; nothing new changes nothing."""
    with transaction.atomic():
        rule = WarningRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
        if not rule.active:
            return None
        running = rule.warnings.running().select_for_update().filter(region=area).first()
        if running and running.valid_until <= at:
            end(running, WarningState.EXPIRED, by=SYSTEM, at=at)
            running = None
        found = find(rule, area, at)
        if not found.facts:
            return None
        if running:
            return _prolong(running, rule, found.facts, by=by, at=at)
        return _raise(rule, area, found.facts, by=by, at=at) if found.enough else None


def end(
    warning: EarlyWarning, state: str, *, by: Actor, at: datetime, reason: str = ""
) -> EarlyWarning:
    """Write the end of a warning that the caller has locked and checked."""
    before = warning.state
    warning.state = state
    warning.ended_at = warning.ended_at or at
    _save(warning, at)
    write_entry(warning, STEP_OF[state], by=by, at=at, text=reason)
    cancel(stop_key(warning), at=at)
    record(
        "warning.end",
        warning,
        by=by,
        at=at,
        before={"state": before},
        after={"state": state},
        note=reason,
    )
    return warning


def _raise(
    rule: WarningRule, area: str, facts: list[Basis], *, by: Actor, at: datetime
) -> EarlyWarning:
    warning = EarlyWarning.objects.create(
        number=next_number(WARNING, at),
        rule=rule,
        region_id=area,
        why=_sentence(rule, SOURCE_LANGUAGE),
        why_en=_sentence(rule, ENGLISH),
        urgency=rule.urgency,
        certainty=rule.certainty,
        severity=max(fact.severity for fact in facts),
        raised_at=at,
        valid_until=at + timedelta(hours=rule.valid_hours),
        updated_at=at,
        illustrative=any(fact.illustrative for fact in facts),
    )
    _rest_on(warning, rule, facts, at)
    write_entry(warning, WarningStep.RAISED, by=by, at=at)
    record(
        "warning.raise",
        warning,
        by=by,
        at=at,
        after={"rule": rule.pk, "rule_version": rule.version, "region": area},
    )
    tell_raised(warning, "raised", without=kept_from(warning), at=at)
    return warning


def _prolong(
    warning: EarlyWarning, rule: WarningRule, facts: list[Basis], *, by: Actor, at: datetime
) -> EarlyWarning:
    graver = max(warning.severity, *(fact.severity for fact in facts))
    risen, warning.severity = graver > warning.severity, graver
    warning.valid_until = max(warning.valid_until, at + timedelta(hours=rule.valid_hours))
    _save(warning, at)
    _rest_on(warning, rule, facts, at)
    entry = write_entry(warning, WarningStep.EXTENDED, by=by, at=at)
    record(
        "warning.extend",
        warning,
        by=by,
        at=at,
        after={"valid_until": warning.valid_until.isoformat(), "severity": warning.severity},
    )
    if risen:
        # Each new fact is on the sheet; what is told anew is that it grew graver.
        tell_raised(warning, f"extended:{entry.pk}", without=kept_from(warning), at=at)
    return warning


def _rest_on(warning: EarlyWarning, rule: WarningRule, facts: list[Basis], at: datetime) -> None:
    WarningFact.objects.bulk_create(
        [
            WarningFact(
                warning=warning,
                key=fact.key(rule, warning.region_id),
                incident=fact.incident,
                report=fact.report,
                expected=fact.expected,
                at=at,
            )
            for fact in facts
        ]
    )
    known = set(warning.receipts.values_list("agency_id", flat=True))
    new = concerned(warning) - known
    WarningReceipt.objects.bulk_create(
        [WarningReceipt(warning=warning, agency_id=pk, told_at=at) for pk in sorted(new)]
    )


def concerned(warning: EarlyWarning) -> set[int]:
    """Agencies that lead, support or owe something it rests on, and are not complained of in it."""
    owing = warning.facts.filter(expected__isnull=False).values_list("expected__agency", flat=True)
    found = set(owing)
    for type in _types(warning):
        found |= ({type.lead_id} | _pks(type.supporting)) - _pks(type.complained_of)
    return found


def kept_from(warning: EarlyWarning) -> set[int]:
    """Agencies that all it rests on complains of: they are not told, not even that it is there."""
    if warning.facts.filter(expected__isnull=False).exists():
        return set()
    return set.intersection(*(_pks(type.complained_of) for type in _types(warning)))


def _types(warning: EarlyWarning) -> list[IncidentType]:
    told = warning.facts.values_list("incident__type", "report__type")
    codes = {code for pair in told for code in pair if code}
    rows = IncidentType.objects.filter(pk__in=codes)
    return list(rows.prefetch_related("supporting", "complained_of"))


def _pks(agencies: Any) -> set[int]:
    return {agency.pk for agency in agencies.all()}


def write_entry(
    warning: EarlyWarning, step: str, *, by: Actor, at: datetime, text: str = ""
) -> WarningEntry:
    """One entry more in the history; never changed afterwards."""
    return WarningEntry.objects.create(
        warning=warning,
        step=step,
        text=text,
        valid_until=warning.valid_until,
        post_id=by.post_id,
        agency_id=by.agency_id,
        at=at,
    )


def _save(warning: EarlyWarning, at: datetime) -> None:
    warning.version += 1
    warning.updated_at = at
    warning.save()


def _sentence(rule: WarningRule, language: str) -> str:
    with translation.override(language):
        return rule_sentence(rule)
