"""The statements of the roll-up, put together from the names of its own columns.

A place is one agency in one region. There are a level recomputed from the level below, and
everything recomputed from the reports. `rollup_unit_sql` has the same for the trees of units,
`rollup_group_sql` for the lights of the groups of the reports.
"""
# ruff: noqa: S608 (the SQL below is put together from this module's own column names only)

from collections.abc import Iterable
from dataclasses import dataclass

from deployments.enums import TALLY_OF

TALLIES = {
    f"tally_{tally}": f"e.state IN ({', '.join(repr(str(state)) for state in states)})"
    for tally, states in TALLY_OF.items()
}
"""Each expected report counts in one of these columns: its name, and whose reports are in it."""
SUMS = ("expected", "received", "late", "missing", *TALLIES, "verified")
PEOPLE = ("total", "present", "engaged", "standby", "reserve")
FIGURES = (*SUMS, *PEOPLE, "conflicts")
KEY = "operation_id, region_id, agency_id, cut_off_at"
UNIT_KEY = "operation_id, unit_id, cut_off_at"


@dataclass(frozen=True)
class Shape:
    """A table of the roll-up: the columns that name a row, and those that are counted."""

    table: str
    key: str
    counted: tuple[str, ...]

    @property
    def columns(self) -> str:
        return ", ".join(self.counted)


REGION = Shape("deployments_rollup", KEY, (*FIGURES, "as_of"))
UNIT = Shape("deployments_unitrollup", UNIT_KEY, (*FIGURES, "as_of"))

EXPECTED = f"""
    count(*) AS expected,
    count(*) FILTER (
        WHERE e.state IN ('received', 'received_late', 'partial', 'conflict')
    ) AS received,
    count(*) FILTER (
        WHERE e.state = 'overdue' OR e.late AND e.state NOT IN ('missing', 'returned', 'waiting')
    ) AS late,
    count(*) FILTER (WHERE e.state IN ('missing', 'overdue', 'returned')) AS missing,
    {", ".join(f"count(*) FILTER (WHERE {which}) AS {name}" for name, which in TALLIES.items())}
"""
# A report stands at its home without what its own districts account for, and without what was ruled
# on between two units: there the number that stands counts, at its district, and no other.
REMAINDERS = {name: f"r.{name} - coalesce(own.{name}, 0)" for name in PEOPLE}
REMAINDER = ", ".join(f"{remainder} AS {name}" for name, remainder in REMAINDERS.items())
ITEMISED = ", ".join(f"sum(l.{name}) AS {name}" for name in PEOPLE)
OWN_LINES = f"""
    LEFT JOIN LATERAL (
        SELECT {ITEMISED} FROM deployments_readinessline l
        WHERE l.report_id = r.id AND (l.covered OR l.ruled IS NOT NULL)
    ) own ON true
"""
"""What the districts of one report account for, looked up for a few reports …"""
ALL_LINES = f"""
    LEFT JOIN (
        SELECT l.report_id, {ITEMISED} FROM deployments_readinessline l
        WHERE l.covered OR l.ruled IS NOT NULL GROUP BY 1
    ) own ON own.report_id = r.id
"""
"""… and for all of them at once."""
LINES = ", ".join(
    f"coalesce(sum(l.{name}) FILTER (WHERE coalesce(l.ruled, l.covered)), 0) AS {name}"
    for name in PEOPLE
)
# A unit has one standing line per district, so two different ones come from two units.
CONFLICT = (
    "(count(DISTINCT (l.total, l.present, l.engaged, l.standby, l.reserve))"
    " FILTER (WHERE l.ruled IS DISTINCT FROM false AND NOT l.split) > 1)::int"
)
NO_SUMS = ", ".join("0" for name in SUMS if name != "verified")
"""What a report or a line adds to the counts of expected ones."""


def prefixed(alias: str, names: Iterable[str]) -> str:
    return ", ".join(f"{alias}.{name}" for name in names)


def upsert(shape: Shape) -> str:
    """Write what `fresh` holds; a row that stays as it was is not touched."""
    return f"""
    INSERT INTO {shape.table} AS kept ({shape.key}, {shape.columns})
    SELECT {shape.key}, {shape.columns} FROM fresh WHERE there
    ON CONFLICT ({shape.key}) DO UPDATE
    SET {", ".join(f"{name} = EXCLUDED.{name}" for name in shape.counted)}
    WHERE ({prefixed("kept", shape.counted)})
        IS DISTINCT FROM ({prefixed("EXCLUDED", shape.counted)})
"""


def scoped(alias: str, key: str = KEY) -> str:
    """The rows of the operation, and of the agencies named, if any are."""
    whose = (
        f"{alias}.agency_id = ANY(%(agencies)s)"
        if "agency_id" in key
        else f"{alias}.unit_id IN"
        " (SELECT id FROM registry_unit WHERE agency_id = ANY(%(agencies)s))"
    )
    return f"{alias}.operation_id = %(operation)s AND (%(agencies)s::bigint[] IS NULL OR {whose})"


def same(left: str, right: str, key: str) -> str:
    return " AND ".join(f"{left}.{name} = {right}.{name}" for name in key.split(", "))


def gone(shape: Shape) -> str:
    """Take away the rows of places in which nothing is expected or reported any more."""
    return f"""
        DELETE FROM {shape.table} u WHERE {scoped("u", shape.key)} AND NOT EXISTS (
            SELECT FROM fresh f WHERE f.there AND {same("u", "f", shape.key)}
        )
"""


REGION_KEYS = f"""
    unnest(%s::bigint[], %s::varchar[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
    AS k ({KEY}, moment)
"""

REGION_LEVEL = f"""
    WITH keys AS (
        SELECT {KEY} FROM {REGION_KEYS}
    ), fresh AS (
        SELECT k.*,
            {", ".join(f"e.{n} + coalesce(c.{n}, 0) AS {n}" for n in SUMS if n != "verified")},
            r.verified + coalesce(c.verified, 0) AS verified,
            {", ".join(f"coalesce(r.{n}, 0) + l.{n} + coalesce(c.{n}, 0) AS {n}" for n in PEOPLE)},
            l.conflicts + coalesce(c.conflicts, 0) AS conflicts,
            greatest(r.as_of, l.as_of, c.as_of) AS as_of,
            e.expected + r.number + l.number + c.number > 0 AS there
        FROM keys k
        CROSS JOIN LATERAL (
            SELECT {EXPECTED} FROM deployments_expectedreport e
            WHERE e.operation_id = k.operation_id AND e.cut_off_at = k.cut_off_at
                AND e.agency_id = k.agency_id AND e.region_id = k.region_id
        ) e
        CROSS JOIN LATERAL (
            SELECT count(*) AS number, count(*) FILTER (WHERE state = 'verified') AS verified,
                {", ".join(f"sum({n}) AS {n}" for n in PEOPLE)}, max(submitted_at) AS as_of
            FROM (
                SELECT r.state, r.submitted_at, {REMAINDER}
                FROM deployments_readinessreport r {OWN_LINES}
                WHERE r.operation_id = k.operation_id AND r.cut_off_at = k.cut_off_at
                    AND r.agency_id = k.agency_id AND r.region_id = k.region_id
                    AND r.state IN ('submitted', 'verified')
            ) own
        ) r
        CROSS JOIN LATERAL (
            SELECT count(*) AS number, {LINES}, {CONFLICT} AS conflicts,
                max(r.submitted_at) AS as_of
            FROM deployments_readinessline l
            JOIN deployments_readinessreport r
                ON r.id = l.report_id AND r.state IN ('submitted', 'verified')
            WHERE l.region_id = k.region_id AND l.cut_off_at = k.cut_off_at
                AND l.agency_id = k.agency_id AND r.operation_id = k.operation_id
        ) l
        CROSS JOIN LATERAL (
            SELECT count(*) AS number, {", ".join(f"sum({n}) AS {n}" for n in FIGURES)},
                max(u.as_of) AS as_of
            FROM deployments_rollup u
            WHERE u.operation_id = k.operation_id AND u.cut_off_at = k.cut_off_at
                AND u.agency_id = k.agency_id AND u.region_id = ANY (ARRAY(
                    SELECT code FROM registry_region WHERE parent_id = k.region_id
                ))
        ) c
    ), gone AS (
        DELETE FROM deployments_rollup u USING fresh f WHERE NOT f.there AND {same("u", "f", KEY)}
    )
    {upsert(REGION)}
"""

REGION_WHOLE = f"""
    WITH facts AS (
        SELECT e.operation_id, e.region_id, e.agency_id, e.cut_off_at, {EXPECTED}, 0 AS verified,
            {", ".join(f"0 AS {n}" for n in PEOPLE)}, 0 AS conflicts, NULL::timestamptz AS as_of
        FROM deployments_expectedreport e WHERE {scoped("e")}
        GROUP BY 1, 2, 3, 4
        UNION ALL
        SELECT r.operation_id, r.region_id, r.agency_id, r.cut_off_at, {NO_SUMS},
            (r.state = 'verified')::int, {REMAINDER}, 0, r.submitted_at
        FROM deployments_readinessreport r {ALL_LINES}
        WHERE {scoped("r")} AND r.state IN ('submitted', 'verified')
        UNION ALL
        SELECT r.operation_id, l.region_id, l.agency_id, l.cut_off_at, {NO_SUMS}, 0,
            {LINES}, {CONFLICT}, max(r.submitted_at)
        FROM deployments_readinessline l
        JOIN deployments_readinessreport r
            ON r.id = l.report_id AND r.state IN ('submitted', 'verified')
        WHERE {scoped("r")}
        GROUP BY 1, 2, 3, 4
    ), own AS (
        SELECT {KEY}, {", ".join(f"sum({n}) AS {n}" for n in FIGURES)}, max(as_of) AS as_of
        FROM facts GROUP BY {KEY}
    ), fresh AS (
        SELECT f.operation_id, array_to_string(parts[:depth], '.') AS region_id, f.agency_id,
            f.cut_off_at,
            {", ".join(f"sum(f.{n}) AS {n}" for n in FIGURES)}, max(f.as_of) AS as_of,
            true AS there
        FROM own f
        CROSS JOIN LATERAL string_to_array(f.region_id, '.') AS parts
        CROSS JOIN LATERAL generate_series(1, cardinality(parts)) AS depth
        GROUP BY 1, 2, 3, 4
    ), gone AS ({gone(REGION)})
    {upsert(REGION)}
"""
