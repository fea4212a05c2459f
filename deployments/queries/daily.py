"""The daily report: what the pages say about one region or unit at one moment, put together. Every
number comes out of the selector of its page; the lists hold what the reader may see one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.db.models import Q, QuerySet

from deployments.enums import OPEN, ConflictState, DeploymentState
from deployments.models import (
    Conflict,
    DeploymentMove,
    ExpectedReport,
    ReadinessReport,
    RuleFlag,
)
from deployments.queries.leaves import LeafState, leaf_states
from deployments.queries.oddities import flag_sentence
from deployments.queries.personnel import PersonnelTable, personnel_table
from deployments.queries.recap import PARTS, Recap, region_recap, unit_recap
from deployments.queries.rollup import rollup_levels
from deployments.queries.sections import Asked, Section, sections
from deployments.queries.strength import StrengthRow, grouped
from portal import clock
from portal.access.actor import Actor
from portal.registry.models import Operation, Region, Unit
from portal.web.templatetags.portal import angka


@dataclass(frozen=True)
class Silent:
    """A unit that owes its report for the cut-off, or sent it late."""

    unit: str
    agency: str
    due_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True)
class Move:
    """A step of a placement on the day."""

    at: datetime
    unit: str
    region: str
    people: int
    task: str
    state: str
    state_label: str
    sprin: str
    note: str
    illustrative: bool


@dataclass(frozen=True)
class Remark:
    """An odd number, a contradiction or a note; `kind`: oddity, conflict or note."""

    kind: str
    where: str
    text: str


@dataclass(frozen=True)
class DailyReport:
    """`strength`: regions with all agencies, or with the one asked for, `whole` is the region
    itself; `recap`: readiness of the same regions, or of the units of the tree asked for;
    `personnel`: who is there and why the others are not, out of the reports in sight."""

    operation: Operation
    at: datetime
    cut_off_at: datetime | None
    region: Region
    agency: str
    unit: Unit | None
    strength: Sequence[StrengthRow]
    whole: StrengthRow | None
    recap: Recap
    personnel: PersonnelTable
    silent: Sequence[Silent]
    late: Sequence[Silent]
    moves: Sequence[Move]
    remarks: Sequence[Remark]
    sections: Sequence[Section] = ()

    @property
    def as_of(self) -> datetime | None:
        """The newest change behind any figure."""
        return self.whole.as_of if self.whole else None

    @property
    def expected(self) -> int:
        return sum(row.expected for row in self.counted)

    @property
    def received(self) -> int:
        return sum(row.received for row in self.counted)

    @property
    def counted(self) -> list:
        """What "n of m reported" adds up: the whole, or without one the trees in sight."""
        return [self.recap.whole] if self.recap.whole else list(self.recap.rows)


def daily_report(
    actor: Actor,
    operation: Operation,
    at: datetime,
    *,
    within: Region,
    agency: str = "",
    unit: Unit | None = None,
) -> DailyReport:
    """The report of the day of `at` up to that moment. A `unit` narrows the lists and the
    readiness to it and all below it; its strength is that of its agency in the region."""
    if unit is not None:
        agency = unit.agency.slug
        recap = unit_recap(actor, operation, at, parent=unit)
    else:
        recap = region_recap(operation, at, within=within, agency=agency or None)
    inner = PARTS[Region.Level(within.level)]
    levels = rollup_levels(
        operation,
        levels=[within.level, inner],
        agency_slug=agency or None,
        at=at,
        within=within.code,
    )
    wholes = [row for row in levels[within.level] if row.region == within.code]
    whole = grouped(wholes)
    part = _Part(actor, operation, at, recap.cut_off_at, within, agency, unit)
    silent, late = part.reports()
    return DailyReport(
        operation=operation,
        at=at,
        cut_off_at=recap.cut_off_at,
        region=within,
        agency=agency,
        unit=unit,
        strength=grouped(levels[inner]) if inner != within.level else [],
        whole=whole[0] if whole else None,
        recap=recap,
        personnel=personnel_table(actor, operation, at, within=within, agency=agency, unit=unit),
        silent=silent,
        late=late,
        moves=part.moves(),
        remarks=[*part.conflicts(), *part.oddities(), *part.notes()],
        sections=sections(Asked(actor, operation, at, within, agency, unit)),
    )


@dataclass
class _Part:
    """What of the lists belongs to the report."""

    actor: Actor
    operation: Operation
    at: datetime
    cut_off_at: datetime | None
    within: Region
    agency: str
    unit: Unit | None

    def narrow(self, rows: QuerySet, prefix: str = "", unit: str = "unit") -> QuerySet:
        code = self.within.pk
        inside = Q(**{f"{prefix}region_id": code}) | Q(
            **{f"{prefix}region__code__startswith": f"{code}."}
        )
        rows = rows.filter(inside)
        if self.agency:
            rows = rows.filter(**{f"{prefix}agency__slug": self.agency})
        if self.unit is not None and unit:
            path = self.unit.path
            own = Q(**{f"{prefix}{unit}__path": path})
            rows = rows.filter(own | Q(**{f"{prefix}{unit}__path__startswith": f"{path}/"}))
        return rows

    def reports(self) -> tuple[list[Silent], list[Silent]]:
        """Who had nothing standing for the cut-off at that moment, and who came after it; what is
        held in quarantine is neither."""
        silent, late = [], []
        for leaf in self.leaves:
            sent = leaf.report.submitted_at if leaf.report else None
            one = Silent(leaf.unit.short_name, leaf.unit.agency.short_name, leaf.due_at, sent)
            if leaf.state in OPEN:
                silent.append(replace(one, sent_at=None))
            elif leaf.counts["late"]:
                late.append(one)
        return silent, late

    @cached_property
    def leaves(self) -> list[LeafState]:
        """The reports in sight as they stood at that moment."""
        rows = ExpectedReport.objects.visible_to(self.actor).filter(
            operation=self.operation, cut_off_at=self.cut_off_at
        )
        return leaf_states(self.narrow(rows).order_by("unit__path"), self.at)

    def standing(self) -> list[int]:
        """The versions that were in and had not been sent back."""
        return [leaf.report.pk for leaf in self.leaves if leaf.report and leaf.state not in OPEN]

    def moves(self) -> list[Move]:
        first, _next = clock.day_bounds(clock.local(self.at).date())
        rows = DeploymentMove.objects.visible_to(self.actor).filter(
            deployment__operation=self.operation, moved_at__gte=first, moved_at__lte=self.at
        )
        inside = self.narrow(rows, "deployment__").select_related(
            "deployment__unit", "deployment__region"
        )
        return [
            Move(
                at=move.moved_at,
                unit=move.deployment.unit.short_name,
                region=move.deployment.region.name,
                people=move.deployment.personnel,
                task=move.deployment.task,
                state=move.to_state,
                state_label=str(DeploymentState(move.to_state).label),
                sprin=move.deployment.sprin_number,
                note=move.note,
                illustrative=move.deployment.illustrative,
            )
            for move in inside.order_by("moved_at", "pk")
        ]

    def conflicts(self) -> list[Remark]:
        rows = Conflict.objects.visible_to(self.actor).filter(
            operation=self.operation, cut_off_at=self.cut_off_at, found_at__lte=self.at
        )
        inside = self.narrow(rows.exclude(state=ConflictState.DISSOLVED), unit="")
        found = []
        for row in inside.select_related("region", "standing").prefetch_related("sides__unit"):
            said = "; ".join(
                f"{side.unit.short_name} {angka(side.present)}/{angka(side.total)}"
                for side in row.sides.all()
            )
            decided = row.standing and row.decided_at and row.decided_at <= self.at
            label = str(ConflictState(row.state if decided else ConflictState.OPEN).label)
            stands = f" → {row.standing.short_name}" if row.standing and decided else ""
            found.append(Remark("conflict", row.region.name, f"{said} ({label}{stands})"))
        return found

    def oddities(self) -> list[Remark]:
        flags = RuleFlag.objects.filter(report__in=self.standing()).select_related(
            "rule", "report__unit"
        )
        return [
            Remark(
                "oddity",
                flag.report.unit.short_name,
                " ".join(filter(None, (flag_sentence(flag), flag.reason))),
            )
            for flag in flags.order_by("report__unit__path", "pk")
        ]

    def notes(self) -> list[Remark]:
        rows = ReadinessReport.objects.filter(pk__in=self.standing()).exclude(notes="")
        rows = rows.select_related("unit").order_by("unit__path")
        return [Remark("note", row.unit.short_name, row.notes) for row in rows]
