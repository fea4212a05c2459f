"""How many police the polling stations need: Σ over classes of ceil(stations / T) × P.

Rounded up once per Polres, kabupaten/kota and class: a team does not cross the border of a regency
or of a Polres. So the regencies add up to the province, and so do the Polres. A district's need is
rounded up on its own and may add up to more than its regency's.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from deployments.enums import TpsClass
from deployments.models import GuardPattern, StationClass
from deployments.models.pattern import LINMAS_PER_STATION
from portal.registry.enums import PROVINCE, UnitKind
from portal.registry.models import (
    Operation,
    PollingStation,
    Region,
    Unit,
    UnitDistrict,
    parent_code,
)
from portal.registry.queries import figures

FIGURE_OF = {kind: f"tps_{kind}" for kind in TpsClass.values}
GUARDS = (UnitKind.POLRES, UnitKind.POLRESTA)
"""The units that guard polling stations; each station has one."""

Counts = dict[tuple[str, str], int]
"""Stations by (district code, class); by regency code where no stations are loaded. Class "": the
police have not classified them."""


@dataclass(frozen=True)
class PatternRow:
    """One guarding pattern as shown: "2 : 8 : 16" officers, stations, linmas."""

    agency_id: int
    tps_class: str
    label: str
    pattern: str
    source: str
    valid_from: date
    illustrative: bool
    unit: str = ""


def pattern_rows(operation: Operation, at: datetime) -> list[PatternRow]:
    """The patterns in force, in the order of the classes; an agency's own before its units'."""
    order = list(TpsClass.values)
    patterns = GuardPattern.objects.in_force(operation, at).select_related("unit")
    return [
        PatternRow(
            agency_id=pattern.agency_id,
            tps_class=pattern.tps_class,
            label=str(TpsClass(pattern.tps_class).label),
            pattern=spaced(pattern),
            source=pattern.source,
            valid_from=pattern.valid_from,
            illustrative=pattern.illustrative,
            unit=pattern.unit.short_name if pattern.unit else "",
        )
        for pattern in sorted(
            patterns,
            key=lambda pattern: (
                pattern.unit.path if pattern.unit else "",
                order.index(pattern.tps_class),
            ),
        )
    ]


def spaced(pattern: GuardPattern) -> str:
    return f"{pattern.police} : {pattern.tps} : {pattern.linmas}"


@dataclass(frozen=True)
class Part:
    """The stations of one class in one unit's part of a region, rounded up together. `police` is
    None without a pattern: how many they need is not known."""

    unit_id: int | None
    tps_class: str
    stations: int
    pattern: GuardPattern | None

    @property
    def teams(self) -> int | None:
        return -(-self.stations // self.pattern.tps) if self.pattern else None

    @property
    def police(self) -> int | None:
        return self.pattern.need(self.stations) if self.pattern else None


@dataclass(frozen=True)
class Need:
    """What the stations of a region need, with the parts that it is made of."""

    parts: tuple[Part, ...]

    @property
    def police(self) -> int | None:
        """Officers; None where no station has both a class and a pattern."""
        known = [part.police for part in self.parts if part.police is not None]
        return sum(known) if known else None

    @property
    def stations(self) -> int:
        return sum(part.stations for part in self.parts)

    @property
    def unknown(self) -> int:
        """Stations for which the need is not known: no class yet, or no pattern for it."""
        return sum(part.stations for part in self.parts if part.police is None)

    @property
    def by_class(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for part in self.parts:
            found[part.tps_class] += part.stations
        return found

    @property
    def linmas(self) -> int:
        return self.stations * LINMAS_PER_STATION


@dataclass(frozen=True)
class NeedBook:
    """The needs of one agency's units: by region code of every level, and by unit id."""

    agency_id: int
    regions: Mapping[str, Need]
    units: Mapping[int | None, Need]
    counted: bool
    """True: from the stations themselves; False: from published numbers per regency."""


def need_books(operation: Operation, at: datetime) -> list[NeedBook]:
    """One book for each agency with guarding patterns in force."""
    patterns = {
        (pattern.agency_id, pattern.unit_id, pattern.tps_class): pattern
        for pattern in GuardPattern.objects.in_force(operation, at)
    }
    if not patterns:
        return []
    counts, counted = station_counts(operation, at)
    agencies = sorted({agency for agency, _unit, _kind in patterns})
    guards = _guards(agencies, {code for code, _kind in counts})
    return [_book(agency, counts, counted, guards[agency], patterns) for agency in agencies]


def guard_needs(operation: Operation, at: datetime) -> dict[tuple[int, str], int]:
    """Officers needed at polling stations, by (agency id, region code) of every level.

    Districts are there only where stations are loaded. A region without counts is absent: not known
    is not zero.
    """
    return {
        (book.agency_id, code): need.police
        for book in need_books(operation, at)
        for code, need in book.regions.items()
        if need.police is not None
    }


def station_counts(operation: Operation, at: datetime) -> tuple[Counts, bool]:
    """Stations by place and class, and whether they were counted from the stations themselves."""
    kind = StationClass.objects.known(at).filter(station=OuterRef("pk")).values("tps_class")[:1]
    rows = (
        PollingStation.objects.of(operation)
        .order_by()
        .annotate(kind=Coalesce(Subquery(kind), Value("")))
        .values_list("district_id", "kind")
        .annotate(number=Count("pk"))
    )
    counts = {(district, kind): number for district, kind, number in rows}
    return (counts, True) if counts else (_published_counts(operation), False)


def _published_counts(operation: Operation) -> Counts:
    kind_of = {kind: name for name, kind in FIGURE_OF.items()}
    regencies = list(Region.objects.regencies().values_list("code", flat=True))
    found = figures(regencies, kind_of, operation=operation)
    return {(code, kind_of[kind]): figure.value for (code, kind), figure in found.items()}


def _guards(agencies: Iterable[int], codes: set[str]) -> dict[int, dict[str, int]]:
    """Per agency the unit that guards each place: in a district the one with the greatest share,
    in a regency known only as a whole the one with most of its districts."""
    rows = (
        UnitDistrict.objects.filter(
            unit__agency__in=agencies, unit__kind__in=GUARDS, unit__is_active=True
        )
        .order_by("-share", "unit__path")
        .values_list("unit__agency_id", "unit_id", "district_id")
    )
    found: dict[int, dict[str, int]] = {agency: {} for agency in agencies}
    for agency, unit, district in rows:
        found[agency].setdefault(district, unit)
    for guarded in found.values():
        for code in codes - guarded.keys():
            inside = Counter(
                unit for district, unit in guarded.items() if parent_code(district) == code
            )
            if inside:
                guarded[code] = inside.most_common(1)[0][0]
    return found


def _book(
    agency: int,
    counts: Counts,
    counted: bool,
    guards: Mapping[str, int],
    patterns: Mapping[tuple[int, int | None, str], GuardPattern],
) -> NeedBook:
    groups: dict[str, Counter[tuple[int | None, str]]] = defaultdict(Counter)
    for (code, kind), number in counts.items():
        unit = guards.get(code)
        groups[code][unit, kind] += number
        if (regency := _regency(code)) != code:
            groups[regency][unit, kind] += number

    def part(unit: int | None, kind: str, number: int) -> Part:
        pattern = patterns.get((agency, unit, kind)) or patterns.get((agency, None, kind))
        return Part(unit, kind, number, pattern)

    order = [*TpsClass.values, ""]
    regions = {
        code: Need(
            tuple(
                part(unit, kind, number)
                for (unit, kind), number in sorted(
                    group.items(), key=lambda item: (item[0][0] or 0, order.index(item[0][1]))
                )
            )
        )
        for code, group in groups.items()
    }
    whole = tuple(
        part
        for code, need in sorted(regions.items())
        if _regency(code) == code
        for part in need.parts
    )
    units: dict[int | None, list[Part]] = defaultdict(list)
    for each in whole:
        units[each.unit_id].append(each)
    if whole:
        regions[PROVINCE] = Need(whole)
    return NeedBook(
        agency_id=agency,
        regions=regions,
        units={unit: Need(tuple(parts)) for unit, parts in units.items()},
        counted=counted,
    )


def _regency(code: str) -> str:
    return code[:5]


def guard_units(book: NeedBook) -> dict[int, Unit]:
    """The units that the book speaks of, by id."""
    return Unit.objects.in_bulk([unit for unit in book.units if unit is not None])
