"""Which obligations have a rung due: `rungs` turned round, for the database to find them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from coordination.enums import OBLIGATION_WITH_AGENCY
from coordination.queries.rungs import Ladders, reach

BATCH = 200
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
        SELECT o.id, r.occasion, r.after, f.counted_from
        FROM rung r
        JOIN coordination_directive d ON d.priority = r.priority
        JOIN coordination_obligation o ON o.directive_id = d.id
        CROSS JOIN LATERAL (
            SELECT CASE r.occasion
                WHEN 'overdue' THEN GREATEST(o.due_at, o.freed_at) ELSE o.due_at END
        ) AS f (counted_from)
        WHERE o.state = ANY(%(with_agency)s) AND o.waiting_since IS NULL
            AND CASE r.occasion
                WHEN 'overdue' THEN o.due_at < %(at)s
                    AND (o.answered_at IS NULL OR o.answered_at < f.counted_from)
                WHEN 'due_tomorrow' THEN o.due_at >= %(at)s
                    AND o.due_at + r.after * interval '1 minute' >= o.created_at
                ELSE false END
            AND o.due_at <= r.until
            AND f.counted_from <= r.until AND (r.since IS NULL OR f.counted_from > r.since)
            AND NOT EXISTS (
                SELECT FROM coordination_wait w
                WHERE w.obligation_id = o.id AND w.kind = 'obligation' AND w.ended_at IS NULL
            )
            AND NOT EXISTS (
                SELECT FROM coordination_reminder m
                WHERE m.obligation_id = o.id AND m.rung = r.occasion
                    AND m.counted_from = f.counted_from AND m.sent_at <= o.answered_at
            )
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
