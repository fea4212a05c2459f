"""The statements that keep what each row of the roll-up was, and since when."""
# ruff: noqa: S608 (the SQL below is put together from this module's own column names only)

from collections.abc import Iterable

from deployments.actions.rollup_group_sql import COUNTS, GROUP, UNIT_GROUP
from deployments.actions.rollup_sql import (
    ALL_LINES,
    CONFLICT,
    FIGURES,
    KEY,
    LINES,
    PEOPLE,
    REGION,
    REGION_KEYS,
    REMAINDERS,
    SUMS,
    TALLIES,
    UNIT,
    UNIT_KEY,
    Shape,
    prefixed,
    same,
    scoped,
)
from deployments.actions.rollup_unit_sql import TREE, UNIT_KEYS


def close(shape: Shape) -> str:
    """End each version among those looked at that no longer says what its row says."""
    return f"""
    UPDATE {shape.table}version v SET until = greatest(o.since, o.moment)
    FROM open o LEFT JOIN {shape.table} r ON {same("r", "o", shape.key)}
    WHERE v.id = o.id AND (r.id IS NULL OR
        ({prefixed("o", shape.counted)}) IS DISTINCT FROM ({prefixed("r", shape.counted)}))
"""


def begin(shape: Shape, rows: str, since: str) -> str:
    """Begin a version for each row that has none open."""
    return f"""
    INSERT INTO {shape.table}version ({shape.key}, {shape.columns}, since)
    SELECT {prefixed("r", (*shape.key.split(", "), *shape.counted))}, {since}
    FROM {rows} AND NOT EXISTS (
        SELECT FROM {shape.table}version v WHERE v.until IS NULL AND {same("v", "r", shape.key)}
    )
"""


def kept(shape: Shape, keys: str, place: str) -> tuple[str, str]:
    """For a few places; `place`: the columns by which the keys name them. A version never begins
    before the end of the one it follows, though clocks may differ."""
    last = f"SELECT max(v.until) FROM {shape.table}version v WHERE {same('v', 'r', shape.key)}"
    return (
        f"""
    WITH open AS (
        SELECT v.*, k.moment FROM {keys}
        JOIN {shape.table}version v ON v.until IS NULL AND {same("v", "k", place)}
    ) {close(shape)}""",
        begin(
            shape,
            f"{keys} JOIN {shape.table} r ON {same('r', 'k', place)} WHERE true",
            f"greatest(k.moment, ({last}))",
        ),
    )


def all_kept(shape: Shape) -> tuple[str, str]:
    """For all places that have a row or an open version."""
    rows = f"""{shape.table} r LEFT JOIN (
        SELECT {shape.key}, max(v.until) AS until FROM {shape.table}version v
        WHERE {scoped("v", shape.key)} AND v.until > %(at)s GROUP BY {shape.key}
    ) later ON {same("later", "r", shape.key)} WHERE {scoped("r", shape.key)}"""
    return (
        f"""
    WITH open AS (
        SELECT v.*, %(at)s::timestamptz AS moment FROM {shape.table}version v
        WHERE {scoped("v", shape.key)} AND v.until IS NULL
    ) {close(shape)}""",
        begin(shape, rows, "greatest(%(at)s, later.until)"),
    )


REGION_KEPT = (*kept(REGION, REGION_KEYS, KEY), *kept(GROUP, REGION_KEYS, KEY))
UNIT_KEPT = (*kept(UNIT, UNIT_KEYS, UNIT_KEY), *kept(UNIT_GROUP, UNIT_KEYS, UNIT_KEY))
ALL_KEPT = tuple(
    statement for shape in (REGION, UNIT, GROUP, UNIT_GROUP) for statement in all_kept(shape)
)


def event(key: str, moment: str, source: str, **figures: str) -> str:
    """What one kind of happening adds to its place from a moment on."""
    added = ", ".join(f"({figures.get(name, '0')}) AS {name}" for name in FIGURES)
    as_of = figures.get("as_of", "NULL::timestamptz")
    return f"SELECT {key}, {moment} AS moment, {added}, {as_of} AS as_of FROM {source}"


def events(key: str, people: dict[str, str]) -> str:
    """All that happened to the expected reports, each with its moment; `people` says what of an
    arrived report stands at the place of the key."""
    key = prefixed("e", key.split(", "))
    expected = f"deployments_expectedreport e WHERE {scoped('e')}"
    arrived = (
        "deployments_expectedreport e JOIN deployments_readinessreport r ON r.id = e.report_id"
        f" {ALL_LINES}"
        f" WHERE {scoped('e')} AND e.state IN ('received', 'received_late', 'partial', 'conflict')"
    )
    late = f"{arrived} AND e.late"
    came = (
        "deployments_expectedreport e JOIN deployments_readinessreport r ON r.id = e.report_id"
        f" WHERE {scoped('e')}"
        " AND e.state NOT IN ('waiting', 'missing', 'overdue', 'returned')"
    )
    never = f"{expected} AND e.state IN ('waiting', 'missing', 'overdue', 'returned')"
    silent = {"tally_waiting": "-1", "tally_missing": "1"}
    answer = {name: f"({which})::int" for name, which in TALLIES.items()}
    left = {
        "tally_waiting": f"{answer['tally_waiting']} - (NOT e.late)::int",
        "tally_missing": f"{answer['tally_missing']} - e.late::int",
    }
    doubted = (
        "deployments_expectedreport e JOIN deployments_readinessreport r ON r.id = e.report_id"
        f" WHERE {scoped('e')} AND e.state = 'quarantined' AND e.late"
    )
    return " UNION ALL ".join(
        (
            event(key, "e.cut_off_at", expected, expected="1", tally_waiting="1"),
            event(
                key,
                "r.submitted_at",
                arrived,
                received="1",
                late="e.late::int",
                verified="(r.state = 'verified')::int",
                as_of="r.submitted_at",
                **people,
            ),
            event(key, "e.due_at", late, missing="1"),
            event(key, "r.submitted_at", late, missing="-1"),
            event(key, "e.due_at", never, missing="1", **silent),
            event(key, "e.due_at", f"{came} AND e.late", **silent),
            event(key, "r.submitted_at", came, **{**answer, **left}),
            event(key, "r.submitted_at", doubted, late="1"),
            event(
                key, "e.overdue_at", f"{expected} AND e.state IN ('waiting', 'overdue')", late="1"
            ),
        )
    )


LINE_EVENTS = f"""
    SELECT {prefixed("r", ("operation_id",))}, l.region_id, l.agency_id, l.cut_off_at,
        max(r.submitted_at), {", ".join("0" for _name in SUMS)}, {LINES}, {CONFLICT},
        max(r.submitted_at)
    FROM deployments_readinessline l
    JOIN deployments_readinessreport r
        ON r.id = l.report_id AND r.state IN ('submitted', 'verified')
    WHERE {scoped("r")}
    GROUP BY 1, 2, 3, 4
"""


def past(shape: Shape, head: str, placed: str) -> str:
    """The history that a place without any has by its events: one version from each to the next."""
    key, columns = shape.key, shape.columns
    mine = prefixed("p", key.split(", "))
    sums = ", ".join(
        f"{'max' if name == 'as_of' else 'sum'}(p.{name}) OVER told AS {name}"
        for name in shape.counted
    )
    return f"""
    WITH {head}, placed AS ({placed}), told AS (
        SELECT {mine}, {sums}, p.moment AS since,
            lead(p.moment) OVER (PARTITION BY {mine} ORDER BY p.moment) AS until
        FROM placed p WHERE p.moment <= %(at)s
        WINDOW told AS (PARTITION BY {mine} ORDER BY p.moment)
    )
    INSERT INTO {shape.table}version ({key}, {columns}, since, until)
    SELECT {key}, {columns}, since, until FROM told t
    WHERE NOT EXISTS (SELECT FROM {shape.table}version v WHERE {same("v", "t", key)})
"""


MOMENT = "greatest(f.moment, f.cut_off_at) AS moment"


def told(names: Iterable[str]) -> str:
    return ", ".join(f"{'max' if n == 'as_of' else 'sum'}(f.{n}) AS {n}" for n in names)


REGION_PAST = past(
    REGION,
    f"facts AS ({events(KEY, REMAINDERS)} UNION ALL {LINE_EVENTS})",
    f"""
        SELECT f.operation_id, array_to_string(parts[:depth], '.') AS region_id, f.agency_id,
            f.cut_off_at, {MOMENT}, {told(REGION.counted)}
        FROM facts f
        CROSS JOIN LATERAL string_to_array(f.region_id, '.') AS parts
        CROSS JOIN LATERAL generate_series(1, cardinality(parts)) AS depth
        GROUP BY 1, 2, 3, 4, 5
    """,
)
UNIT_PAST = past(
    UNIT,
    f"RECURSIVE {TREE}, facts AS ({events(UNIT_KEY, {n: f'r.{n}' for n in PEOPLE})})",
    f"""
        SELECT f.operation_id, tree.above_id AS unit_id, f.cut_off_at, {MOMENT},
            {told(UNIT.counted)}
        FROM facts f JOIN homes h ON h.unit_id = f.unit_id JOIN tree ON tree.head_id = h.head_id
        GROUP BY 1, 2, 3, 4
    """,
)
GROUP_PAST = past(
    GROUP,
    f"""facts AS (
        SELECT {prefixed("r", KEY.split(", "))}, g.key AS group_key, r.submitted_at AS moment,
            {COUNTS}
        FROM deployments_readinessreport r
        JOIN deployments_readinessgroup g ON g.report_id = r.id
        WHERE {scoped("r")} AND r.state IN ('submitted', 'verified')
        GROUP BY {prefixed("r", KEY.split(", "))}, g.key, r.submitted_at
    )""",
    f"""
        SELECT f.operation_id, array_to_string(parts[:depth], '.') AS region_id, f.agency_id,
            f.cut_off_at, f.group_key, {MOMENT}, {told(GROUP.counted)}
        FROM facts f
        CROSS JOIN LATERAL string_to_array(f.region_id, '.') AS parts
        CROSS JOIN LATERAL generate_series(1, cardinality(parts)) AS depth
        GROUP BY 1, 2, 3, 4, 5, 6
    """,
)
UNIT_GROUP_PAST = past(
    UNIT_GROUP,
    f"""RECURSIVE {TREE}, facts AS (
        SELECT {prefixed("r", UNIT_KEY.split(", "))}, g.key AS group_key,
            r.submitted_at AS moment, {COUNTS}
        FROM deployments_readinessreport r
        JOIN deployments_readinessgroup g ON g.report_id = r.id
        WHERE {scoped("r")} AND r.state IN ('submitted', 'verified')
        GROUP BY {prefixed("r", UNIT_KEY.split(", "))}, g.key, r.submitted_at
    )""",
    f"""
        SELECT f.operation_id, tree.above_id AS unit_id, f.cut_off_at, f.group_key, {MOMENT},
            {told(UNIT_GROUP.counted)}
        FROM facts f JOIN homes h ON h.unit_id = f.unit_id JOIN tree ON tree.head_id = h.head_id
        GROUP BY 1, 2, 3, 4, 5
    """,
)
PAST = (REGION_PAST, UNIT_PAST, GROUP_PAST, UNIT_GROUP_PAST)
