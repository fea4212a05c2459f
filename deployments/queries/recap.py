"""The recapitulation of readiness: by region, up an agency's tree of units, and by stage."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, Sum

from deployments.enums import Light, Tally
from deployments.models import (
    ExpectedReport,
    GroupRollupVersion,
    RollupVersion,
    UnitGroupRollupVersion,
    UnitRollupVersion,
)
from deployments.models.scope import sees_all
from deployments.queries.group_lights import COUNTS as LIGHTS
from deployments.queries.group_lights import Groups, Scales, held_of, place_light
from deployments.queries.leaves import LeafState, leaf_states
from deployments.queries.lights import scales
from deployments.queries.reported import TALLIES
from deployments.queries.rollup import latest_cut_off, rollup_levels
from deployments.queries.strength import StrengthRow, add_states, grouped
from portal.access.actor import Actor
from portal.accounts.enums import Role
from portal.registry.enums import PROVINCE
from portal.registry.models import Operation, Region, Stage, Unit

COUNTS = ("expected", "received", "late", "missing", "verified", "present", "total", "conflicts")
PARTS = {
    Region.Level.PROVINCE: Region.Level.REGENCY,
    Region.Level.REGENCY: Region.Level.DISTRICT,
    Region.Level.DISTRICT: Region.Level.DISTRICT,
}


@dataclass(frozen=True)
class RecapRow:
    """One place, unit or stage: numbers of reports, and the persons in those received. `key` names
    it in an address; `opens` says that it has parts of its own. `light` is "" where nothing is
    expected. `states`: expected reports by Tally; None where they were not counted apart yet."""

    key: str
    name: str
    expected: int
    received: int
    late: int
    missing: int
    verified: int
    present: int
    total: int
    conflicts: int
    states: dict[str, int] | None
    light: str
    as_of: datetime | None
    opens: bool = False
    rest: bool = False
    cut_off_at: datetime | None = None
    cut_offs: int = 1

    @property
    def quarantined(self) -> int:
        """Reports that came and are held back; none where they were not counted apart yet."""
        return held_of(self.states)

    @property
    def light_label(self) -> str:
        """The light in words; nothing where no report is expected."""
        return str(Light(self.light).label) if self.light else ""


@dataclass(frozen=True)
class Recap:
    """The parts and the whole that they add up to. For stages there is no whole: each stage's
    persons are those of its last cut-off."""

    at: datetime
    cut_off_at: datetime | None
    rows: list[RecapRow]
    whole: RecapRow | None


def region_recap(
    operation: Operation, at: datetime, *, within: Region, agency: str | None
) -> Recap:
    """The parts of a region, and what stands in it as a whole without a part of its own."""
    inner = PARTS[Region.Level(within.level)]
    levels = rollup_levels(
        operation,
        levels=[within.level, inner],
        agency_slug=agency,
        at=at,
        within=within.code,
    )
    found = levels[inner] if inner != within.level else []
    wholes = [row for row in levels[within.level] if row.region == within.code]
    whole = grouped(wholes)
    return Recap(
        at=at,
        cut_off_at=latest_cut_off(operation, at),
        rows=[_of_region(row, opens=inner == Region.Level.REGENCY) for row in grouped(found)],
        whole=_of_region(whole[0]) if whole else None,
    )


def _of_region(row: StrengthRow, *, opens: bool = False) -> RecapRow:
    parts = row.by_agency.values()
    return RecapRow(
        key=row.region,
        name=row.region_name,
        expected=row.expected,
        received=row.received,
        late=row.late,
        missing=sum(part.missing_reports for part in parts),
        verified=sum(part.verified_reports for part in parts),
        present=row.present,
        total=row.total,
        conflicts=sum(part.conflicts for part in parts),
        states=row.states,
        light=row.light,
        as_of=max((p.reports_as_of for p in parts if p.reports_as_of), default=None),
        opens=opens and not row.undistributed,
        rest=row.undistributed,
    )


def unit_recap(actor: Actor, operation: Operation, at: datetime, *, parent: Unit | None) -> Recap:
    """The units right below `parent`, each with all that stands below it; without a parent the
    heads of the trees in the actor's sight. A unit with nobody below it is told by its report."""
    cut_off = latest_cut_off(operation, at)
    where = Q(unit__parent=parent) if parent else heads(actor)
    versions = (
        UnitRollupVersion.objects.known_at(at)
        .visible_to(actor)
        .filter(where | Q(unit=parent), operation=operation, cut_off_at=cut_off)
        .select_related("unit__agency")
        .annotate(parts=Count("unit__children"))
    )
    expected = ExpectedReport.objects.visible_to(actor).filter(
        where | Q(unit=parent), operation=operation, cut_off_at=cut_off
    )
    by = scales(at)
    lights = _unit_groups([version.unit_id for version in versions], operation, cut_off, at)
    told = {
        version.unit: _of_unit(version, lights.get(version.unit_id, {}), by) for version in versions
    }
    leaves = expected.exclude(unit__in=told).filter(unit__children=None)
    told |= {leaf.unit: _of_leaf(leaf) for leaf in leaf_states(leaves, at)}
    shown = sorted(told, key=lambda unit: (unit.agency.position, unit.path))
    return Recap(
        at=at,
        cut_off_at=cut_off,
        rows=[told[unit] for unit in shown if unit != parent],
        whole=told.get(parent) if parent else None,
    )


def heads(actor: Actor) -> Q:
    """The highest units among those in sight."""
    if sees_all(actor) or Role.LIAISON in actor.roles:
        return Q(unit__parent=None)
    return Q(unit=actor.unit_id)


def _of_leaf(leaf: LeafState) -> RecapRow:
    counts: dict[str, Any] = dict(leaf.counts)
    return RecapRow(
        key=leaf.unit.slug,
        name=leaf.unit.short_name,
        **counts,
        states=leaf.states,
        light=leaf.light,
        as_of=leaf.as_of,
    )


def _unit_groups(
    units: Sequence[int], operation: Operation, cut_off: datetime | None, at: datetime
) -> dict[int, dict[str, dict[str, int]]]:
    """The lights of the groups in each of the trees, by the unit at its head."""
    found: dict[int, dict[str, dict[str, int]]] = defaultdict(dict)
    rows = UnitGroupRollupVersion.objects.known_at(at).filter(
        operation=operation, cut_off_at=cut_off, unit__in=units
    )
    for row in rows.values("unit_id", "group_key", *LIGHTS):
        found[row["unit_id"]][row["group_key"]] = {name: row[name] for name in LIGHTS}
    return found


def _of_unit(version: Any, groups: Groups, by: Scales) -> RecapRow:
    """`conflicts`: units in it of which another says something else, as its parts add up."""
    counts = {name: getattr(version, name) for name in COUNTS}
    states = version.states
    counts["conflicts"] = states[Tally.CONFLICT.value] if states else 0
    return RecapRow(
        key=version.unit.slug,
        name=version.unit.short_name,
        **counts,
        states=states,
        light=place_light(counts, groups, by, states),
        as_of=version.as_of,
        opens=version.parts > 0,
    )


def stage_recap(operation: Operation, at: datetime, *, agency: str | None) -> Recap:
    """Every stage that has had a cut-off: its reports added up over all of them, its persons and
    its light at the last one."""
    versions = RollupVersion.objects.known_at(at).filter(
        operation=operation, region=PROVINCE, cut_off_at__lte=at
    )
    if agency:
        versions = versions.filter(agency__slug=agency)
    states = {f"all_{name}": Sum(column) for name, column in TALLIES.items()}
    sums = {
        **{name: Sum(name) for name in COUNTS},
        **states,
        "newest": Max("as_of"),
        "uncounted": Count("pk", filter=Q(tally_waiting=None)),
    }
    cut_offs = list(versions.values("cut_off_at").annotate(**sums).order_by("cut_off_at"))
    groups = _last_groups(operation, at, agency)
    by, rows = scales(at), []
    for stage in operation.stages.order_by("starts_at", "position"):
        inside: list[dict[str, Any]] = [
            dict(row) for row in cut_offs if stage.starts_at <= row["cut_off_at"] < stage.ends_at
        ]
        if inside:
            rows.append(_of_stage(stage, inside, groups, by))
    return Recap(at=at, cut_off_at=latest_cut_off(operation, at), rows=rows, whole=None)


def _last_groups(
    operation: Operation, at: datetime, agency: str | None
) -> dict[datetime, dict[str, dict[str, int]]]:
    """The lights of the groups in the whole province, by cut-off."""
    versions = GroupRollupVersion.objects.known_at(at).filter(operation=operation, region=PROVINCE)
    if agency:
        versions = versions.filter(agency__slug=agency)
    sums = {f"all_{name}": Sum(name) for name in LIGHTS}
    found: dict[datetime, dict[str, dict[str, int]]] = defaultdict(dict)
    rows: Any = versions.values("cut_off_at", "group_key").annotate(**sums).order_by()
    for row in rows:
        counts = {name: row[f"all_{name}"] for name in LIGHTS}
        found[row["cut_off_at"]][row["group_key"]] = counts
    return found


def _states_of(cut_off: Mapping[str, Any]) -> dict[str, int] | None:
    return None if cut_off["uncounted"] else {name: cut_off[f"all_{name}"] for name in TALLIES}


def _of_stage(
    stage: Stage,
    cut_offs: list[dict[str, Any]],
    groups: Mapping[datetime, Groups],
    by: Scales,
) -> RecapRow:
    last = cut_offs[-1]
    added = ("expected", "received", "late", "missing", "verified", "conflicts")
    return RecapRow(
        key=stage.key,
        name=stage.label,
        **{name: sum(row[name] for row in cut_offs) for name in added},
        states=add_states(map(_states_of, cut_offs)),
        present=last["present"],
        total=last["total"],
        light=place_light(last, groups.get(last["cut_off_at"], {}), by, _states_of(last)),
        as_of=max((row["newest"] for row in cut_offs if row["newest"]), default=None),
        cut_off_at=last["cut_off_at"],
        cut_offs=len(cut_offs),
    )
