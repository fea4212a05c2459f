"""The rotation plan of a region: duty by duty who stands there from when to when, and the gaps."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deployments.enums import DEPLOYMENT_BADGE, DeploymentState
from deployments.models import Deployment
from deployments.queries.duties import duty_of, empty_days, handovers, needed_until, relief_of
from portal.access.actor import Actor
from portal.registry.models import Operation, Region
from portal.web.templatetags.portal import angka, tanggal_pendek


@dataclass(frozen=True)
class Span:
    """Days, both included."""

    starts: date
    ends: date

    @property
    def days(self) -> int:
        return (self.ends - self.starts).days + 1

    @property
    def text(self) -> str:
        if self.starts == self.ends:
            return tanggal_pendek(self.starts)
        return f"{tanggal_pendek(self.starts)} – {tanggal_pendek(self.ends)}"

    @property
    def length(self) -> str:
        return ngettext("%(days)d hari", "%(days)d hari", self.days) % {"days": self.days}


@dataclass(frozen=True)
class Stay:
    """One placement. `relieved_by`: the unit ordered to follow it; `unrelieved`: nobody is, though
    somebody is needed after its last day."""

    number: int
    unit: str
    unit_slug: str
    personnel: int
    state: str
    controller: str
    span: Span
    open_ended: bool
    relieved_by: str
    unrelieved: bool
    illustrative: bool

    @property
    def state_label(self) -> str:
        return str(DeploymentState(self.state).label)

    @property
    def badge(self) -> str:
        return DEPLOYMENT_BADGE[DeploymentState(self.state)]

    @property
    def people(self) -> str:
        return angka(self.personnel)

    @property
    def url(self) -> str:
        return reverse("deployments:deployment_detail", args=[self.number])

    @property
    def relief(self) -> str:
        if self.relieved_by:
            return _("Diganti %(unit)s") % {"unit": self.relieved_by}
        return _("Tanpa pengganti") if self.unrelieved else ""


@dataclass(frozen=True)
class Duty:
    """What is to be held: where, by which agency, for which task force and function."""

    title: str
    agency: str
    region: str
    region_name: str
    place: str
    task_force: str
    task_force_label: str
    function: str
    stays: Sequence[Stay]
    gaps: Sequence[Span]
    handovers: Sequence[Span]

    @property
    def where(self) -> str:
        return self.place or self.region_name

    @property
    def facts(self) -> str:
        return " · ".join(
            filter(None, (self.agency, self.where, self.task_force_label, self.function))
        )


@dataclass(frozen=True)
class RotationPlan:
    """`first` to `last`: the days shown, within the operation's."""

    region: str
    region_name: str
    first: date
    last: date
    duties: Sequence[Duty] = field(default_factory=list)

    @property
    def gaps(self) -> int:
        return sum(len(duty.gaps) for duty in self.duties)

    @property
    def stays(self) -> int:
        return sum(len(duty.stays) for duty in self.duties)


def rotation_plan(
    actor: Actor,
    operation: Operation,
    region: Region,
    *,
    first: date,
    last: date,
    task_force: str = "",
    function: str = "",
    state: str = "",
) -> RotationPlan:
    """The placements in the actor's sight in the region and inside it, called off ones left out,
    grouped by duty. A `state` leaves out stays and never makes a gap: gaps count everybody."""
    rows = (
        Deployment.objects.visible_to(actor)
        .filter(operation=operation)
        .within(region.pk)
        .exclude(state=DeploymentState.CANCELLED)
        .select_related("unit", "agency", "controller", "region", "place", "stage")
        .order_by("agency__position", "region_id", "task_force", "starts_on", "unit__path", "pk")
    )
    if task_force:
        rows = rows.filter(task_force=task_force)
    if function:
        rows = rows.filter(function=function)
    groups: dict[tuple[Any, ...], list[Deployment]] = {}
    for row in rows:
        groups.setdefault(duty_of(row), []).append(row)
    end = operation.ends_on
    duties = (_duty(group, end, Span(first, last), state) for group in groups.values())
    shown = [duty for duty in duties if duty.stays]
    return RotationPlan(region.pk, region.name, first, last, shown)


def functions_in_use(actor: Actor, operation: Operation) -> list[str]:
    """The functions that placements in sight have, for the choice."""
    rows = Deployment.objects.visible_to(actor).filter(operation=operation).exclude(function="")
    return list(rows.values_list("function", flat=True).distinct().order_by("function"))


def _duty(rows: list[Deployment], end: date, shown: Span, state: str) -> Duty:
    head = rows[0]
    return Duty(
        title=head.task if head.place is None else head.place.name,
        agency=head.agency.short_name,
        region=head.region_id,
        region_name=head.region.name,
        place=head.place.name if head.place else "",
        task_force=head.task_force,
        task_force_label=head.get_task_force_display() if head.task_force else "",
        function=head.function,
        stays=[
            _stay(row, rows, end)
            for row in rows
            if (not state or row.state == state)
            and row.starts_on <= shown.ends
            and (row.ends_on or end) >= shown.starts
        ],
        gaps=_inside(empty_days(rows, end), shown),
        handovers=_inside(handovers(rows), shown),
    )


def _stay(row: Deployment, rows: list[Deployment], end: date) -> Stay:
    relief = relief_of(row, rows)
    last = row.ends_on or end
    ended = row.state in (DeploymentState.RETURNED, DeploymentState.REQUESTED)
    return Stay(
        number=row.pk,
        unit=row.unit.short_name,
        unit_slug=row.unit.slug,
        personnel=row.personnel,
        state=row.state,
        controller=row.controller.short_name if row.controller else "",
        span=Span(row.starts_on, last),
        open_ended=row.ends_on is None,
        relieved_by=relief.unit.short_name if relief else "",
        unrelieved=relief is None and not ended and last < needed_until(row, end),
        illustrative=row.illustrative,
    )


def _inside(spans: list[tuple[date, date]], shown: Span) -> list[Span]:
    return [
        Span(max(starts, shown.starts), min(ends, shown.ends))
        for starts, ends in spans
        if starts <= shown.ends and ends >= shown.starts
    ]
