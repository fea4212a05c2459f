"""Target times of a severity against what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from incidents.enums import IncidentState, UpdateKind
from incidents.enums.targets import ANEW, REACHED_BY, Goal
from incidents.models import Incident, IncidentUpdate, SeverityTarget


@dataclass(frozen=True)
class Aim:
    """A goal of an incident: by when it is due, within which time, and when it was reached."""

    goal: Goal
    due_at: datetime
    span: timedelta
    met_at: datetime | None


@dataclass(frozen=True)
class Target:
    """By when something should be reached, and when it was. `badge` is (kind, label)."""

    label: str
    due_at: datetime
    met_at: datetime | None
    badge: tuple[str, str]


def aims_of(incidents: Sequence[Incident]) -> dict[int, list[Aim]]:
    """The goals of each incident by its severity, in their order; none without target times.

    They run from the report. From the latest reopening on, response and control run anew, each with
    the minutes of the severity; when they were reached before stands in the timeline. Two queries,
    however many incidents.
    """
    minutes = {row.severity: row.minutes for row in SeverityTarget.objects.all()}
    first = {row.pk: _Run(row.reported_at, {}) for row in incidents}
    latest = dict(first)
    told = IncidentUpdate.objects.filter(incident__in=[row.pk for row in incidents])
    told = told.exclude(state="") | told.filter(kind=UpdateKind.RECEIVED)
    rows = told.order_by("at", "pk").values_list("incident_id", "state", "at")
    for incident_id, state, moment in rows:
        if state == IncidentState.REOPENED:
            latest[incident_id] = _Run(moment, {})
        for run in (first[incident_id], latest[incident_id]):
            run.reached.setdefault(state, moment)
    return {
        row.pk: [
            _aim(goal, timedelta(minutes=span), (latest if goal in ANEW else first)[row.pk])
            for goal, span in minutes.get(row.severity, {}).items()
        ]
        for row in incidents
    }


@dataclass(frozen=True)
class _Run:
    """Since when goals run, and when each state was first reached from then on."""

    since: datetime
    reached: dict[str, datetime]


def _aim(goal: Goal, span: timedelta, run: _Run) -> Aim:
    states = [*REACHED_BY[goal], *([""] if goal == Goal.RECEIVE else [])]
    met_at = min((run.reached[state] for state in states if state in run.reached), default=None)
    return Aim(goal, run.since + span, span, met_at)


def next_aim(aims: Sequence[Aim]) -> Aim | None:
    """The first goal that is not reached: only of that one anybody is reminded."""
    return next((aim for aim in aims if aim.met_at is None), None)


def targets(incident: Incident, at: datetime) -> list[Target]:
    """The target times of the incident's severity against its timeline; none without a target."""
    return [_target(aim, at) for aim in aims_of([incident])[incident.pk]]


def _target(aim: Aim, at: datetime) -> Target:
    if aim.met_at is not None:
        late = "warning", pgettext("masuk", "Terlambat")
        badge = ("success", _("Tercapai")) if aim.met_at <= aim.due_at else late
    else:
        badge = ("danger", _("Lewat target")) if at > aim.due_at else ("info", _("Berjalan"))
    return Target(str(aim.goal.label), aim.due_at, aim.met_at, badge)
