"""Rekapitulasi kuat personel: who is there and why the others are not, out of the units' reports.

The reports are those of one cut-off as they stood at a moment; each unit counts once, at its home.
The reasons of absence are the agency's own matter: only reports in the reader's sight are added up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from deployments.models import ABSENCES, ExpectedReport, ReadinessReport
from deployments.queries.leaves import LeafState, leaf_states
from deployments.queries.rollup import latest_cut_off
from portal.access.actor import Actor
from portal.registry.enums import PROVINCE
from portal.registry.models import Operation, Region, Unit

ON_PAPER = ("establishment", "actual")
"""DSP and riil. A unit may leave them open; then nobody knows them for the whole either."""
FIGURES = (
    *ON_PAPER, "total", "present", "absent", *ABSENCES, "seconded_in", "engaged", "standby",
    "reserve",
)  # fmt: skip
"""In the order of the form. `total` = `present` + `absent`; `absent` = the sum of ABSENCES."""


@dataclass(frozen=True)
class PersonnelRow:
    """One region or unit. `figures`: persons by FIGURES in the reports that count; None where
    a unit left it open, and of everything while no report has come."""

    key: str
    name: str
    agency: str
    expected: int
    received: int
    late: int
    figures: dict[str, int | None]
    as_of: datetime | None
    rest: bool = False
    opens: bool = False
    illustrative: bool = False


@dataclass(frozen=True)
class PersonnelTable:
    """`whole` adds up `rows`. `by`: region or unit."""

    at: datetime
    cut_off_at: datetime | None
    by: str
    rows: Sequence[PersonnelRow]
    whole: PersonnelRow | None


def personnel_table(
    actor: Actor,
    operation: Operation,
    at: datetime,
    *,
    by: str = "region",
    within: Region,
    agency: str = "",
    unit: Unit | None = None,
) -> PersonnelTable:
    """By regency in the province, else by unit: a regency has no parts, for the reasons are told by
    whole units only. `unit`: it and all below it."""
    cut_off = latest_cut_off(operation, at)
    due = ExpectedReport.objects.visible_to(actor).filter(operation=operation, cut_off_at=cut_off)
    if within.code != PROVINCE:
        due = due.filter(Q(region=within) | Q(region__code__startswith=f"{within.code}."))
    if agency:
        due = due.filter(agency__slug=agency)
    if unit is not None:
        due = due.filter(Q(unit=unit) | Q(unit__path__startswith=f"{unit.path}/"))
    leaves = _cleared(actor, leaf_states(due.order_by("agency__position", "unit__path"), at))
    by = "region" if by == "region" and within.code == PROVINCE and unit is None else "unit"
    rows = _by_region(leaves) if by == "region" else [_of_unit(leaf) for leaf in leaves]
    name = unit.short_name if unit is not None else within.name
    key = unit.slug if unit is not None else within.code
    whole = _row(key, name, leaves) if leaves else None
    return PersonnelTable(at=at, cut_off_at=cut_off, by=by, rows=rows, whole=whole)


def _cleared(actor: Actor, leaves: Sequence[LeafState]) -> list[LeafState]:
    """Without the figures of reports whose class is above the reader's."""
    sent = [leaf.standing.pk for leaf in leaves if leaf.standing is not None]
    seen = set(ReadinessReport.objects.visible_to(actor).filter(pk__in=sent).values_list("pk"))
    return [
        leaf
        if leaf.standing is None or (leaf.standing.pk,) in seen
        else replace(leaf, standing=None)
        for leaf in leaves
    ]


def _by_region(leaves: Sequence[LeafState]) -> list[PersonnelRow]:
    """Each regency from which a report is due; what is due from the province last."""
    inside: dict[str, list[LeafState]] = {}
    for leaf in leaves:
        inside.setdefault(".".join(leaf.home.split(".")[:2]), []).append(leaf)
    names = dict(Region.objects.filter(pk__in=inside).values_list("code", "name"))
    return [
        _row(code, names[code], inside[code], rest=code == PROVINCE, opens=code != PROVINCE)
        for code in sorted(inside, key=lambda code: (code == PROVINCE, code))
    ]


def _of_unit(leaf: LeafState) -> PersonnelRow:
    return _row(leaf.unit.slug, leaf.unit.short_name, [leaf], agency=leaf.unit.agency.short_name)


def _row(
    key: str,
    name: str,
    leaves: Sequence[LeafState],
    *,
    agency: str = "",
    rest: bool = False,
    opens: bool = False,
) -> PersonnelRow:
    reports = [leaf.standing for leaf in leaves if leaf.standing is not None]
    return PersonnelRow(
        key=key,
        name=name,
        agency=agency,
        expected=sum(leaf.counts["expected"] for leaf in leaves),
        received=sum(leaf.counts["received"] for leaf in leaves),
        late=sum(leaf.counts["late"] for leaf in leaves),
        figures={figure: _sum(getattr(report, figure) for report in reports) for figure in FIGURES},
        as_of=max((leaf.as_of for leaf in leaves if leaf.as_of), default=None),
        rest=rest,
        opens=opens,
        illustrative=any(report.illustrative for report in reports),
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    known: list[int] = []
    for number in numbers:
        if number is None:
            return None
        known.append(number)
    return sum(known) if known else None
