"""The need at polling stations beside who is engaged: a region and those right inside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from deployments.enums import TpsClass
from deployments.queries.needs import Need, NeedBook, guard_units, need_books, spaced
from deployments.queries.rollup import rollup_levels
from portal import clock
from portal.registry.enums import PROVINCE, FigureKind
from portal.registry.models import Agency, Operation, Region
from portal.registry.queries import figures

BELOW = {
    Region.Level.PROVINCE: Region.Level.REGENCY,
    Region.Level.REGENCY: Region.Level.DISTRICT,
}


@dataclass(frozen=True)
class NeedRow:
    """One region. Stations, officers and linmas; None: not known. `gap` = `need` − `engaged`:
    positive is short, negative is surplus. `ikp`: hundredths of a point. `undistributed`: engaged
    in the wider region without saying in which part of it."""

    region: str
    region_name: str
    level: str
    undistributed: bool
    stations: int
    by_class: dict[str, int]
    unclassified: int
    unknown: int
    need: int | None
    engaged: int
    gap: int | None
    linmas: int
    ikp: int | None

    @property
    def difference(self) -> int | None:
        """Engaged − need: negative is short."""
        return None if self.gap is None else -self.gap


@dataclass(frozen=True)
class PartRow:
    """The stations that are rounded up together: one unit, one regency, one class ("": none)."""

    unit: str
    region: str
    region_name: str
    tps_class: str
    stations: int
    pattern: str
    teams: int | None
    police: int | None
    own_pattern: bool


@dataclass(frozen=True)
class NeedTable:
    """`total` is the region asked for; `rows` are the regions right inside it. `parts`: how the
    need comes about. `adds_up`: the rows' needs add up to the total's (districts round up on their
    own, so theirs need not)."""

    region: Region
    at: datetime
    agency: Agency | None
    rows: list[NeedRow]
    total: NeedRow
    parts: list[PartRow]
    counted: bool

    @property
    def adds_up(self) -> bool:
        return self.region.level == Region.Level.PROVINCE


def need_table(operation: Operation, at: datetime, region: Region) -> NeedTable:
    """The need of a province by regency, or of a regency by district."""
    books = need_books(operation, at)
    book = books[0] if books else NeedBook(0, {}, {}, True)
    agency = Agency.objects.filter(pk=book.agency_id).first()
    rows = need_rows(operation, at, region, book=book, agency=agency)
    return NeedTable(
        region=region,
        at=at,
        agency=agency,
        rows=rows[:-1],
        total=rows[-1],
        parts=_parts(book, region),
        counted=book.counted,
    )


def need_rows(
    operation: Operation,
    at: datetime,
    region: Region,
    *,
    book: NeedBook,
    agency: Agency | None,
) -> list[NeedRow]:
    """The regions right inside, what they leave undistributed, and the region itself last."""
    below = BELOW[Region.Level(region.level)]
    inside = list(Region.objects.filter(parent=region, level=below).order_by("code"))
    ikp = figures([region.code, *(part.code for part in inside)], [FigureKind.IKP])
    engaged, rest = _engaged(operation, at, region, below, agency)
    # What stands in a regency without its district leaves the lack of each district unknown.
    placed = not (rest and below == Region.Level.DISTRICT)
    rows = [
        _row(part, book.regions.get(part.code), engaged.get(part.code, 0), ikp, placed=placed)
        for part in inside
        if part.code in book.regions or engaged.get(part.code) or not book.regions
    ]
    if rest:
        rows.append(_rest(region, rest))
    return [*rows, _row(region, book.regions.get(region.code), engaged.get(region.code, 0), ikp)]


def _engaged(
    operation: Operation, at: datetime, region: Region, below: str, agency: Agency | None
) -> tuple[dict[str, int], int]:
    """Who is engaged by region code, and who in the region without saying where."""
    if agency is None:
        return {}, 0
    levels = rollup_levels(
        operation,
        levels=[region.level, below],
        agency_slug=agency.slug,
        at=at,
        within=region.code,
    )
    rows = [row for level in levels.values() for row in level]
    found = {row.region: row.engaged for row in rows if not row.undistributed}
    return found, sum(row.engaged for row in rows if row.undistributed)


def _row(
    region: Region, need: Need | None, engaged: int, ikp: dict, *, placed: bool = True
) -> NeedRow:
    police = need.police if need else None
    by_class = need.by_class if need else {}
    figure = ikp.get((region.code, FigureKind.IKP))
    return NeedRow(
        region=region.code,
        region_name=region.name,
        level=region.level,
        undistributed=False,
        stations=need.stations if need else 0,
        by_class={kind: by_class.get(kind, 0) for kind in TpsClass.values},
        unclassified=by_class.get("", 0),
        unknown=need.unknown if need else 0,
        need=police,
        engaged=engaged,
        gap=police - engaged if police is not None and placed else None,
        linmas=need.linmas if need else 0,
        ikp=figure.value if figure else None,
    )


def _rest(region: Region, engaged: int) -> NeedRow:
    return NeedRow(
        region=region.code,
        region_name=region.name,
        level=region.level,
        undistributed=True,
        stations=0,
        by_class=dict.fromkeys(TpsClass.values, 0),
        unclassified=0,
        unknown=0,
        need=None,
        engaged=engaged,
        gap=None,
        linmas=0,
        ikp=None,
    )


def _parts(book: NeedBook, region: Region) -> list[PartRow]:
    """How the region's need comes about, unit by unit."""
    units = guard_units(book)
    if region.code == PROVINCE:
        codes: Sequence[str] = sorted(code for code in book.regions if len(code) == 5)
    else:
        codes = [region.code] if region.code in book.regions else []
    names = dict(Region.objects.filter(pk__in=codes).values_list("code", "name"))
    rows = [
        PartRow(
            unit=units[part.unit_id].short_name if part.unit_id in units else "",
            region=code,
            region_name=names[code],
            tps_class=part.tps_class,
            stations=part.stations,
            pattern=spaced(part.pattern) if part.pattern else "",
            teams=part.teams,
            police=part.police,
            own_pattern=bool(part.pattern and part.pattern.unit_id),
        )
        for code in codes
        for part in book.regions[code].parts
    ]
    return sorted(rows, key=lambda row: row.unit)


def moment_in(operation: Operation, at: datetime) -> datetime:
    """The moment itself while the operation runs; before it its first, after it its last, so that
    an operation to come or gone by shows what holds in it."""
    first, _next = clock.day_bounds(operation.starts_on)
    _last, after = clock.day_bounds(operation.ends_on)
    return min(max(at, first), after - timedelta(seconds=1))
