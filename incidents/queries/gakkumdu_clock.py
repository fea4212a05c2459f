"""The legal clock, reckoned: the one place that says when a step ends, what is left, what lapsed.

Pure: limits, history and calendar in, times out. A day counts as the law counts it: the day after
the event is day 1, and the time ends at 24.00 WITA of the last day; hours run from the event.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from incidents.enums.gakkumdu import (
    COUNTED_FROM,
    NEXT_STEP,
    Effect,
    EntryKind,
    StepCode,
    StepState,
    TimeUnit,
)
from incidents.models import CaseEntry, ClockStep, GakkumduCase
from portal import clock
from portal.registry.workdays import DAY, INSTANT, WorkCalendar

HOUR = timedelta(hours=1)


def ends_at(start: datetime, amount: int, unit: str, days: WorkCalendar) -> datetime:
    """The moment at which the time is over: of days, the midnight that ends the last one."""
    if unit == TimeUnit.HOUR:
        return start + amount * HOUR
    first = clock.local(start).date()
    if unit == TimeUnit.WORKING_DAY:
        return clock.midnight(days.add_working_days(first, amount) + DAY)
    return clock.midnight(first + (amount + 1) * DAY)


def last_day(end: datetime) -> date:
    """The last day of a time that ends then."""
    return clock.local(end - INSTANT).date()


def left(at: datetime, end: datetime, unit: str, days: WorkCalendar) -> int:
    """Whole hours, days or working days that follow until the end; 0 on the last day."""
    if unit == TimeUnit.HOUR:
        return max(0, (end - at) // HOUR)
    today, last = clock.local(at).date(), last_day(end)
    following = [today + n * DAY for n in range(1, (last - today).days + 1)]
    if unit == TimeUnit.WORKING_DAY:
        return sum(days.is_working_day(day) for day in following)
    return len(following)


@dataclass(frozen=True)
class StepTime:
    """A step of a case on the clock. `ends_at` None: no limit, or not begun; `left` only while it
    runs, in `unit`."""

    code: str
    state: str
    unit: str = TimeUnit.DAY
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    done_at: datetime | None = None
    extended: bool = False
    returned: bool = False
    left: int | None = None
    effect: str = Effect.ENDS

    @property
    def over(self) -> bool:
        return self.state in (StepState.LAPSED, StepState.LATE)


@dataclass(frozen=True)
class CaseClock:
    """All steps in their order; `current` runs. `lapsed`: the step whose time is over so that the
    case has lapsed, or the right to go on with it."""

    steps: list[StepTime]
    current: StepTime | None
    lapsed: StepTime | None

    @property
    def ended(self) -> bool:
        """The case itself has lapsed: nothing follows but closing it."""
        return self.lapsed is not None and self.lapsed.effect == Effect.ENDS


def reckon(
    case: GakkumduCase,
    entries: Iterable[CaseEntry],
    limits: Mapping[str, ClockStep],
    days: WorkCalendar,
    at: datetime,
) -> CaseClock:
    """Where the case stands on the clock at that moment; closing stops the clock."""
    entries = list(entries)
    at = min(at, case.closed_at) if case.closed_at else at
    finished = {
        row.step: row for row in entries if row.kind in (EntryKind.DONE, EntryKind.RETURNED)
    }
    extended = {row.step for row in entries if row.kind == EntryKind.EXTENDED}
    returned = any(row.kind == EntryKind.RETURNED for row in entries)
    steps = []
    for code in StepCode.values:
        if code in finished:
            step = _done(code, finished[code], limits[code], code in extended)
        elif code == case.step:
            step = running(case, finished, limits[code], code in extended, days, at)
        else:
            step = StepTime(code, _waiting(code, case, returned))
        steps.append(step)
    lapsed = next((step for step in steps if step.over and step.effect != Effect.LATE), None)
    if lapsed is not None and lapsed.effect == Effect.ENDS:
        steps = [_stopped(step) for step in steps]
    current = next((step for step in steps if step.code == case.step), None)
    return CaseClock(steps, current, lapsed)


def _stopped(step: StepTime) -> StepTime:
    """Of a case that has lapsed: nothing runs any more."""
    waits = step.state in (StepState.RUNNING, StepState.AHEAD)
    return replace(step, state=StepState.STOPPED, left=None) if waits else step


def _done(code: str, entry: CaseEntry, limit: ClockStep, extended: bool) -> StepTime:
    in_time = entry.due_at is None or entry.happened_at < entry.due_at
    return StepTime(
        code,
        StepState.DONE if in_time else _over(limit),
        unit=limit.unit,
        ends_at=entry.due_at,
        done_at=entry.happened_at,
        extended=extended,
        returned=entry.kind == EntryKind.RETURNED,
        effect=limit.effect,
    )


def running(
    case: GakkumduCase,
    finished: Mapping[str, CaseEntry],
    limit: ClockStep,
    extended: bool,
    days: WorkCalendar,
    at: datetime,
) -> StepTime:
    """The step that runs: when it began, when it ends and what is left at that moment."""
    start = begun(case, finished)
    end = None
    if limit.limit is not None:
        amount = limit.limit + (limit.extension if extended else 0)
        end = ends_at(start, amount, limit.unit, days)
    over = end is not None and at >= end
    if case.outcome and not over:
        state: str = StepState.STOPPED
    else:
        state = _over(limit) if over else StepState.RUNNING
    return StepTime(
        case.step,
        state,
        unit=limit.unit,
        starts_at=start,
        ends_at=end,
        extended=extended,
        left=None if end is None or over else left(at, end, limit.unit, days),
        effect=limit.effect,
    )


def begun(case: GakkumduCase, finished: Mapping[str, CaseEntry]) -> datetime:
    """When the running step began: at the latest end among those it is counted from."""
    ends = [finished[code].happened_at for code in COUNTED_FROM[case.step] if code in finished]
    return max(ends, default=case.received_at)


def _over(limit: ClockStep) -> str:
    return StepState.LATE if limit.effect == Effect.LATE else StepState.LAPSED


def _waiting(code: str, case: GakkumduCase, returned: bool) -> str:
    if code == StepCode.FILE_FIX and not returned and _passed(case):
        return StepState.SKIPPED
    return StepState.STOPPED if case.outcome else StepState.AHEAD


def _passed(case: GakkumduCase) -> bool:
    """The case is past the study of the file."""
    later, code = {""}, NEXT_STEP[StepCode.FILE_STUDY]
    while code:
        later.add(code)
        code = NEXT_STEP[code]
    return case.step in later
