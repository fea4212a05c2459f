"""The roll-up: kecamatan → kabupaten/kota → province per agency, and unit by unit up each agency's
tree, at every cut-off.

`fold` recomputes the places noted as dirty and those around them, from the level below: its cost
depends neither on the history nor on how many units report. `rebuild` computes everything anew from
the reports and gives the same rows. Both keep beside each row what it was, and since when.
The lights of the reports' groups are added up in the same two ways.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from deployments.actions import rollup_history_sql as history
from deployments.actions import rollup_unit_sql as units
from deployments.actions.dirty import Key
from deployments.actions.rollup_group_sql import (
    GROUP_LEVEL,
    GROUP_WHOLE,
    UNIT_GROUP_LEVEL,
    UNIT_GROUP_WHOLE,
)
from deployments.actions.rollup_sql import REGION_LEVEL, REGION_WHOLE
from deployments.models import DirtyKey
from portal.registry.models import Operation

REBUILD_ABOVE = 20_000
"""From about this many dirty keys a full rebuild is cheaper (measured)."""
LOCK = "deployments.fold"
# The planner knows nothing of the rows that a statement makes on its way, takes them for few and
# would look each up in turn.
# A rebuild of a nation's reports takes minutes; a page's time limit would never let it end.
LARGE = (
    "SET LOCAL enable_nestloop = off",
    "SET LOCAL work_mem = '64MB'",
    "SET LOCAL statement_timeout = 0",
)
USUAL = (
    "SET LOCAL enable_nestloop TO DEFAULT",
    "SET LOCAL work_mem TO DEFAULT",
    "SET LOCAL statement_timeout TO DEFAULT",
)
Dirty = dict[Key, datetime]
"""Each dirty place with the moment of its newest cause."""


def fold() -> int:
    """Bring the roll-up up to date; returns how many dirty places were folded.

    One transaction: a worker that dies leaves the keys where they were. One fold at a time: two
    that met in a parent would each miss what the other had not committed yet.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        _lock(cursor)
        dirty = _claim(cursor)
        if len(dirty) > REBUILD_ABOVE:
            for operation in sorted({key[0] for key in dirty}):
                _rebuild(cursor, operation, max(dirty.values()))
        elif dirty:
            _fold(cursor, dirty)
    return len(dirty)


def rebuild(operation: Operation, *, at: datetime) -> None:
    """Compute every roll-up of the operation anew from its reports. What differs from the rows kept
    so far is known since `at`."""
    with transaction.atomic(), connection.cursor() as cursor:
        _lock(cursor)
        DirtyKey.objects.filter(operation=operation).delete()
        _rebuild(cursor, operation.pk, at)


def rebuild_archive(operation: Operation, agencies: Iterable[int], *, at: datetime) -> None:
    """Compute the agencies' roll-ups anew after an archive was taken in. Where there was none, its
    own times tell what stood when."""
    with transaction.atomic(), connection.cursor() as cursor:
        _lock(cursor)
        whose = sorted(agencies)
        for statement in history.PAST:
            cursor.execute(statement, {"operation": operation.pk, "at": at, "agencies": whose})
        _rebuild(cursor, operation.pk, at, whose)


def by_depth(dirty: Dirty) -> list[Dirty]:
    """The keys and all regions around them, the innermost level first."""
    levels: dict[int, Dirty] = defaultdict(dict)
    for (operation, region, agency, cut_off), moment in dirty.items():
        parts = region.split(".")
        for depth in range(len(parts), 0, -1):
            key = (operation, ".".join(parts[:depth]), agency, cut_off)
            level = levels[depth]
            level[key] = max(moment, level.get(key, moment))
    return [levels[depth] for depth in sorted(levels, reverse=True)]


def _fold(cursor, dirty: Dirty) -> None:
    for level in by_depth(dirty):
        columns = _columns((*key, moment) for key, moment in level.items())
        for statement in (REGION_LEVEL, GROUP_LEVEL, *history.REGION_KEPT):
            cursor.execute(statement, columns)
    cursor.execute(units.UNITS_ABOVE, _columns((*key, moment) for key, moment in dirty.items()))
    depths: dict[int, list[tuple]] = defaultdict(list)
    for *row, depth in cursor.fetchall():
        depths[depth].append(tuple(row))
    for depth in sorted(depths, reverse=True):
        columns = _columns(depths[depth])
        for statement in (units.UNIT_LEVEL, UNIT_GROUP_LEVEL, *history.UNIT_KEPT):
            cursor.execute(statement, columns)


def _rebuild(cursor, operation: int, at: datetime, agencies: list[int] | None = None) -> None:
    """All of the operation, or only what the agencies named have in it."""
    for setting in LARGE:
        cursor.execute(setting)
    for statement in (
        REGION_WHOLE,
        units.UNIT_WHOLE,
        GROUP_WHOLE,
        UNIT_GROUP_WHOLE,
        *history.ALL_KEPT,
    ):
        cursor.execute(statement, {"operation": operation, "at": at, "agencies": agencies})
    for setting in USUAL:
        cursor.execute(setting)


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[list]:
    """Rows as one list per column, in an order that does not depend on chance."""
    return [list(column) for column in zip(*sorted(rows), strict=True)]


def _lock(cursor) -> None:
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])


def _claim(cursor) -> Dirty:
    """Take the dirty keys away. What is committed after this statement waits for the next fold."""
    cursor.execute(
        """
        DELETE FROM deployments_dirtykey WHERE id IN (
            SELECT id FROM deployments_dirtykey FOR UPDATE SKIP LOCKED
        ) RETURNING operation_id, region_id, agency_id, cut_off_at, at
        """
    )
    dirty: Dirty = {}
    for *key, moment in cursor.fetchall():
        place = (key[0], key[1], key[2], key[3])
        dirty[place] = max(moment, dirty.get(place, moment))
    return dirty
