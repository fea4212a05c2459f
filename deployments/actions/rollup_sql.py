"""The statements of the roll-up, put together from the names of its own columns.

A place is one agency in one region (`REGION`) or one unit in its agency's tree (`UNIT`). For each
kind there are a level recomputed from the level below, and everything recomputed from the reports.
"""
# ruff: noqa: S608 (the SQL below is put together from this module's own column names only)

from collections.abc import Iterable

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
    " FILTER (WHERE l.ruled IS DISTINCT FROM false) > 1)::int"
)
COLUMNS = ", ".join((*FIGURES, "as_of"))
NO_SUMS = ", ".join("0" for name in SUMS if name != "verified")
"""What a report or a line adds to the counts of expected ones."""


def prefixed(alias: str, names: Iterable[str]) -> str:
    return ", ".join(f"{alias}.{name}" for name in names)


def upsert(table: str, key: str) -> str:
    """Write what `fresh` holds; a row that stays as it was is not touched."""
    return f"""
    INSERT INTO {table} AS kept ({key}, {COLUMNS})
    SELECT {key}, {COLUMNS} FROM fresh WHERE there
    ON CONFLICT ({key}) DO UPDATE
    SET {", ".join(f"{name} = EXCLUDED.{name}" for name in (*FIGURES, "as_of"))}
    WHERE ({prefixed("kept", (*FIGURES, "as_of"))})
        IS DISTINCT FROM ({prefixed("EXCLUDED", (*FIGURES, "as_of"))})
"""


def scoped(alias: str, key: str = KEY) -> str:
    """The rows of the operation, and of the agencies named, if any are."""
    whose = (
        f"{alias}.agency_id = ANY(%(agencies)s)"
        if key == KEY
        else f"{alias}.unit_id IN"
        " (SELECT id FROM registry_unit WHERE agency_id = ANY(%(agencies)s))"
    )
    return f"{alias}.operation_id = %(operation)s AND (%(agencies)s::bigint[] IS NULL OR {whose})"


def same(left: str, right: str, key: str) -> str:
    return " AND ".join(f"{left}.{name} = {right}.{name}" for name in key.split(", "))


def gone(table: str, key: str) -> str:
    """Take away the rows of places in which nothing is expected or reported any more."""
    return f"""
        DELETE FROM {table} u WHERE {scoped("u", key)} AND NOT EXISTS (
            SELECT FROM fresh f WHERE f.there AND {same("u", "f", key)}
        )
"""


REGION_KEYS = f"""
    unnest(%s::bigint[], %s::varchar[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
    AS k ({KEY}, moment)
"""
UNIT_KEYS = f"""
    unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
    AS k ({UNIT_KEY}, moment)
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
    {upsert("deployments_rollup", KEY)}
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
    ), gone AS ({gone("deployments_rollup", KEY)})
    {upsert("deployments_rollup", KEY)}
"""

UNITS_ABOVE = f"""
    WITH RECURSIVE up AS (
        SELECT e.operation_id, e.unit_id, e.cut_off_at, k.moment FROM {REGION_KEYS}
        JOIN deployments_expectedreport e ON {same("e", "k", KEY)}
        UNION
        SELECT up.operation_id, u.parent_id, up.cut_off_at, up.moment
        FROM up JOIN registry_unit u ON u.id = up.unit_id WHERE u.parent_id IS NOT NULL
    )
    SELECT up.operation_id, up.unit_id, up.cut_off_at, max(up.moment),
        cardinality(string_to_array(u.path, '/'))
    FROM up JOIN registry_unit u ON u.id = up.unit_id GROUP BY 1, 2, 3, 5
"""
"""The units that report from the places of the keys, and all above them, with their depth."""

UNIT_OWN = f"""
    SELECT count(*) AS number, {EXPECTED},
        count(*) FILTER (WHERE r.state = 'verified') AS verified,
        {", ".join(f"coalesce(sum(r.{n}), 0) AS {n}" for n in PEOPLE)},
        0 AS conflicts, max(r.submitted_at) AS as_of
    FROM deployments_expectedreport e
    LEFT JOIN deployments_readinessreport r ON r.unit_id = e.unit_id
        AND r.cut_off_at = e.cut_off_at AND r.state IN ('submitted', 'verified')
"""

UNIT_LEVEL = f"""
    WITH keys AS (
        SELECT {UNIT_KEY} FROM {UNIT_KEYS}
    ), fresh AS (
        SELECT k.*, {", ".join(f"e.{n} + coalesce(c.{n}, 0) AS {n}" for n in FIGURES)},
            greatest(e.as_of, c.as_of) AS as_of, e.number + c.number > 0 AS there
        FROM keys k
        CROSS JOIN LATERAL ({UNIT_OWN}
            WHERE e.operation_id = k.operation_id AND e.cut_off_at = k.cut_off_at
                AND e.unit_id = k.unit_id
        ) e
        CROSS JOIN LATERAL (
            SELECT count(*) AS number, {", ".join(f"sum({n}) AS {n}" for n in FIGURES)},
                max(u.as_of) AS as_of
            FROM deployments_unitrollup u
            WHERE u.operation_id = k.operation_id AND u.cut_off_at = k.cut_off_at
                AND u.unit_id = ANY (ARRAY(
                    SELECT id FROM registry_unit WHERE parent_id = k.unit_id
                ))
        ) c
    ), gone AS (
        DELETE FROM deployments_unitrollup u USING fresh f
        WHERE NOT f.there AND {same("u", "f", UNIT_KEY)}
    )
    {upsert("deployments_unitrollup", UNIT_KEY)}
"""

TREE = """
    tree AS (
        SELECT id AS unit_id, id AS above_id FROM registry_unit
        UNION ALL
        SELECT tree.unit_id, u.parent_id
        FROM tree JOIN registry_unit u ON u.id = tree.above_id WHERE u.parent_id IS NOT NULL
    )
"""

UNIT_WHOLE = f"""
    WITH RECURSIVE {TREE}, fresh AS (
        SELECT own.operation_id, tree.above_id AS unit_id, own.cut_off_at,
            {", ".join(f"sum(own.{n}) AS {n}" for n in FIGURES)}, max(own.as_of) AS as_of,
            true AS there
        FROM (
            {UNIT_OWN.replace("SELECT", "SELECT e.operation_id, e.unit_id, e.cut_off_at,")}
            WHERE {scoped("e")} GROUP BY 1, 2, 3
        ) own JOIN tree ON tree.unit_id = own.unit_id
        GROUP BY 1, 2, 3
    ), gone AS ({gone("deployments_unitrollup", UNIT_KEY)})
    {upsert("deployments_unitrollup", UNIT_KEY)}
"""
