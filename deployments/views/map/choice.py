"""What the address of a map asks to see; the page, its data and its files read it alike."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from deployments.enums import TaskForce
from deployments.maps.groups import PREFIX, all_measures
from deployments.maps.measure import Measure
from deployments.maps.measures import measures
from deployments.maps.scene import FIGURE, SORTS
from deployments.maps.shading import Classes
from deployments.queries import Filter
from deployments.views.reading import local_moment
from portal import clock
from portal.registry.enums import PROVINCE
from portal.registry.models import Agency, Operation, Region

PARTS = {Region.Level.PROVINCE: Region.Level.REGENCY, Region.Level.REGENCY: Region.Level.DISTRICT}
DEFAULT = "strength"
LONGEST = 80
"""Letters of a function, as a placement keeps it."""
EVENING = time(20)
"""The hour of each day at which the slider stops."""


@dataclass(frozen=True)
class Choice:
    """`at` is None for now; `classes` is None where the page decides. `steady`: classes must not
    change from one moment to the next, because moments are compared."""

    measure: Measure
    agency: Agency | None
    controller: Agency | None
    within: Region
    classes: Classes | None
    sort: str
    at: datetime | None
    steady: bool = False
    task_force: str = ""
    function: str = ""

    @property
    def narrowed(self) -> str:
        """The task force and the function in words, where the measure heeds them."""
        if not self.measure.narrows:
            return ""
        force = str(TaskForce(self.task_force).label) if self.task_force else ""
        return ", ".join(filter(None, (force, self.function)))

    @property
    def filter(self) -> Filter:
        """The same choice for whoever counts people one by one."""
        return Filter(
            agency=self.agency.slug if self.agency else "",
            controller=self.controller.slug if self.controller else "",
            task_force=self.task_force,
            function=self.function,
        )

    @property
    def narrowings(self) -> int:
        """How many of the choices are made that the form keeps folded away."""
        classes = self.classes if self.measure.scale.choosable else None
        made = (self.controller, self.task_force, self.function, classes, self.at)
        return sum(bool(one) for one in made)

    @property
    def unheeded(self) -> bool:
        """Whether a task force or function was chosen that the measure says nothing about."""
        return bool(self.task_force or self.function) and not self.measure.narrows

    def named(self) -> "Choice":
        """The measure as the choice wants it: ranked for classes of like size, and with a legend
        that says what was left out."""
        measure = self.measure
        if self.classes == Classes.QUANTILE and measure.ranked:
            measure = measure.ranked
        if self.narrowed:
            measure = replace(measure, legend=f"{measure.legend} ({self.narrowed})")
        return replace(self, measure=measure)

    @property
    def level(self) -> str:
        return PARTS[Region.Level(self.within.level)]

    @property
    def cut(self) -> Classes:
        steady = self.steady or self.at is not None
        return self.classes or (Classes.FIXED if steady else Classes.QUANTILE)

    def query(self, **other: str) -> str:
        """The same choice as a query string, with some words replaced; defaults left out."""
        words = {
            "measure": self.measure.key,
            "agency": self.agency.slug if self.agency else "",
            "controller": self.controller.slug if self.controller else "",
            "task_force": self.task_force,
            "function": self.function,
            "within": self.within.code,
            "classes": self.classes.value if self.classes else "",
            "at": address_moment(self.at) if self.at else "",
            "steady": "1" if self.steady else "",
            "sort": self.sort,
        } | other
        plain = {"measure": DEFAULT, "within": PROVINCE}
        return urlencode({k: v for k, v in words.items() if v and plain.get(k) != v})


def chosen(request: HttpRequest, operation: Operation, now: datetime) -> Choice:
    """Raises Http404 for an agency, a task force, a region or a moment that does not exist."""
    asked = request.GET
    regions = Region.objects.visible_to(request.actor).filter(level__in=PARTS)
    sort, classes = asked.get("sort", ""), asked.get("classes", "")
    task_force = asked.get("task_force", "")
    if task_force and task_force not in TaskForce:
        raise Http404
    return Choice(
        measure=measure_of(asked.get("measure")),
        agency=_agency(request, "agency"),
        controller=_agency(request, "controller"),
        within=get_object_or_404(regions, code=asked.get("within") or PROVINCE),
        classes=Classes(classes) if classes in set(Classes) else None,
        sort=sort if sort.removeprefix("-") in {*SORTS, FIGURE} else "",
        at=moment_of(asked.get("at"), operation, now),
        steady=asked.get("steady") == "1",
        task_force=task_force,
        function=asked.get("function", "")[:LONGEST],
    ).named()


def second(choice: Choice, request: HttpRequest, operation: Operation, now: datetime) -> Choice:
    """The right-hand map of a comparison: another measure, another moment, or both."""
    asked = request.GET
    return replace(
        choice,
        measure=measure_of(asked.get("measure2"), choice.measure.key),
        at=moment_of(asked.get("at2"), operation, now),
    ).named()


def measure_of(key: str | None, otherwise: str = DEFAULT) -> Measure:
    """The measure of that key. The groups of the forms are read only where one is asked for."""
    asks_group = PREFIX in f"{key}{otherwise}"
    known = all_measures(clock.now()) if asks_group else measures()
    return known.get(key or otherwise) or known[otherwise if otherwise in known else DEFAULT]


def _agency(request: HttpRequest, name: str) -> Agency | None:
    slug = request.GET.get(name)
    if not slug:
        return None
    return get_object_or_404(Agency.objects.visible_to(request.actor), slug=slug)


def moment_of(text: str | None, operation: Operation, now: datetime) -> datetime | None:
    """A moment of the operation, from local or offset ISO time; earlier or later ones are moved to
    its first or last minute. Raises Http404 for anything else."""
    if not text:
        return None
    first, last = limits(operation)
    return clock.through_minute(min(max(local_moment(text), first), last), now)


def limits(operation: Operation) -> tuple[datetime, datetime]:
    """The operation's first and last minute."""
    end = clock.midnight(operation.ends_on + timedelta(days=1)) - timedelta(minutes=1)
    return clock.midnight(operation.starts_on), end


def address_moment(at: datetime) -> str:
    """Local, to the minute where that names the same moment again."""
    minute = at.replace(second=0, microsecond=0)
    if at in (minute, minute + clock.REST_OF_MINUTE):
        return minute_of(at)
    return clock.local(at).replace(tzinfo=None).isoformat()


def minute_of(at: datetime) -> str:
    """As an input of a form writes it."""
    return clock.local(at).strftime("%Y-%m-%dT%H:%M")


def evening(day: date) -> str:
    return f"{day.isoformat()}T{EVENING:%H:%M}"
