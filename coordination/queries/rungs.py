"""When which rung of which ladder is due: the one computation of the sweep, the page and the API.

A rung comes due `after` minutes from the moment its occasion counts from. One for working hours
waits for the next working moment, and then keeps its distance from the rung before it, so that a
weekend does not tell a head before the liaison had his day. Of several that are due together (a
sweep was missed) only the highest is said; the lower ones are passed over.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from coordination.enums import OBLIGATION_WITH_AGENCY, ObligationState, Occasion
from coordination.models import LadderRung, Obligation, Reminder
from portal.registry import workdays
from portal.registry.workdays import WorkCalendar

INSTANT = timedelta(microseconds=1)
BATCH = 200
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


@dataclass(frozen=True)
class Course:
    """What the ladders look at in an obligation. `waiting_since`: since when the issuer
    has something to decide."""

    priority: str
    state: str
    created_at: datetime
    due_at: datetime
    waiting_since: datetime | None
    said: tuple[Said, ...]


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
    if course.state in OBLIGATION_WITH_AGENCY and course.waiting_since is None:
        yield Occasion.DUE_SOON, course.due_at
        yield Occasion.OVERDUE, course.due_at
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
    """Of obligations with their directives loaded; one query."""
    rows = list(obligations)
    keys = [row.pk for row in rows]
    said: dict[int | None, list[Said]] = {}
    decided = Reminder.objects.filter(obligation__in=keys).order_by("pk")
    for owner, occasion, after, counted_from in decided.values_list(
        "obligation_id", "rung", "after", "counted_from"
    ):
        said.setdefault(owner, []).append(Said(occasion, after or 0, counted_from))
    return {
        row.pk: Course(
            priority=row.directive.priority,
            state=row.state,
            created_at=row.created_at,
            due_at=row.due_at,
            waiting_since=row.waiting_since,
            said=tuple(said.get(row.pk, [])),
        )
        for row in rows
    }


DUE = """
    WITH rung AS (
        SELECT * FROM unnest(
            %(priority)s::text[], %(occasion)s::text[], %(after)s::int[],
            %(since)s::timestamptz[], %(until)s::timestamptz[]
        ) AS given (priority, occasion, after, since, until)
    ), climbing AS (
        SELECT o.id, r.occasion, r.after, o.created_at AS counted_from
        FROM rung r
        JOIN coordination_directive d ON d.priority = r.priority
        JOIN coordination_obligation o ON o.directive_id = d.id
        WHERE r.occasion = 'unacknowledged' AND o.state = 'open' AND o.due_at >= %(at)s
            AND o.created_at <= r.until AND (r.since IS NULL OR o.created_at > r.since)
        UNION ALL
        SELECT o.id, r.occasion, r.after, o.due_at
        FROM rung r
        JOIN coordination_directive d ON d.priority = r.priority
        JOIN coordination_obligation o ON o.directive_id = d.id
        WHERE o.state = ANY(%(with_agency)s) AND o.waiting_since IS NULL
            AND CASE r.occasion
                WHEN 'overdue' THEN o.due_at < %(at)s
                WHEN 'due_tomorrow' THEN o.due_at >= %(at)s
                    AND o.due_at + r.after * interval '1 minute' >= o.created_at
                ELSE false END
            AND o.due_at <= r.until AND (r.since IS NULL OR o.due_at > r.since)
        UNION ALL
        SELECT o.id, r.occasion, r.after, o.waiting_since
        FROM rung r
        JOIN coordination_directive d ON d.priority = r.priority
        JOIN coordination_obligation o ON o.directive_id = d.id
        WHERE r.occasion = 'waiting'
            AND o.waiting_since <= r.until AND (r.since IS NULL OR o.waiting_since > r.since)
    )
    SELECT DISTINCT c.id FROM climbing c
    WHERE NOT EXISTS (
        SELECT FROM coordination_reminder m
        WHERE m.obligation_id = c.id AND m.rung = c.occasion
            AND m.counted_from = c.counted_from AND m.after >= c.after
    )
    ORDER BY c.id LIMIT %(batch)s
"""


def due_obligations(ladders: Ladders, at: datetime) -> list[int]:
    """The obligations of which `due_now` has something to say, at most a batch; one query, however
    many there are.

    For each rung it looks at those whose highest due rung this is: counted from after the reach of
    the next rung, and not after this one's.
    """
    windows = list(_windows(ladders, at))
    if not windows:
        return []
    names = ("priority", "occasion", "after", "since", "until")
    given: dict[str, Any] = dict(zip(names, map(list, zip(*windows, strict=True)), strict=True))
    given |= {"at": at, "with_agency": sorted(OBLIGATION_WITH_AGENCY), "batch": BATCH}
    with connection.cursor() as cursor:
        cursor.execute(DUE, given)
        return [key for (key,) in cursor.fetchall()]


def _windows(
    ladders: Ladders, at: datetime
) -> Iterator[tuple[str, str, int, datetime | None, datetime]]:
    working = ladders.calendar.is_working_moment(at)
    for (priority, occasion), rungs in ladders.rungs.items():
        since = None
        reached = reach(rungs, at, ladders.calendar)
        for rung, until in reversed(list(zip(rungs, reached, strict=True))):
            if working or not rung.working_hours_only:
                yield priority, occasion, rung.after, since, until
                since = until
