"""When which rung of which ladder is due: the one computation of the sweep, the page and the API.

A rung comes due `after` minutes from the moment its occasion counts from. One for working hours
waits for the next working moment, and then keeps its distance from the rung before it, so that a
weekend does not tell a head before the liaison had his day. Of several that are due together (a
sweep was missed) only the highest is said; the lower ones are passed over.

What urges the doer ends with any answer: one that came after the due time, or after a reminder. A
new due time begins anew. Who waits for another obligation is not urged; once it goes on, what is
late is counted from then.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from coordination.enums import OBLIGATION_WITH_AGENCY, ObligationState, Occasion, WaitKind
from coordination.models import LadderRung, Obligation, Reminder, Wait
from portal.registry import workdays
from portal.registry.workdays import WorkCalendar

INSTANT = timedelta(microseconds=1)
BEFORE_DUE = frozenset({Occasion.UNACKNOWLEDGED, Occasion.DUE_SOON})


@dataclass(frozen=True)
class Ladders:
    """The active rungs by priority and occasion, lowest first, and the calendar they go by."""

    rungs: dict[tuple[str, str], list[LadderRung]]
    calendar: WorkCalendar

    def of(self, priority: str, occasion: str) -> list[LadderRung]:
        return self.rungs.get((priority, occasion), [])


def ladders() -> Ladders:
    """As they stand now; two queries."""
    return arranged(LadderRung.objects.active(), workdays.calendar())


def arranged(rungs: Iterable[LadderRung], calendar: WorkCalendar) -> Ladders:
    found: dict[tuple[str, str], list[LadderRung]] = {}
    for rung in sorted(rungs, key=lambda rung: rung.after):
        found.setdefault((rung.priority, rung.occasion), []).append(rung)
    return Ladders(found, calendar)


@dataclass(frozen=True)
class Said:
    """A rung that was decided already: `after` is where it stood."""

    occasion: str
    after: int
    counted_from: datetime
    at: datetime


@dataclass(frozen=True)
class Course:
    """What the ladders look at in an obligation. `waiting_since`: since when the issuer
    has something to decide; `answered_at`: the doer's last answer; `held`: it waits for another
    obligation, `freed_at`: since when it no longer does."""

    priority: str
    state: str
    created_at: datetime
    due_at: datetime
    waiting_since: datetime | None
    said: tuple[Said, ...]
    answered_at: datetime | None = None
    freed_at: datetime | None = None
    held: bool = False

    @property
    def late_from(self) -> datetime:
        return max(self.due_at, self.freed_at or self.due_at)

    def answered(self, occasion: str, counted_from: datetime) -> bool:
        """Whether the doer spoke since that occasion came, or was first reminded of."""
        if self.answered_at is None:
            return False
        if occasion == Occasion.OVERDUE and self.answered_at >= counted_from:
            return True
        return any(
            said.at <= self.answered_at
            for said in self.said
            if said.occasion == occasion and said.counted_from == counted_from
        )


@dataclass(frozen=True)
class Due:
    """A rung and the moment it is to be said at; `lower`: what is passed over by saying it."""

    rung: LadderRung
    at: datetime
    counted_from: datetime
    lower: tuple[LadderRung, ...]


def moments(
    rungs: list[LadderRung], counted_from: datetime, calendar: WorkCalendar
) -> list[datetime]:
    """When each rung of one ladder comes due, counted from that moment."""
    found: list[datetime] = []
    for place, rung in enumerate(rungs):
        moment = counted_from + rung.span
        if place:
            moment = max(moment, found[-1] + rung.span - rungs[place - 1].span)
        found.append(_settled(rung, moment, calendar))
    return found


def reach(rungs: list[LadderRung], at: datetime, calendar: WorkCalendar) -> list[datetime]:
    """For each rung the latest moment counted from at which it is due by `at`: `moments` turned
    round, so that the database can find the due ones."""
    return [_reach(rungs, place, at, calendar) for place in range(len(rungs))]


def _reach(rungs: list[LadderRung], place: int, at: datetime, calendar: WorkCalendar) -> datetime:
    rung = rungs[place]
    limit = calendar.last_working_moment(at) if rung.working_hours_only else at
    own = limit - rung.span
    if place == 0:
        return own
    gap = rung.span - rungs[place - 1].span
    return min(own, _reach(rungs, place - 1, limit - gap, calendar))


def _settled(rung: LadderRung, moment: datetime, calendar: WorkCalendar) -> datetime:
    return calendar.next_working_moment(moment) if rung.working_hours_only else moment


def upcoming(course: Course, ladders: Ladders, at: datetime) -> list[Due]:
    """What will be said from `at` on if nobody answers, in the order of time. What stands at `at`
    itself is due now."""
    found = [
        due
        for occasion, counted_from in _occasions(course)
        for due in _climb(course, occasion, counted_from, ladders, at)
    ]
    return sorted(found, key=lambda due: (due.at, due.rung.pk))


def due_now(course: Course, ladders: Ladders, at: datetime) -> list[Due]:
    """What a sweep at that moment says."""
    return [due for due in upcoming(course, ladders, at) if due.at <= at]


def _occasions(course: Course) -> Iterator[tuple[str, datetime]]:
    if course.state == ObligationState.OPEN:
        yield Occasion.UNACKNOWLEDGED, course.created_at
    urged = course.state in OBLIGATION_WITH_AGENCY and course.waiting_since is None
    if urged and not course.held:
        for occasion, moment in (
            (Occasion.DUE_SOON, course.due_at),
            (Occasion.OVERDUE, course.late_from),
        ):
            if not course.answered(occasion, moment):
                yield occasion, moment
    if course.waiting_since is not None:
        yield Occasion.WAITING, course.waiting_since


def _climb(
    course: Course, occasion: str, counted_from: datetime, ladders: Ladders, at: datetime
) -> list[Due]:
    rungs = ladders.of(course.priority, occasion)
    said = [
        said.after
        for said in course.said
        if said.occasion == occasion and said.counted_from == counted_from
    ]
    by_moment: dict[datetime, list[LadderRung]] = {}
    for rung, moment in zip(rungs, moments(rungs, counted_from, ladders.calendar), strict=True):
        if said and rung.after <= max(said):
            continue
        if occasion == Occasion.DUE_SOON and counted_from + rung.span < course.created_at:
            continue  # Giving it out said so.
        moment = max(moment, at)
        if occasion == Occasion.OVERDUE:
            # At the due time itself it is not late yet.
            moment = max(moment, course.due_at + INSTANT)
        moment = _settled(rung, moment, ladders.calendar)
        if occasion in BEFORE_DUE and moment > course.due_at:
            continue  # Then it is overdue, and that ladder speaks.
        by_moment.setdefault(moment, []).append(rung)
    return [
        Due(together[-1], moment, counted_from, tuple(together[:-1]))
        for moment, together in by_moment.items()
    ]


def courses(obligations: Iterable[Obligation]) -> dict[int, Course]:
    """Of obligations with their directives loaded; two queries."""
    rows = list(obligations)
    keys = [row.pk for row in rows]
    said: dict[int | None, list[Said]] = {}
    decided = Reminder.objects.filter(obligation__in=keys).order_by("pk")
    for owner, occasion, after, counted_from, at in decided.values_list(
        "obligation_id", "rung", "after", "counted_from", "sent_at"
    ):
        said.setdefault(owner, []).append(Said(occasion, after or 0, counted_from, at))
    waits = Wait.objects.filter(obligation__in=keys, kind=WaitKind.OBLIGATION, ended_at=None)
    held = set(waits.values_list("obligation_id", flat=True))
    return {
        row.pk: Course(
            priority=row.directive.priority,
            state=row.state,
            created_at=row.created_at,
            due_at=row.due_at,
            waiting_since=row.waiting_since,
            said=tuple(said.get(row.pk, [])),
            answered_at=row.answered_at,
            freed_at=row.freed_at,
            held=row.pk in held,
        )
        for row in rows
    }
