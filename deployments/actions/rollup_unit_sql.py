"""The roll-up up the agencies' trees of units.

Only a unit with others below it has a row: what a leaf has is its report, and a nation's polling
stations would be nine rows in ten.
"""
# ruff: noqa: S608 (the SQL below is put together from this module's own column names only)

from deployments.actions.rollup_sql import (
    EXPECTED,
    FIGURES,
    KEY,
    NO_SUMS,
    PEOPLE,
    REGION_KEYS,
    UNIT,
    UNIT_KEY,
    gone,
    same,
    scoped,
    upsert,
)

UNIT_KEYS = f"""
    unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
    AS k ({UNIT_KEY}, moment)
"""
LEAF = "NOT EXISTS (SELECT FROM registry_unit below WHERE below.parent_id = u.id)"

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
    FROM up JOIN registry_unit u ON u.id = up.unit_id AND NOT ({LEAF}) GROUP BY 1, 2, 3, 5
"""
"""The units above those that report from the places of the keys, with their depth."""

UNIT_LEVEL = f"""
    WITH keys AS (
        SELECT {UNIT_KEY} FROM {UNIT_KEYS}
    ), fresh AS (
        SELECT k.*, {", ".join(f"e.{n} + coalesce(c.{n}, 0) AS {n}" for n in FIGURES)},
            greatest(e.as_of, c.as_of) AS as_of, e.number + c.number > 0 AS there
        FROM keys k
        CROSS JOIN LATERAL (
            SELECT count(*) AS number, {EXPECTED},
                count(*) FILTER (WHERE r.state = 'verified') AS verified,
                {", ".join(f"coalesce(sum(r.{n}), 0) AS {n}" for n in PEOPLE)},
                0 AS conflicts, max(r.submitted_at) AS as_of
            FROM deployments_expectedreport e
            LEFT JOIN deployments_readinessreport r ON r.unit_id = e.unit_id
                AND r.cut_off_at = e.cut_off_at AND r.state IN ('submitted', 'verified')
            WHERE e.operation_id = k.operation_id AND e.cut_off_at = k.cut_off_at
                AND e.unit_id = ANY (k.unit_id || ARRAY(
                    SELECT u.id FROM registry_unit u WHERE u.parent_id = k.unit_id AND {LEAF}
                ))
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
    {upsert(UNIT)}
"""

TREE = """
    heads AS (
        SELECT DISTINCT parent_id AS id FROM registry_unit WHERE parent_id IS NOT NULL
    ), homes AS (
        SELECT u.id AS unit_id, coalesce(h.id, u.parent_id) AS head_id
        FROM registry_unit u LEFT JOIN heads h ON h.id = u.id
        WHERE coalesce(h.id, u.parent_id) IS NOT NULL
    ), tree AS (
        SELECT id AS head_id, id AS above_id FROM heads
        UNION ALL
        SELECT tree.head_id, u.parent_id
        FROM tree JOIN registry_unit u ON u.id = tree.above_id WHERE u.parent_id IS NOT NULL
    )
"""
"""Each unit's nearest one with a row of its own, and all above that."""

UNIT_WHOLE = f"""
    WITH RECURSIVE {TREE}, facts AS (
        SELECT e.operation_id, h.head_id, e.cut_off_at, {EXPECTED}, 0 AS verified,
            {", ".join(f"0 AS {n}" for n in PEOPLE)}, 0 AS conflicts, NULL::timestamptz AS as_of
        FROM deployments_expectedreport e JOIN homes h ON h.unit_id = e.unit_id
        WHERE {scoped("e")} GROUP BY 1, 2, 3
        UNION ALL
        SELECT r.operation_id, h.head_id, r.cut_off_at, {NO_SUMS},
            count(*) FILTER (WHERE r.state = 'verified'),
            {", ".join(f"sum(r.{n})" for n in PEOPLE)}, 0, max(r.submitted_at)
        FROM deployments_readinessreport r JOIN homes h ON h.unit_id = r.unit_id
        WHERE {scoped("r")} AND r.state IN ('submitted', 'verified') GROUP BY 1, 2, 3
    ), fresh AS (
        SELECT f.operation_id, tree.above_id AS unit_id, f.cut_off_at,
            {", ".join(f"sum(f.{n}) AS {n}" for n in FIGURES)}, max(f.as_of) AS as_of,
            true AS there
        FROM facts f JOIN tree ON tree.head_id = f.head_id
        GROUP BY 1, 2, 3
    ), gone AS ({gone(UNIT)})
    {upsert(UNIT)}
"""
