"""The table of strength: the roll-up's rows with regions down and agencies across."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from deployments.enums import Tally
from deployments.models import StrengthDeclaration
from deployments.queries.group_lights import Groups, Scales, add_groups, place_light
from deployments.queries.rollup import LEVELS, rollup_levels
from deployments.queries.rows import RollupRow, came_late
from portal.registry.enums import PROVINCE
from portal.registry.models import Operation, Region

LEVEL_OF = dict(enumerate(LEVELS))
"""The level of a region by the number of dots in its code."""


@dataclass(frozen=True)
class AgencyStrength:
    """What an agency announced and what of it is accounted for. Persons."""

    slug: str
    short_name: str
    declared: int
    itemised: int
    not_itemised: int
    engaged: int
    standby: int
    reserve: int
    source: str
    as_of: datetime | None
    final: bool
    illustrative: bool


@dataclass(frozen=True)
class StrengthRow:
    """One region with all agencies. `need`, `gap`, `states` and `groups` as in RollupRow; None: not
    known."""

    region: str
    region_name: str
    undistributed: bool
    by_agency: dict[str, RollupRow]
    declared: int
    engaged: int
    standby: int
    reserve: int
    not_itemised: int
    need: int | None
    gap: int | None
    expected: int
    received: int
    late: int
    states: dict[str, int] | None
    groups: Groups
    scales: Scales
    total: int
    present: int
    light: str
    silent_since: datetime | None
    conflict: bool

    @property
    def difference(self) -> int | None:
        """Engaged − need: negative is short."""
        return None if self.gap is None else -self.gap

    @property
    def as_of(self) -> datetime | None:
        """The newest change behind any figure of any agency."""
        return max(filter(None, (row.as_of for row in self.by_agency.values())), default=None)

    @property
    def came_late(self) -> int:
        return came_late(self.states, self.late)

    @property
    def silent(self) -> int:
        """Expected reports of which nothing came; one in quarantine came."""
        if self.states is None:
            return self.expected - self.received
        return self.states[Tally.MISSING] + self.states[Tally.WAITING]


def longest_silent(rows: Iterable["StrengthRow"]) -> list["StrengthRow"]:
    """Most missing reports first, among equals who never reported, then the longest silent."""
    return sorted(
        rows,
        key=lambda row: (-row.silent, row.silent_since is not None, row.silent_since),
    )


@dataclass(frozen=True)
class StrengthTable:
    """`totals` is the province as one row; it equals the sum of `rows`."""

    at: datetime
    cut_off_at: datetime | None
    agencies: list[AgencyStrength]
    rows: list[StrengthRow]
    totals: StrengthRow | None

    @property
    def not_itemised(self) -> dict[str, int]:
        return {agency.slug: agency.not_itemised for agency in self.agencies}


def combine(rows: list[RollupRow]) -> StrengthRow:
    """The agencies of one region as one row."""
    first = rows[0]
    needs = [row.need for row in rows if row.need is not None]
    gaps = [row.gap for row in rows if row.gap is not None]
    reports = {
        "expected": sum(row.expected_reports for row in rows),
        "received": sum(row.received_reports for row in rows),
        "present": sum(row.present for row in rows),
        "total": sum(row.total for row in rows),
    }
    groups = add_groups(row.groups for row in rows)
    states = add_states(row.states for row in rows)
    light = place_light(reports, groups, first.scales, states)
    since = [row.silent_since for row in rows if row.silent_since]
    return StrengthRow(
        region=first.region,
        region_name=first.region_name,
        undistributed=first.undistributed,
        by_agency={row.agency: row for row in rows},
        declared=sum(row.declared for row in rows),
        engaged=sum(row.engaged for row in rows),
        standby=sum(row.standby for row in rows),
        reserve=sum(row.reserve for row in rows),
        not_itemised=sum(row.not_itemised for row in rows),
        need=sum(needs) if needs else None,
        gap=sum(gaps) if gaps else None,
        **reports,
        late=sum(row.late_reports for row in rows),
        states=states,
        groups=groups,
        scales=first.scales,
        light=light or next((row.light for row in rows if row.light), ""),
        silent_since=min(since, default=None),
        conflict=any(row.conflict for row in rows),
    )


def add_states(counts: Iterable[Mapping[str, int] | None]) -> dict[str, int] | None:
    """Expected reports by Tally, added up; None if one of the parts is not known."""
    known = list(counts)
    if any(one is None for one in known):
        return None
    return {tally.value: sum(one[tally.value] for one in known if one) for tally in Tally}


def grouped(rows: list[RollupRow]) -> list[StrengthRow]:
    """Rows of several agencies, combined per region, in the order given."""
    regions: dict[str, list[RollupRow]] = {}
    for row in rows:
        regions.setdefault(row.region, []).append(row)
    return [combine(parts) for parts in regions.values()]


def strength_table(
    operation: Operation,
    at: datetime,
    level: str = Region.Level.REGENCY,
    *,
    within: str = PROVINCE,
    agency: str | None = None,
) -> StrengthTable:
    """Regions down, agencies across, with what is not itemised; sums to the region `within`.
    `agency`: only that one (slug)."""
    levels = rollup_levels(
        operation,
        levels=list(dict.fromkeys([level, LEVEL_OF[within.count(".")], Region.Level.PROVINCE])),
        agency_slug=agency,
        at=at,
    )
    inside = [row for row in levels[level] if row.region.startswith(f"{within}.")]
    rest = [row for row in levels[level] if row.region == within and row.undistributed]
    rows = grouped([*inside, *rest])
    whole = levels[Region.Level.PROVINCE]
    totals = [row for row in levels[LEVEL_OF[within.count(".")]] if row.region == within]
    declared = {
        declaration.agency.slug: declaration
        for declaration in StrengthDeclaration.objects.newest(operation, at).select_related(
            "agency"
        )
    }
    agencies = [
        AgencyStrength(
            slug=row.agency,
            short_name=row.agency_short,
            declared=row.declared,
            itemised=row.declared - row.not_itemised,
            not_itemised=row.not_itemised,
            engaged=row.engaged,
            standby=row.standby,
            reserve=row.reserve,
            source=declared[row.agency].source if row.agency in declared else "",
            as_of=declared[row.agency].as_of if row.agency in declared else row.as_of,
            final=row.agency in declared and declared[row.agency].final,
            illustrative=row.agency in declared and declared[row.agency].illustrative,
        )
        for row in whole
    ]
    return StrengthTable(
        at=at,
        cut_off_at=whole[0].cut_off_at if whole else None,
        agencies=agencies,
        rows=rows,
        totals=combine(totals) if totals else None,
    )
