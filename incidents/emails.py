"""What notifications say: plain values for the texts in templates/emails/."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from incidents.enums import Occurrence
from incidents.enums.targets import Goal
from incidents.models import (
    Account,
    AgencyRequest,
    EarlyWarning,
    FieldReport,
    GakkumduCase,
    Incident,
    ShiftHandover,
    UnitAssignment,
)
from portal.access.actor import Actor


def account_context(account: Account) -> dict[str, Any]:
    return {
        "number": account.number,
        "title": account.title,
        "type": account.type.name,
        "type_en": account.type.name_en,
        "severity": account.severity,
        "region": account.region.name,
        "place": account.place,
        "occurred_at": account.occurred_at,
        "expected": account.occurrence == Occurrence.EXPECTED,
        "reporter": account.reporter_post.title,
    }


def incident_context(incident: Incident) -> dict[str, Any]:
    return account_context(incident) | {"lead": incident.lead_agency.short_name}


def ended_context(incident: Incident, reason: str, by: Actor) -> dict[str, Any]:
    words = {}
    for name, language in (("state", "id"), ("state_en", "en")):
        with translation.override(language):
            words[name] = str(incident.get_state_display())
    return incident_context(incident) | words | {"reason": reason, "by": by.post_title}


def request_context(request: AgencyRequest) -> dict[str, Any]:
    return incident_context(request.incident) | {
        "request": request.kind,
        "state": request.state,
        "sender": request.from_agency.short_name,
        "receiver": request.agency.short_name,
        "matter": request.matter,
        "reason": request.reason,
        "by_when": request.by_when,
        "answer": request.answer,
    }


def request_end_context(request: AgencyRequest) -> dict[str, Any]:
    """For who may not see the incident any more: nothing of what is in it."""
    return {
        "number": request.incident.number,
        "request": request.kind,
        "state": request.state,
        "sender": request.from_agency.short_name,
        "answer": request.answer,
    }


def target_context(
    incident: Incident, goal: str, due_at: datetime, *, late: bool
) -> dict[str, Any]:
    words = {}
    for name, language in (("goal", "id"), ("goal_en", "en")):
        with translation.override(language):
            words[name] = str(Goal(goal).label)
    return incident_context(incident) | words | {"due": due_at, "late": late}


def assignment_context(row: UnitAssignment, note: str) -> dict[str, Any]:
    words = {}
    for name, language in (("step", "id"), ("step_en", "en")):
        with translation.override(language):
            words[name] = row.get_state_display()
    return (
        incident_context(row.incident)
        | words
        | {
            "state": row.state,
            "unit": row.deployment.unit.name,
            "task": row.task,
            "note": note,
        }
    )


def incident_url(incident: Incident) -> str:
    return reverse("incidents:incident_detail", args=[incident.pk])


def field_report_url(report: FieldReport) -> str:
    return reverse("incidents:field_report_detail", args=[report.pk])


def case_context(case: GakkumduCase) -> dict[str, Any]:
    """Of a case: number, type, region and step; never what is in it."""
    return {
        "number": case.number,
        "type": case.incident.type.name,
        "type_en": case.incident.type.name_en,
        "region": case.region.name,
        "step": _step(case, "id"),
        "step_en": _step(case, "en"),
    }


def _step(case: GakkumduCase, language: str) -> str:
    with translation.override(language):
        return str(case.get_step_display()) if case.step else _("Semua langkah selesai")


def case_url(case: GakkumduCase) -> str:
    return reverse("incidents:case_detail", args=[case.pk])


def shift_context(handover: ShiftHandover) -> dict[str, Any]:
    """Of a hand-over: who, where and how much; what it says stands on its page."""
    return {
        "unit": handover.unit.short_name,
        "giver": handover.out_user.name,
        "post": handover.out_post.title,
        "incidents": handover.lines.count(),
        "field_waiting": handover.field_waiting,
        "public_waiting": handover.public_waiting,
        "written_at": handover.written_at,
    }


def shift_url(handover: ShiftHandover) -> str:
    return reverse("incidents:shift_detail", args=[handover.pk])


def warning_context(warning: EarlyWarning) -> dict[str, Any]:
    """Of a warning: rule, region and times; never what it rests on."""
    rule = warning.rule
    return {
        "number": warning.number,
        "rule": rule.name,
        "rule_en": rule.name_en,
        "region": warning.region.name,
        "why": warning.why,
        "why_en": warning.why_en,
        "instruction": rule.instruction,
        "instruction_en": rule.instruction_en,
        "valid_until": warning.valid_until,
        "severity": warning.severity,
    }


def warning_url(warning: EarlyWarning) -> str:
    return reverse("incidents:warning_detail", args=[warning.pk])
