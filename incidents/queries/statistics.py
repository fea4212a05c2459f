"""Incidents in figures: by week, stage, type, severity and place, out of one statement, so that
every table has the same sum as the list."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, CharField, Count, IntegerField, Value, When
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from incidents.enums import Severity
from incidents.models import IncidentType
from incidents.models.incident import IncidentQuerySet
from portal import clock
from portal.registry.enums import PROVINCE
from portal.registry.models import Operation, Region
from portal.registry.queries.stages import Span, main_spans

BEFORE, BETWEEN = "before", "between"
WEEKS = 13
"""So many weeks stand side by side in the table of places; the trend has them all."""
SHADES = 5


class Severities:
    """What tells the numbers per severity, lowest first."""

    severities: tuple[int, ...]

    @property
    def by_severity(self) -> list[tuple[str, int]]:
        """Each with its name."""
        return list(zip((str(label) for label in Severity.labels), self.severities, strict=True))


@dataclass(frozen=True)
class Tally(Severities):
    """A row: how many, and how many of each severity, lowest first. `key` is what the list is
    filtered by: a type's code, a region's code, a stage's key, a week's first day."""

    key: str
    label: str
    total: int
    severities: tuple[int, ...]


@dataclass(frozen=True)
class WeekTally(Tally):
    """A week from Monday to Sunday, WITA; of the first and the last perhaps a part."""

    monday: date


@dataclass(frozen=True)
class StageTally(Tally):
    """A stage of the election and the days it has lasted as the one that names the moment (until
    the moment asked for). `daily` is the incidents per such day; None where no day has passed."""

    days: float
    daily: float | None
    most: str


@dataclass(frozen=True)
class PlaceTally(Tally):
    """A place with its incidents per week, as the weeks stand in `Statistics.columns`; each is
    (number, shade 0–5)."""

    weeks: tuple[tuple[int, int], ...]
    within: str


@dataclass(frozen=True)
class Statistics(Severities):
    """All sums are `total`: of `weeks` and `stages` over the whole time, of `types` and `places`
    over everything. `earlier` were reported before the operation and stand in no week.

    `columns` are the Mondays of the last weeks, in which `places` are told.
    """

    total: int
    severities: tuple[int, ...]
    earlier: int
    weeks: list[WeekTally]
    stages: list[StageTally]
    types: list[Tally]
    places: list[PlaceTally]
    columns: list[date]
    within: str


def statistics(
    rows: IncidentQuerySet, operation: Operation, at: datetime, *, within: str = PROVINCE
) -> Statistics:
    """What is in `rows` (in the reader's sight already, and narrowed by his filter) and was
    reported until `at`. Places are the regencies, or the kecamatan of the regency `within`."""
    since = clock.midnight(operation.starts_on)
    spans = main_spans(operation, since, max(at, since))
    counted = _count(rows.filter(reported_at__lte=at), spans, since)
    mondays = _mondays(operation.starts_on, clock.local(at).date())
    columns = mondays[-WEEKS:]
    return Statistics(
        total=sum(cell.n for cell in counted),
        severities=_severities(counted),
        earlier=sum(cell.n for cell in counted if cell.stage == BEFORE),
        weeks=[_week(monday, counted) for monday in mondays],
        stages=_stages(spans, counted),
        types=_types(counted),
        places=_places(counted, within, columns),
        columns=columns,
        within=within,
    )


@dataclass(frozen=True)
class _Cell:
    """`n` incidents of one day, stage, type, severity and region."""

    day: date
    stage: str
    type: str
    severity: int
    region: str
    n: int


def _count(rows: IncidentQuerySet, spans: list[Span], since: datetime) -> list[_Cell]:
    stage = Case(
        When(reported_at__lt=since, then=Value(BEFORE)),
        *(
            When(reported_at__gte=span.begins, reported_at__lt=span.ends, then=Value(_key(span)))
            for span in spans
        ),
        default=Value(_key(spans[-1]) if spans else BETWEEN),
        output_field=CharField(),
    )
    found = (
        rows.annotate(day=TruncDate("reported_at", tzinfo=clock.WITA), stage_key=stage)
        .order_by()
        .values_list("day", "stage_key", "type_id", "severity", "region_id")
        .annotate(n=Count("pk", output_field=IntegerField()))
    )
    return [_Cell(*row) for row in found]


def _key(span: Span) -> str:
    return span.stage.key if span.stage else BETWEEN


def _severities(cells: Iterable[_Cell]) -> tuple[int, ...]:
    sums = Counter[int]()
    for cell in cells:
        sums[cell.severity] += cell.n
    return tuple(sums[severity] for severity in sorted(Severity.values))


def _grouped(cells: Iterable[_Cell], key: Callable[[_Cell], str]) -> dict[str, list[_Cell]]:
    groups: dict[str, list[_Cell]] = defaultdict(list)
    for cell in cells:
        groups[key(cell)].append(cell)
    return groups


def _sum(cells: Iterable[_Cell]) -> int:
    return sum(cell.n for cell in cells)


def _mondays(first: date, last: date) -> list[date]:
    monday = first - timedelta(days=first.weekday())
    weeks = max(0, (last - monday).days // 7 + 1)
    return [monday + timedelta(weeks=number) for number in range(weeks)]


def _week(monday: date, counted: list[_Cell]) -> WeekTally:
    after = monday + timedelta(weeks=1)
    cells = [cell for cell in counted if cell.stage != BEFORE and monday <= cell.day < after]
    return WeekTally(monday.isoformat(), "", _sum(cells), _severities(cells), monday)


def _stages(spans: list[Span], counted: list[_Cell]) -> list[StageTally]:
    """In the order in which they began; before the operation first, what no stage names last."""
    days: dict[str, float] = defaultdict(float)
    labels: dict[str, str] = {}
    for span in spans:
        days[_key(span)] += (span.ends - span.begins) / timedelta(days=1)
        labels[_key(span)] = span.stage.label if span.stage else _("Di antara tahapan")
    groups = _grouped(counted, lambda cell: cell.stage)
    if BEFORE in groups:
        labels = {BEFORE: _("Sebelum operasi"), **labels}
    if BETWEEN in labels:
        labels[BETWEEN] = labels.pop(BETWEEN)
    names = IncidentType.objects.in_bulk()
    tallies = []
    for key, label in labels.items():
        cells, total = groups.get(key, []), _sum(groups.get(key, []))
        lasted = days[key]
        kinds = Counter[str]()
        for cell in cells:
            kinds[cell.type] += cell.n
        most = names[min(kinds, key=lambda code: (-kinds[code], code))].label if kinds else ""
        daily = total / lasted if lasted else None
        tallies.append(StageTally(key, label, total, _severities(cells), lasted, daily, most))
    return tallies


def _types(counted: list[_Cell]) -> list[Tally]:
    """The most frequent first; types without an incident are left out."""
    names = IncidentType.objects.in_bulk()
    tallies = [
        Tally(code, names[code].label, _sum(cells), _severities(cells))
        for code, cells in _grouped(counted, lambda cell: cell.type).items()
    ]
    return sorted(tallies, key=lambda tally: (-tally.total, tally.key))


def _places(counted: list[_Cell], within: str, columns: list[date]) -> list[PlaceTally]:
    """Every place of the level in the order of its code; what is told of the region around them
    only stands last."""
    depth = within.count(".") + 1
    groups = _grouped(counted, lambda cell: ".".join(cell.region.split(".")[: depth + 1]))
    regions = Region.objects.filter(parent=within).order_by("code")
    most = max(
        (
            _sum(cell for cell in cells if _inside(cell, monday))
            for cells in groups.values()
            for monday in columns
        ),
        default=0,
    )
    places = [
        _place(region.code, region.name, groups.pop(region.code, []), columns, most)
        for region in regions
    ]
    rest = [cell for cells in groups.values() for cell in cells]
    if rest:
        label = pgettext("wilayah", "Tanpa rincian wilayah")
        places.append(_place("", label, rest, columns, most))
    return places


def _place(code: str, name: str, cells: list[_Cell], columns: list[date], most: int) -> PlaceTally:
    weeks = [_sum(cell for cell in cells if _inside(cell, monday)) for monday in columns]
    return PlaceTally(
        key=code,
        label=name,
        total=_sum(cells),
        severities=_severities(cells),
        weeks=tuple((number, shade(number, most)) for number in weeks),
        within=code if code.count(".") == 1 else "",
    )


def _inside(cell: _Cell, monday: date) -> bool:
    return cell.stage != BEFORE and monday <= cell.day < monday + timedelta(weeks=1)


def shade(number: int, most: int) -> int:
    """0 for none, else one of five equal steps up to the greatest number of all."""
    return -(-number * SHADES // most) if number and most else 0
