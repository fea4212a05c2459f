"""Until when: a date, working days after issue, or days from a stage's beginning."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from coordination.enums import OBLIGATION_CLOSED, DueKind, ObligationState
from coordination.models import Directive, Obligation
from portal import clock
from portal.access.actor import Actor
from portal.registry.models import Stage
from portal.registry.workdays import add_working_days

OFFICE_CLOSES = time(16)
SETTLED = sorted({*OBLIGATION_CLOSED, ObligationState.VERIFIED})


def working_days_due(issued_at: datetime, days: int) -> datetime:
    """The close of office, that many working days after the day of issue (WITA)."""
    day = add_working_days(clock.local(issued_at).date(), days)
    return datetime.combine(day, OFFICE_CLOSES, clock.WITA)


def stage_due(starts_at: datetime, offset: int) -> datetime:
    """The close of office, that many days from the day on which the stage begins (WITA)."""
    day = clock.local(starts_at).date() + timedelta(days=offset)
    return datetime.combine(day, OFFICE_CLOSES, clock.WITA)


def due_by_rule(directive: Directive, issued_at: datetime) -> datetime | None:
    """What the directive's own rule gives; None where it names a date."""
    if directive.due_kind == DueKind.WORKING_DAYS:
        return working_days_due(issued_at, directive.due_days or 1)
    if directive.due_kind == DueKind.STAGE and directive.due_stage is not None:
        return stage_due(directive.due_stage.starts_at, directive.due_offset)
    return None


@dataclass(frozen=True)
class DueMove:
    """An unfinished obligation whose stage has moved, with its due time before and after."""

    obligation: Obligation
    due_before: datetime
    due_after: datetime
    passed: bool

    @property
    def url(self) -> str:
        return reverse("coordination:obligation_detail", args=[self.obligation.pk])


@dataclass(frozen=True)
class StageMoves:
    """All that one stage's new date moves. `digest` stands for exactly these moves; `staying` is
    what follows the stage and keeps its due time all the same, told only where it was asked for."""

    stage: Stage
    counted_from: datetime
    starts_at: datetime
    moves: list[DueMove]
    digest: str
    staying: list[Obligation]


def stage_moves(actor: Actor, at: datetime) -> list[StageMoves]:
    """What the actor's agency has issued, follows a stage, and no longer fits it; by stage. What is
    finished, verified or has a due time of its own stays. Two queries."""
    rows = _following(actor).filter(own_due=False, due_counted_from__isnull=False)
    rows = rows.exclude(state__in=SETTLED)
    found: dict[int, list[Obligation]] = {}
    for row in rows:
        stage = row.directive.due_stage
        if stage is not None and stage.starts_at != row.due_counted_from:
            found.setdefault(stage.pk, []).append(row)
    return [_stage_moves(obligations, at) for obligations in found.values()]


def stage_moves_if(actor: Actor, *, stage: Stage, starts_at: datetime, at: datetime) -> StageMoves:
    """What would move, and what would stay, if the stage began then. Nothing is changed."""
    moving: list[Obligation] = []
    staying: list[Obligation] = []
    for row in _following(actor).filter(directive__due_stage=stage):
        still = row.due_counted_from in (None, starts_at)
        stays = still or row.own_due or row.state in SETTLED
        (staying if stays else moving).append(row)
    moves = [_move(row, starts_at, at) for row in moving]
    return StageMoves(stage, stage.starts_at, starts_at, moves, "", staying)


def _following(actor: Actor) -> QuerySet[Obligation]:
    return (
        Obligation.objects.filter(
            directive__issuer_agency_id=actor.agency_id,
            directive__due_stage__isnull=False,
        )
        .select_related("agency", "unit", "directive__due_stage", "directive__meeting")
        .order_by("directive__due_stage__starts_at", "directive_id", "agency__position", "pk")
    )


def _stage_moves(obligations: list[Obligation], at: datetime) -> StageMoves:
    stage = obligations[0].directive.due_stage
    counted_from = obligations[0].due_counted_from
    assert stage is not None and counted_from is not None  # noqa: S101 (chosen so by stage_moves)
    moves = [_move(obligation, stage.starts_at, at) for obligation in obligations]
    return StageMoves(stage, counted_from, stage.starts_at, moves, _digest(stage, moves), [])


def _move(obligation: Obligation, starts_at: datetime, at: datetime) -> DueMove:
    """Time that the due time stood still stays added."""
    counted_from, offset = obligation.due_counted_from, obligation.directive.due_offset
    assert counted_from is not None  # noqa: S101 (chosen so by the callers)
    added = obligation.due_at - stage_due(counted_from, offset)
    after = stage_due(starts_at, offset) + added
    return DueMove(obligation, obligation.due_at, after, after <= at)


def _digest(stage: Stage, moves: Iterable[DueMove]) -> str:
    parts = [f"{stage.pk}:{stage.starts_at.timestamp()}"]
    parts += [
        f"{move.obligation.pk}:{move.due_before.timestamp()}:{move.due_after.timestamp()}"
        for move in moves
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
