"""The lights of the groups of the reports, added up: how many reports are ready in each group.

They stand where the reports stand; no district itemises them.
"""
# ruff: noqa: S608 (the SQL below is put together from this module's own column names only)

from deployments.actions.rollup_sql import (
    KEY,
    REGION_KEYS,
    Shape,
    gone,
    prefixed,
    same,
    scoped,
    upsert,
)

LIGHTS = ("ready", "conditional", "not_ready", "silent")
GROUP = Shape("deployments_grouprollup", f"{KEY}, group_key", (*LIGHTS, "mandatory"))

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
