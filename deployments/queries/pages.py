"""Rows of lists and parts of pages as plain values: a template row only prints."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from deployments.enums import (
    ARRIVED,
    CONFLICT_BADGE,
    DEPLOYMENT_BADGE,
    EXPECTED_BADGE,
    LIGHT_BADGE,
    OPEN,
    TALLY_BADGE,
    ConflictState,
    DeploymentState,
    ExpectedState,
    Light,
    Tally,
)
from deployments.models import Conflict, Deployment, ExpectedReport
from deployments.queries.leaves import LeafState, leaf_states
from deployments.queries.places import units_of
from deployments.queries.readiness import create_url
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.web.templatetags.portal import angka, tanggal_pendek, wita


def may_answer(actor: Actor) -> QuerySet[ExpectedReport]:
    """The expected reports of the units whose figures the actor may give."""
    return ExpectedReport.objects.filter(unit__in=units_of(actor)).select_related(
        "unit__agency", "report"
    )


def expected_page(
    rows: Iterable[ExpectedReport], actor: Actor, at: datetime
) -> list[dict[str, Any]]:
    """A page of expected reports, silent ones with a link to the form if the actor may answer."""
    submits = may(actor, Permission.READINESS_SUBMIT)
    return [_expected(row, actor, submits=submits) for row in rows]


def _expected(row: ExpectedReport, actor: Actor, *, submits: bool) -> dict[str, Any]:
    report = row.report if row.state not in OPEN or row.report else None
    if row.state == ExpectedState.QUARANTINED:
        light = Light.HELD
    else:
        light = Light(report.light) if report and row.state in ARRIVED else Light.SILENT
    answers = submits and row.state in OPEN and may(actor, Permission.READINESS_SUBMIT, row.unit)
    return {
        "unit": row.unit.short_name,
        "agency": row.agency.short_name,
        "region": row.region.name,
        "cut_off": wita(row.cut_off_at),
        "state": str(ExpectedState(row.state).label),
        "state_badge": EXPECTED_BADGE[ExpectedState(row.state)],
        "light": str(light.label),
        "light_badge": LIGHT_BADGE[light],
        "present": angka(report.present) if report else "–",
        "total": angka(report.total) if report else "–",
        "sent": wita(report.submitted_at) if report else "–",
        "late": row.late and row.state not in OPEN,
        "illustrative": bool(report and report.illustrative),
        "url": reverse("deployments:readiness_detail", args=[report.pk]) if report else "",
        "answer_url": create_url(row.unit.slug, row.cut_off_at) if answers else "",
    }


def told_page(rows: QuerySet[ExpectedReport], at: datetime) -> list[dict[str, Any]]:
    """A page of expected reports as they stood at a past moment, each with the version of then."""
    return [_told(leaf) for leaf in leaf_states(rows, at)]


def _told(leaf: LeafState) -> dict[str, Any]:
    report = leaf.report
    return {
        "unit": leaf.unit.short_name,
        "agency": leaf.unit.agency.short_name,
        "region": leaf.region,
        "cut_off": wita(leaf.cut_off_at),
        "state": str(leaf.state.label),
        "state_badge": EXPECTED_BADGE[leaf.state],
        "light": str(Light(leaf.light).label),
        "light_badge": LIGHT_BADGE[Light(leaf.light)],
        "present": angka(report.present) if report else "–",
        "total": angka(report.total) if report else "–",
        "sent": wita(report.submitted_at) if report else "–",
        "late": bool(report and report.late) and leaf.state not in OPEN,
        "illustrative": bool(report and report.illustrative),
        "url": reverse("deployments:readiness_detail", args=[report.pk]) if report else "",
        "answer_url": "",
    }


def deployment_page(rows: Iterable[Deployment]) -> list[dict[str, Any]]:
    """A page of placed parts."""
    return [
        {
            "unit": row.unit.short_name,
            "agency": row.agency.short_name,
            "region": row.region.full_name,
            "personnel": angka(row.personnel),
            "status": row.get_status_display(),
            "state": row.get_state_display(),
            "state_badge": DEPLOYMENT_BADGE[DeploymentState(row.state)],
            "place": row.place.name if row.place else "",
            "task_force": row.get_task_force_display(),
            "controller": row.controller.short_name if row.controller else "",
            "task": row.task,
            "from": tanggal_pendek(row.starts_on),
            "to": tanggal_pendek(row.ends_on),
            "source": row.source,
            "quality": row.get_quality_display(),
            "as_of": wita(row.as_of),
            "illustrative": row.illustrative,
            "url": reverse("deployments:deployment_detail", args=[row.pk]),
        }
        for row in rows
    ]


def conflict_page(rows: Iterable[Conflict]) -> list[dict[str, Any]]:
    """A page of contradictions with what each unit says."""
    return [
        {
            "region": row.region.name,
            "agency": row.agency.short_name,
            "cut_off": wita(row.cut_off_at),
            "state": str(ConflictState(row.state).label),
            "badge": CONFLICT_BADGE[ConflictState(row.state)],
            "said": [
                f"{side.unit.short_name}: {angka(side.present)} / {angka(side.total)}"
                for side in row.sides.all()
            ],
            "standing": row.standing.short_name if row.standing else "",
            "url": reverse("deployments:conflict_detail", args=[row.pk]),
        }
        for row in rows
    ]


def tally_counts(
    states: Mapping[str, int] | None, address: str, cut_off_at: datetime | None = None, **place: str
) -> list[dict[str, Any]]:
    """The roll-up's expected reports, each state counted apart, with the way to its rows in the
    list at `address`. Nothing where they were not counted apart yet, or none is expected."""
    query = {key: word for key, word in place.items() if word}
    if cut_off_at:
        query["cut_off_at"] = cut_off_at.isoformat()
    if not states or not sum(states.values()):
        return []
    return [
        {
            "label": str(tally.label),
            "badge": TALLY_BADGE[tally],
            "number": angka(states[tally.value]),
            "none": not states[tally.value],
            "url": f"{address}?{urlencode({'tally': tally.value, **query})}",
        }
        for tally in Tally
        if tally != Tally.WAITING or states[tally.value]
    ]
