"""Units in place around an incident, and those that were sent to it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deployments.enums import DeploymentState
from deployments.models import Deployment, ReadinessReport, UnitLatest
from incidents.enums import OPEN
from incidents.enums.assignments import (
    ASSIGNMENT_BADGES,
    ASSIGNMENT_MOVES,
    ASSIGNMENT_OPEN,
    BY_HANDLER,
    CALLED_OFF,
    AssignmentState,
)
from incidents.models import AssignmentStep, Incident, UnitAssignment
from incidents.queries.detail import Act
from incidents.queries.distances import kilometres, point_of, point_of_placement
from incidents.rules import commands
from portal import clock
from portal.access import scope
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.registry.models import regency_code

MOST = 30
STEPS = {
    AssignmentState.ASSIGNED: (gettext_lazy("Terima tugas"), "check-lg"),
    AssignmentState.DECLINED: (gettext_lazy("Tolak"), "x-circle"),
    AssignmentState.DEPARTED: (gettext_lazy("Berangkat"), "arrow-right"),
    AssignmentState.ARRIVED: (gettext_lazy("Tiba"), "geo-alt"),
    AssignmentState.DONE: (gettext_lazy("Selesai tugas"), "check2-circle"),
    AssignmentState.CANCELLED: (gettext_lazy("Batalkan penugasan"), "arrow-counterclockwise"),
}
"""What a unit, or who sent it, does next: the verb and its sign; the state says what it did."""
_WHERE = ("unit", "agency", "place__district__parent", "region__parent")


def units_keeping_open(incident: Incident, actor: Actor, state: str) -> list[str]:
    """The names of the units in sight for whose sake the incident cannot end in that state; none
    for a state in which it goes on."""
    if state in OPEN:
        return []
    rows = UnitAssignment.objects.visible_to(actor).open().filter(incident=incident)
    rows = rows.exclude(state__in=CALLED_OFF[state])
    return list(rows.order_by("pk").values_list("deployment__unit__name", flat=True))


@dataclass(frozen=True)
class NearUnit:
    """A placement that can be sent, ready to print: `km` is None where no point is known, `about`
    that it is reckoned from the centre of a region."""

    deployment: int
    unit: str
    agency: str
    place: str
    km: float | None
    about: bool
    personnel: int
    vehicles_percent: int | None
    busy: list[str]
    ordered: bool


@dataclass(frozen=True)
class Nearby:
    """`from_centre`: the incident has no point, distances are from the centre of its region."""

    from_centre: bool
    rows: list[NearUnit]


def units_nearby(incident: Incident, actor: Actor, at: datetime, limit: int = MOST) -> Nearby:
    """The placements in sight that stand in place today, the nearest first; those that are sent to
    this incident already are left out. Where the incident has no point every distance is a guess
    from the centre of its region, so the units of its own kabupaten/kota come before all others."""
    day = clock.local(at).date()
    rows = Deployment.objects.visible_to(actor).on(day).filter(state=DeploymentState.IN_PLACE)
    sent = UnitAssignment.objects.open().filter(incident=incident)
    rows = rows.exclude(pk__in=sent.values("deployment")).select_related(*_WHERE)
    here = point_of(incident)
    exact = here is not None and here.exact
    regency = regency_code(incident.region_id)
    found: list[tuple[bool, float, bool, Deployment]] = []
    for row in rows.order_by("pk"):
        there = point_of_placement(row)
        km = kilometres(here, there) if here and there else float("inf")
        stands_in = row.place.district_id if row.place else row.region_id
        foreign = not exact and regency_code(stands_in) != regency
        found.append((foreign, km, there is not None and not there.exact, row))
    found.sort(key=lambda item: (item[0], item[1], item[3].pk))
    nearest = found[:limit]
    rows_near = [row for *_order, row in nearest]
    from_centre = here is not None and not exact
    busy, vehicles = _busy([row.pk for row in rows_near], actor), _vehicles(rows_near, actor)
    return Nearby(
        from_centre,
        [
            NearUnit(
                deployment=row.pk,
                unit=row.unit.name,
                agency=row.agency.short_name,
                place=place_text(row),
                km=None if km == float("inf") else km,
                about=about or from_centre,
                personnel=row.personnel,
                vehicles_percent=vehicles.get(row.unit_id),
                busy=busy[row.pk],
                ordered=commands(actor, row),
            )
            for _foreign, km, about, row in nearest
        ],
    )


def place_text(row: Deployment) -> str:
    """Where the placement stands, as a row prints it."""
    return f"{row.place.name}, {row.region.name}" if row.place else row.region.name


def _busy(deployments: list[int], actor: Actor) -> defaultdict[int, list[str]]:
    """What each placement is sent to already; incidents out of sight without their number."""
    rows = UnitAssignment.objects.open().filter(deployment__in=deployments)
    seen = Incident.objects.visible_to(actor)
    numbers = dict(
        seen.filter(assignments__in=rows.values("pk")).values_list("pk", "number").distinct()
    )
    busy: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows.order_by("assigned_at", "pk"):
        busy[row.deployment_id].append(numbers.get(row.incident_id) or _("kejadian lain"))
    return busy


def _vehicles(rows: list[Deployment], actor: Actor) -> dict[int, int]:
    """Vehicles ready, in per cent, by the newest report of each unit that the actor may read."""
    newest = UnitLatest.objects.filter(unit__in={row.unit_id for row in rows})
    reports = ReadinessReport.objects.visible_to(actor).filter(
        pk__in=newest.values("report"), vehicles_percent__isnull=False
    )
    return {
        unit: percent
        for unit, percent in reports.values_list("unit_id", "vehicles_percent")
        if percent is not None
    }


@dataclass(frozen=True)
class SentUnit:
    """A unit that was sent to an incident, ready to print; `moved` says what became of its
    placement since, `steps` what the actor may do now."""

    unit: str
    agency: str
    task: str
    stood_at: str
    moved: str
    badge: tuple[str, str]
    history: list[dict[str, object]]
    steps: list[Act]


def sent_units(incident: Incident, actor: Actor, at: datetime) -> list[SentUnit]:
    """The units of an incident, the newest first."""
    rows = UnitAssignment.objects.visible_to(actor).filter(incident=incident)
    rows = rows.select_related("agency", *(f"deployment__{name}" for name in _WHERE))
    found = list(rows.order_by("-assigned_at", "-pk"))
    history: defaultdict[int, list[AssignmentStep]] = defaultdict(list)
    steps = AssignmentStep.objects.filter(assignment__in=found).select_related("post")
    for step in steps.order_by("at", "pk"):
        history[step.assignment_id].append(step)
    return [_sent(row, incident, history[row.pk], actor, at) for row in found]


def _sent(
    row: UnitAssignment,
    incident: Incident,
    history: list[AssignmentStep],
    actor: Actor,
    at: datetime,
) -> SentUnit:
    row.incident = incident
    return SentUnit(
        unit=row.deployment.unit.name,
        agency=row.agency.short_name,
        task=row.task,
        stood_at=row.stood_at,
        moved=_moved(row, at) if row.state in ASSIGNMENT_OPEN else "",
        badge=(ASSIGNMENT_BADGES[row.state], row.get_state_display()),
        history=[
            {"label": step.get_state_display(), "at": step.at, "by": step.post.title,
             "note": step.note}
            for step in history
        ],
        steps=assignment_steps(row, actor),
    )  # fmt: skip


def _moved(row: UnitAssignment, at: datetime) -> str:
    """What became of the placement since the unit was sent; empty while it stands as it stood."""
    placed = row.deployment
    ended = placed.ends_on is not None and placed.ends_on < clock.local(at).date()
    if placed.state != DeploymentState.IN_PLACE:
        return _("Penempatannya kini: %(state)s.") % {"state": placed.get_state_display()}
    if ended:
        return _("Masa penempatannya sudah berakhir.")
    now = place_text(placed)
    return "" if now == row.stood_at else _("Penempatannya dipindah ke %(place)s.") % {"place": now}


def assignment_steps(row: UnitAssignment, actor: Actor) -> list[Act]:
    """The steps that the actor may take now."""
    answers = may(actor, Permission.INCIDENT_ANSWER, row)
    handles = may(actor, Permission.INCIDENT_HANDLE, row.incident)
    address = reverse("incidents:assignment_move", args=[row.pk])
    return [
        Act(f"{address}?state={state}", str(label), icon)
        for state, (label, icon) in STEPS.items()
        if state in ASSIGNMENT_MOVES[row.state] and (answers or (handles and state in BY_HANDLER))
    ]


@dataclass(frozen=True)
class UnitDue:
    """A unit of the own agency that another one asks for."""

    title: str
    url: str
    since: datetime
    badge: tuple[str, str]


def units_asked_for(actor: Actor, limit: int = 50) -> list[UnitDue]:
    """Requests for units that the own agency has not answered, the oldest first."""
    if Permission.INCIDENT_ANSWER not in actor.permissions or actor.agency_id is None:
        return []
    rows = UnitAssignment.objects.visible_to(actor).filter(
        scope.in_region(actor, "incident__region"),
        agency_id=actor.agency_id,
        state=AssignmentState.REQUESTED,
    )
    rows = rows.select_related("incident", "deployment__unit").defer("incident__stems")
    return [
        UnitDue(
            title=_("%(unit)s diminta untuk %(number)s: %(task)s")
            % {
                "unit": row.deployment.unit.name,
                "number": row.incident.number,
                "task": row.task,
            },
            url=reverse("incidents:incident_detail", args=[row.incident_id]) + "#satuan",
            since=row.assigned_at,
            badge=(ASSIGNMENT_BADGES[row.state], row.get_state_display()),
        )
        for row in rows.order_by("assigned_at", "pk")[:limit]
    ]
