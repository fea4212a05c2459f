"""The lights of the groups of the reports, added up: how many reports are ready in each group, by
region and up the trees of units.

They stand where the reports stand; no district itemises them.
"""
# ruff: noqa: S608 (the SQL below is put together from this module's own column names only)

from deployments.actions.rollup_sql import (
    KEY,
    REGION_KEYS,
    UNIT_KEY,
    Shape,
    gone,
    prefixed,
    same,
    scoped,
    upsert,
)
from deployments.actions.rollup_unit_sql import LEAF, TREE, UNIT_KEYS

LIGHTS = ("ready", "conditional", "not_ready", "silent")
GROUP = Shape("deployments_grouprollup", f"{KEY}, group_key", (*LIGHTS, "mandatory"))
UNIT_GROUP = Shape("deployments_unitgrouprollup", f"{UNIT_KEY}, group_key", (*LIGHTS, "mandatory"))

COUNTS = ", ".join(
    (
        *(f"count(*) FILTER (WHERE g.light = '{light}') AS {light}" for light in LIGHTS),
        "count(*) FILTER (WHERE g.mandatory) AS mandatory",
    )
)
ADDED = ", ".join(f"sum({name}) AS {name}" for name in GROUP.counted)

GROUP_LEVEL = f"""
    WITH keys AS (
        SELECT {KEY} FROM {REGION_KEYS}
    ), fresh AS (
        SELECT k.*, g.group_key, {ADDED}, true AS there
        FROM keys k
        CROSS JOIN LATERAL (
            SELECT g.key AS group_key, {COUNTS}
            FROM deployments_readinessreport r
            JOIN deployments_readinessgroup g ON g.report_id = r.id
            WHERE r.operation_id = k.operation_id AND r.cut_off_at = k.cut_off_at
                AND r.agency_id = k.agency_id AND r.region_id = k.region_id
                AND r.state IN ('submitted', 'verified')
            GROUP BY 1
            UNION ALL
            SELECT u.group_key, {prefixed("u", GROUP.counted)}
            FROM deployments_grouprollup u
            WHERE u.operation_id = k.operation_id AND u.cut_off_at = k.cut_off_at
                AND u.agency_id = k.agency_id AND u.region_id = ANY (ARRAY(
                    SELECT code FROM registry_region WHERE parent_id = k.region_id
                ))
        ) g
        GROUP BY {prefixed("k", KEY.split(", "))}, g.group_key
    ), gone AS (
        DELETE FROM deployments_grouprollup u USING keys k
        WHERE {same("u", "k", KEY)} AND NOT EXISTS (
            SELECT FROM fresh f WHERE {same("u", "f", GROUP.key)}
        )
    )
    {upsert(GROUP)}
"""

GROUP_WHOLE = f"""
    WITH own AS (
        SELECT {prefixed("r", KEY.split(", "))}, g.key AS group_key, {COUNTS}
        FROM deployments_readinessreport r
        JOIN deployments_readinessgroup g ON g.report_id = r.id
        WHERE {scoped("r")} AND r.state IN ('submitted', 'verified')
        GROUP BY {prefixed("r", KEY.split(", "))}, g.key
    ), fresh AS (
        SELECT f.operation_id, array_to_string(parts[:depth], '.') AS region_id, f.agency_id,
            f.cut_off_at, f.group_key, {ADDED}, true AS there
        FROM own f
        CROSS JOIN LATERAL string_to_array(f.region_id, '.') AS parts
        CROSS JOIN LATERAL generate_series(1, cardinality(parts)) AS depth
        GROUP BY 1, 2, 3, 4, 5
    ), gone AS ({gone(GROUP)})
    {upsert(GROUP)}
"""

UNIT_GROUP_LEVEL = f"""
    WITH keys AS (
        SELECT {UNIT_KEY} FROM {UNIT_KEYS}
    ), fresh AS (
        SELECT k.*, g.group_key, {ADDED}, true AS there
        FROM keys k
        CROSS JOIN LATERAL (
            SELECT g.key AS group_key, {COUNTS}
            FROM deployments_readinessreport r
            JOIN deployments_readinessgroup g ON g.report_id = r.id
            WHERE r.operation_id = k.operation_id AND r.cut_off_at = k.cut_off_at
                AND r.state IN ('submitted', 'verified')
                AND r.unit_id = ANY (k.unit_id || ARRAY(
                    SELECT u.id FROM registry_unit u WHERE u.parent_id = k.unit_id AND {LEAF}
                ))
            GROUP BY 1
            UNION ALL
            SELECT u.group_key, {prefixed("u", UNIT_GROUP.counted)}
            FROM deployments_unitgrouprollup u
            WHERE u.operation_id = k.operation_id AND u.cut_off_at = k.cut_off_at
                AND u.unit_id = ANY (ARRAY(
                    SELECT id FROM registry_unit WHERE parent_id = k.unit_id
                ))
        ) g
        GROUP BY {prefixed("k", UNIT_KEY.split(", "))}, g.group_key
    ), gone AS (
        DELETE FROM deployments_unitgrouprollup u USING keys k
        WHERE {same("u", "k", UNIT_KEY)} AND NOT EXISTS (
            SELECT FROM fresh f WHERE {same("u", "f", UNIT_GROUP.key)}
        )
    )
    {upsert(UNIT_GROUP)}
"""

UNIT_GROUP_WHOLE = f"""
    WITH RECURSIVE {TREE}, own AS (
        SELECT r.operation_id, h.head_id, r.cut_off_at, g.key AS group_key, {COUNTS}
        FROM deployments_readinessreport r
        JOIN homes h ON h.unit_id = r.unit_id
        JOIN deployments_readinessgroup g ON g.report_id = r.id
        WHERE {scoped("r")} AND r.state IN ('submitted', 'verified')
        GROUP BY 1, 2, 3, 4
    ), fresh AS (
        SELECT f.operation_id, tree.above_id AS unit_id, f.cut_off_at, f.group_key, {ADDED},
            true AS there
        FROM own f JOIN tree ON tree.head_id = f.head_id
        GROUP BY 1, 2, 3, 4
    ), gone AS ({gone(UNIT_GROUP)})
    {upsert(UNIT_GROUP)}
"""
