"""A duty is what one placement after another stands for: who relieves whom, and when nobody."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from deployments.enums import BINDING, DeploymentState
from deployments.models import Deployment
from portal import clock

DAY = timedelta(days=1)
STANDING = (*BINDING, DeploymentState.RETURNED)
"""In these states people hold the duty, or have held it."""


def duty_of(row: Deployment) -> tuple[Any, ...]:
    """Relief comes out of the own chain: the same agency, place, task force and function. Without
    a place the region and the task say which duty it is."""
    where = ("", row.place_id) if row.place_id else (row.task, None)
    return (row.operation_id, row.agency_id, row.region_id, *where, row.task_force, row.function)


def relief_of(row: Deployment, others: Iterable[Deployment]) -> Deployment | None:
    """Who is ordered to stand there after it without a day between, and for longer; the first."""
    if row.ends_on is None:
        return None
    found = [
        other
        for other in others
        if other.pk != row.pk
        and other.state in BINDING
        and duty_of(other) == duty_of(row)
        and row.starts_on < other.starts_on <= row.ends_on + DAY
        and (other.ends_on is None or other.ends_on > row.ends_on)
    ]
    return min(found, key=lambda other: (other.starts_on, other.pk), default=None)


def needed_until(row: Deployment, last: date) -> date:
    """The last day on which somebody has to stand there: of its stage, or of the operation."""
    if row.stage is None:
        return last
    return min(clock.local(row.stage.ends_at - timedelta(seconds=1)).date(), last)


def empty_days(rows: Sequence[Deployment], last: date) -> list[tuple[date, date]]:
    """The spans in which nobody of one duty stands there: between two, and after the latest if it
    is needed for longer and was not ended by a return. `last` is the operation's last day."""
    held = sorted(
        (row for row in rows if row.state in STANDING), key=lambda row: (row.starts_on, row.pk)
    )
    if not held:
        return []
    spans = []
    latest, until = held[0], held[0].ends_on or last
    for row in held[1:]:
        if row.starts_on > until + DAY:
            spans.append((until + DAY, row.starts_on - DAY))
        if (row.ends_on or last) >= until:
            latest, until = row, row.ends_on or last
    needed = max(needed_until(row, last) for row in held)
    if latest.state != DeploymentState.RETURNED and until < needed:
        spans.append((until + DAY, needed))
    return spans


def handovers(rows: Sequence[Deployment]) -> list[tuple[date, date]]:
    """The spans in which the relief already stands there and the relieved still do."""
    spans = []
    for row in rows:
        relief = relief_of(row, rows) if row.state in BINDING else None
        if relief is not None and row.ends_on and relief.starts_on <= row.ends_on:
            spans.append((relief.starts_on, row.ends_on))
    return sorted(spans)
