"""The statements that keep what each row of the roll-up was, and since when."""
# ruff: noqa: S608 (the SQL below is put together from this module's own column names only)

from deployments.actions.rollup_sql import (
    ALL_LINES,
    COLUMNS,
    CONFLICT,
    FIGURES,
    KEY,
    LINES,
    PEOPLE,
    REGION_KEYS,
    REMAINDERS,
    SUMS,
    TALLIES,
    TREE,
    UNIT_KEY,
    UNIT_KEYS,
    prefixed,
    same,
    scoped,
)


def close(table: str, key: str) -> str:
    """End each version among those looked at that no longer says what its row says."""
    return f"""
    UPDATE {table}version v SET until = greatest(o.since, o.moment)
    FROM open o LEFT JOIN {table} r ON {same("r", "o", key)}
    WHERE v.id = o.id AND (r.id IS NULL OR
        ({prefixed("o", (*FIGURES, "as_of"))})
        IS DISTINCT FROM ({prefixed("r", (*FIGURES, "as_of"))}))
"""


def begin(table: str, key: str, rows: str, since: str) -> str:
    """Begin a version for each row that has none open."""
    return f"""
    INSERT INTO {table}version ({key}, {COLUMNS}, since)
    SELECT {prefixed("r", (*key.split(", "), *FIGURES, "as_of"))}, {since}
    FROM {rows} AND NOT EXISTS (
        SELECT FROM {table}version v WHERE v.until IS NULL AND {same("v", "r", key)}
    )
"""


def kept(table: str, key: str, keys: str) -> tuple[str, str]:
    """For a few places. A version never begins before the end of the one it follows, though clocks
    may differ."""
    last = f"SELECT max(v.until) FROM {table}version v WHERE {same('v', 'r', key)}"
    return (
        f"""
    WITH open AS (
        SELECT v.*, k.moment FROM {keys}
        JOIN {table}version v ON v.until IS NULL AND {same("v", "k", key)}
    ) {close(table, key)}""",
        begin(
            table,
            key,
            f"{keys} JOIN {table} r ON {same('r', 'k', key)} WHERE true",
            f"greatest(k.moment, ({last}))",
        ),
    )


def all_kept(table: str, key: str) -> tuple[str, str]:
    """For all places that have a row or an open version."""
    rows = f"""{table} r LEFT JOIN (
        SELECT {key}, max(v.until) AS until FROM {table}version v
        WHERE {scoped("v", key)} AND v.until > %(at)s GROUP BY {key}
    ) later ON {same("later", "r", key)} WHERE {scoped("r", key)}"""
    return (
        f"""
    WITH open AS (
        SELECT v.*, %(at)s::timestamptz AS moment FROM {table}version v
        WHERE {scoped("v", key)} AND v.until IS NULL
    ) {close(table, key)}""",
        begin(table, key, rows, "greatest(%(at)s, later.until)"),
    )


REGION_TABLE, UNIT_TABLE = "deployments_rollup", "deployments_unitrollup"
REGION_KEPT = kept(REGION_TABLE, KEY, REGION_KEYS)
UNIT_KEPT = kept(UNIT_TABLE, UNIT_KEY, UNIT_KEYS)
ALL_KEPT = (*all_kept(REGION_TABLE, KEY), *all_kept(UNIT_TABLE, UNIT_KEY))


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


def past(table: str, key: str, head: str, placed: str) -> str:
    """The history that a place without any has by its events: one version from each to the next."""
    mine = prefixed("p", key.split(", "))
    sums = ", ".join(f"sum(p.{name}) OVER told AS {name}" for name in FIGURES)
    return f"""
    WITH {head}, placed AS ({placed}), told AS (
        SELECT {mine}, {sums}, max(p.as_of) OVER told AS as_of, p.moment AS since,
            lead(p.moment) OVER (PARTITION BY {mine} ORDER BY p.moment) AS until
        FROM placed p WHERE p.moment <= %(at)s
        WINDOW told AS (PARTITION BY {mine} ORDER BY p.moment)
    )
    INSERT INTO {table}version ({key}, {COLUMNS}, since, until)
    SELECT {key}, {COLUMNS}, since, until FROM told t
    WHERE NOT EXISTS (SELECT FROM {table}version v WHERE {same("v", "t", key)})
"""


MOMENT = "greatest(f.moment, f.cut_off_at) AS moment"
TOLD = f"{', '.join(f'sum(f.{n}) AS {n}' for n in FIGURES)}, max(f.as_of) AS as_of"
REGION_PAST = past(
    REGION_TABLE,
    KEY,
    f"facts AS ({events(KEY, REMAINDERS)} UNION ALL {LINE_EVENTS})",
    f"""
        SELECT f.operation_id, array_to_string(parts[:depth], '.') AS region_id, f.agency_id,
            f.cut_off_at, {MOMENT}, {TOLD}
        FROM facts f
        CROSS JOIN LATERAL string_to_array(f.region_id, '.') AS parts
        CROSS JOIN LATERAL generate_series(1, cardinality(parts)) AS depth
        GROUP BY 1, 2, 3, 4, 5
    """,
)
UNIT_PAST = past(
    UNIT_TABLE,
    UNIT_KEY,
    f"RECURSIVE {TREE}, facts AS ({events(UNIT_KEY, {n: f'r.{n}' for n in PEOPLE})})",
    f"""
        SELECT f.operation_id, tree.above_id AS unit_id, f.cut_off_at, {MOMENT}, {TOLD}
        FROM facts f JOIN tree ON tree.unit_id = f.unit_id
        GROUP BY 1, 2, 3, 4
    """,
)
