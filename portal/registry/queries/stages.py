"""Which part of the calendar a moment falls into."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db.models import QuerySet

from portal import clock
from portal.registry.enums import Quality, StageTrack
from portal.registry.models import Operation, Stage


def current_operation(at: datetime) -> Operation | None:
    """The operation that runs on that day, else the next to start, else the last."""
    return Operation.objects.current(at)


def running_stages(operation: Operation, at: datetime) -> QuerySet[Stage]:
    """Every row of the calendar that runs at that moment; several overlap."""
    return operation.stages.running(at)


def main_stage(operation: Operation, at: datetime) -> Stage | None:
    """The election's own stage that names the moment: of those that run, the last to begin."""
    running = running_stages(operation, at).filter(track=StageTrack.ELECTION)
    return running.order_by("-starts_at", "position").first()


def next_stage(operation: Operation, at: datetime) -> Stage | None:
    """The election's own stage that begins next."""
    coming = operation.stages.filter(track=StageTrack.ELECTION, starts_at__gt=at)
    return coming.order_by("starts_at", "position").first()


@dataclass(frozen=True)
class Span:
    """From one moment to another, exclusive, and the stage that names it; None between stages."""

    stage: Stage | None
    begins: datetime
    ends: datetime


def main_spans(operation: Operation, since: datetime, until: datetime) -> list[Span]:
    """`main_stage` of every moment from `since` to before `until`, without gap or overlap."""
    stages = list(operation.stages.filter(track=StageTrack.ELECTION))
    edges = {edge for stage in stages for edge in (stage.starts_at, stage.ends_at)}
    cuts = [since, *sorted(edge for edge in edges if since < edge < until), until]
    spans: list[Span] = []
    for begins, ends in pairwise(cuts):
        running = [stage for stage in stages if stage.starts_at <= begins < stage.ends_at]
        named = max(running, key=lambda stage: (stage.starts_at, -stage.position), default=None)
        if spans and spans[-1].stage == named:
            begins = spans.pop().begins
        if ends > begins:
            spans.append(Span(named, begins, ends))
    return spans


@dataclass(frozen=True)
class StageRow:
    """A row of the calendar as printed: first and last day (both included) in WITA."""

    label: str
    track: str
    begins: date
    ends: date
    security_focus: str
    source: str
    quality: str
    running: bool
    past: bool

    @property
    def one_day(self) -> bool:
        return self.begins == self.ends


def stage_rows(operation: Operation, at: datetime) -> list[StageRow]:
    """The whole calendar in the order of its dates."""
    return [stage_row(stage, at) for stage in operation.stages.all()]


def stage_row(stage: Stage, at: datetime) -> StageRow:
    doubtful = stage.quality != Quality.REPORTED
    return StageRow(
        label=stage.label,
        track=stage.get_track_display(),
        begins=clock.local(stage.starts_at).date(),
        ends=clock.local(stage.ends_at - timedelta(microseconds=1)).date(),
        security_focus=stage.security_focus,
        source=stage.source,
        quality=stage.get_quality_display() if doubtful else "",
        running=stage.starts_at <= at < stage.ends_at,
        past=stage.ends_at <= at,
    )
