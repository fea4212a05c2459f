"""A nation's polling stations reporting: 435,000 units × 10 cut-offs, and 1/100 of them.

The rows are invented by the database itself. What is measured is the roll-up's own work: a full
rebuild against one statement that only reads the same sums, the fold after one submission, and the
maps of the province with all of that behind them.
"""
# ruff: noqa: S608 (the SQL below holds names of the models' own columns only)

import os
import statistics
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from time import perf_counter

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deployments import actions
from deployments.actions.dirty import soil
from deployments.actions.folding import LARGE
from deployments.actions.rollup_sql import TALLIES
from deployments.models import ExpectedReport, ReadinessGroup, ReadinessReport
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.accounts.models import User
from portal.registry.models import Agency, Operation, Region, Unit
from tests import database

STATIONS = int(os.environ.get("PORTAL_BENCH_STATIONS", "20000"))
"""A nation has 435,000; that many take some 10 GB and the better part of an hour."""
SHARE, CUT_OFFS, RUNS = 100, 10, 3
PROVINCES, REGENCIES, DISTRICTS = 37, 14, 14
FIRST = datetime(2024, 11, 15, 6, tzinfo=clock.WITA)
REBUILT = datetime(2024, 11, 20, 7, tzinfo=clock.WITA)
HOME = "63"
"""The province of the registry is one of the nation's: its map is measured."""
GROUPS = {"personnel": "true", "materiel": "false"}
"""The two groups of a polling station's report, and whether it must answer them."""
MAPS = {"province": "/peta/data/", "kabupaten": "/peta/data/?within=63.03"}
GIVEN = {"total": 20, "present": 18, "engaged": 15, "sick": 2, "vehicles_percent": 100}
STATES = ", ".join(f"count(*) FILTER (WHERE {which})" for which in TALLIES.values())
COUNTED = f"""
    count(*), count(r.id), {STATES}, count(*) FILTER (WHERE e.late),
    count(*) FILTER (WHERE r.state = 'verified'), sum(r.total), sum(r.present), sum(r.engaged),
    sum(r.standby), sum(r.reserve), max(r.submitted_at)
"""
REPORTS = """
    deployments_expectedreport e LEFT JOIN deployments_readinessreport r
        ON r.id = e.report_id AND r.state IN ('submitted', 'verified')
"""
LEVELS = """
    (r.region_id, r.cut_off_at{more}), (left(r.region_id, 5), r.cut_off_at{more}),
    (left(r.region_id, 2), r.cut_off_at{more})
"""
LIGHTS = f"""
        count(*) FILTER (WHERE g.light = 'ready'), count(*) FILTER (WHERE g.light = 'conditional'),
        count(*) FILTER (WHERE g.light = 'not_ready'), count(*) FILTER (WHERE g.light = 'silent'),
        count(*) FILTER (WHERE g.mandatory), {", ".join(["0"] * (len(TALLIES) + 4))}, NULL
"""
SUMS = f"""
    SELECT r.cut_off_at, '' AS name, {COUNTED} FROM {REPORTS}
    WHERE e.operation_id = %(operation)s GROUP BY GROUPING SETS ({LEVELS.format(more="")})
    UNION ALL
    SELECT e.cut_off_at, '', {COUNTED} FROM {REPORTS} JOIN registry_unit u ON u.id = e.unit_id
    WHERE e.operation_id = %(operation)s GROUP BY GROUPING SETS (
        (split_part(u.path, '/', 1), e.cut_off_at), (split_part(u.path, '/', 2), e.cut_off_at),
        (split_part(u.path, '/', 3), e.cut_off_at)
    )
    UNION ALL
    SELECT r.cut_off_at, g.key, {LIGHTS}
    FROM deployments_readinessreport r JOIN deployments_readinessgroup g ON g.report_id = r.id
    WHERE r.operation_id = %(operation)s AND r.state IN ('submitted', 'verified')
    GROUP BY GROUPING SETS ({LEVELS.format(more=", g.key")})
    UNION ALL
    SELECT r.cut_off_at, g.key, {LIGHTS}
    FROM deployments_readinessreport r JOIN deployments_readinessgroup g ON g.report_id = r.id
    JOIN registry_unit u ON u.id = r.unit_id
    WHERE r.operation_id = %(operation)s AND r.state IN ('submitted', 'verified')
    GROUP BY GROUPING SETS (
        (split_part(u.path, '/', 1), r.cut_off_at, g.key),
        (split_part(u.path, '/', 2), r.cut_off_at, g.key),
        (split_part(u.path, '/', 3), r.cut_off_at, g.key)
    )
"""
"""What the rebuild adds up, read by one statement: by region and up the tree, the counts and the
lights of the groups."""


def measure() -> Iterator[dict]:
    """A line per measurement: 1/100 of the nation first, then all of it."""
    agency = Agency.objects.order_by("position").first()
    regions()
    units(agency)
    for stations in (STATIONS // SHARE, STATIONS):
        operation = Operation.objects.create(
            slug=f"nation-{stations}",
            name="Data ilustrasi",
            code_name="-",
            kind="-",
            region_id="01",
            starts_on=date(2024, 11, 1),  # Of the reports alone: no page shows it yet.
            ends_on=date(2024, 12, 31),
            source="Data ilustrasi",
        )
        reports(operation, agency, stations)
        database.analyze(connection.settings_dict["NAME"])
        yield from _measured(operation, stations)
    yield from maps(operation)


def _measured(operation: Operation, stations: int) -> Iterator[dict]:
    at = REBUILT
    first = _ms(lambda: actions.rebuild(operation, at=at))
    # What autovacuum does within a minute of so many new rows.
    database.analyze(connection.settings_dict["NAME"])
    rebuilds = [_ms(lambda: actions.rebuild(operation, at=at)) for _run in range(RUNS)]
    reads = [_ms(lambda: _read(operation)) for _run in range(RUNS)]
    folds = [_ms(lambda n=n: _fold_after_one(operation, n)) for n in range(RUNS * 3)]
    rebuilt, read = statistics.median(rebuilds), statistics.median(reads)
    yield {
        "measure": f"full rebuild of {stations * CUT_OFFS} reports",
        "first_ms": round(first),
        "ms": round(rebuilt),
        "one_statement_ms": round(read),
        "ratio": round(rebuilt / read, 2),
    }
    yield {
        "measure": f"fold after one of {stations * CUT_OFFS} reports",
        "ms": round(statistics.median(folds), 1),
    }


def _ms(call) -> float:
    """Each call in its own transaction: statistics are taken of committed rows only."""
    start = perf_counter()
    with actor_context(SYSTEM):
        call()
    return (perf_counter() - start) * 1000


def _read(operation: Operation) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for setting in LARGE:
            cursor.execute(setting)
        cursor.execute(SUMS, {"operation": operation.pk})
        cursor.fetchall()


def _fold_after_one(operation: Operation, number: int) -> None:
    """One station's figures change; only the roll-up of what that soils is in the time."""
    report = ReadinessReport.objects.filter(operation=operation).order_by("pk")[number]
    ReadinessReport.objects.filter(pk=report.pk).update(present=17, sick=3)
    key = (operation.pk, report.region_id, report.agency_id, report.cut_off_at)
    soil([key], at=REBUILT)
    actions.fold()


def regions() -> None:
    """A nation of codes 01…38, as real ones are built."""

    def region(code: str, level: str, parent: str | None) -> Region:
        return Region(
            code=code,
            level=level,
            kind={"province": "provinsi", "regency": "kabupaten", "district": "kecamatan"}[level],
            name=code,
            short_name=code,
            parent_id=parent,
        )

    provinces = [f"{p:02}" for p in range(1, PROVINCES + 1)]
    regencies = [f"{p}.{r:02}" for p in provinces for r in range(1, REGENCIES + 1)]
    districts = [f"{r}.{d:02}" for r in regencies for d in range(1, DISTRICTS + 1)]
    Region.objects.bulk_create([region(code, "province", None) for code in provinces])
    Region.objects.bulk_create([region(code, "regency", code[:2]) for code in regencies])
    Region.objects.bulk_create(
        [region(code, "district", code[:5]) for code in districts], batch_size=2000
    )


def units(agency: Agency) -> None:
    """The tree above the polling stations: a unit for each province, regency and district."""
    made: dict[str, Unit] = {}
    for level in ("province", "regency", "district"):
        rows = []
        for region in Region.objects.filter(level=level).order_by("code"):
            above = made.get(region.parent_id or "")
            slug = f"n{region.code}"
            rows.append(
                Unit(
                    agency=agency,
                    parent=above,
                    slug=slug,
                    path=f"{above.path}/{slug}" if above else slug,
                    name=region.name,
                    short_name=region.short_name,
                    kind="polsek",
                    seat=region,
                )
            )
        made |= {unit.seat_id: unit for unit in Unit.objects.bulk_create(rows, batch_size=2000)}


def reports(operation: Operation, agency: Agency, stations: int) -> None:
    """`stations` units, spread over the districts, each with a report at every cut-off. Written as
    the owner, without asking for each row whether what it refers to exists: it does."""
    number = Unit.objects.count()
    unit = _columns(
        Unit,
        agency_id=str(agency.pk),
        parent_id="d.head",
        slug="'n' || %(base)s || '-' || n",
        path="d.path || '/n' || %(base)s || '-' || n",
        name="'TPS ' || n",
        short_name="'TPS ' || n",
        kind="'polsek'",
        seat_id="d.code",
    )
    report = _columns(
        ReadinessReport,
        operation_id=str(operation.pk),
        agency_id=str(agency.pk),
        unit_id="u.id",
        region_id="u.seat_id",
        cut_off_at="%(first)s::timestamptz + c * interval '12 hours'",
        submitted_at="%(first)s::timestamptz + c * interval '12 hours' - interval '5 minutes'",
        state="'submitted'",
        light="'ready'",
        classification="1",
        **{name: str(value) for name, value in GIVEN.items()},
    )
    group = _columns(
        ReadinessGroup,
        report_id="r.id",
        key="g.key",
        light="CASE WHEN r.id %% 10 = 0 THEN 'conditional' ELSE 'ready' END",
        mandatory="g.mandatory",
        percent="90",
    )
    expected = _columns(
        ExpectedReport,
        operation_id="r.operation_id",
        agency_id="r.agency_id",
        unit_id="r.unit_id",
        region_id="r.region_id",
        cut_off_at="r.cut_off_at",
        due_at="r.cut_off_at",
        overdue_at="r.cut_off_at",
        state="'received'",
        report_id="r.id",
    )
    given = {
        "base": number,
        "stations": stations,
        "first": FIRST,
        "last": CUT_OFFS - 1,
        "operation": operation.pk,
    }
    groups = ", ".join(f"('{key}', {mandatory})" for key, mandatory in GROUPS.items())
    owner = database.at_database(os.environ["DATABASE_OWNER_URL"], connection.settings_dict["NAME"])
    with closing(database.connect(owner)) as server, server.cursor() as cursor:
        _drop_references(cursor)
        for table, (names, values), source in (
            (
                "registry_unit",
                unit,
                "generate_series(1, %(stations)s) n JOIN (SELECT seat_id AS code, id AS head, path,"
                " row_number() OVER (ORDER BY seat_id) AS place FROM registry_unit"
                " WHERE slug ~ '^n[0-9.]{8}$') d ON d.place = 1 + n %% (SELECT count(*)"
                " FROM registry_unit WHERE slug ~ '^n[0-9.]{8}$')",
            ),
            (
                "deployments_readinessreport",
                report,
                "registry_unit u CROSS JOIN generate_series(0, %(last)s) c"
                " WHERE u.slug LIKE 'n' || %(base)s || '-%%'",
            ),
            (
                "deployments_readinessgroup",
                group,
                f"deployments_readinessreport r CROSS JOIN (VALUES {groups}) g (key, mandatory)"
                " WHERE r.operation_id = %(operation)s",
            ),
            (
                "deployments_expectedreport",
                expected,
                "deployments_readinessreport r WHERE r.operation_id = %(operation)s",
            ),
        ):
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {source}", given)


def _drop_references(cursor) -> None:
    """Let rows be written without a look at what each refers to: the database is thrown away."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f'"
        " AND conrelid = ANY(%s::regclass[])",
        [
            [
                model._meta.db_table
                for model in (ReadinessReport, ReadinessGroup, ExpectedReport, Unit)
            ]
        ],
    )
    for table, name in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def maps(operation: Operation) -> Iterator[dict]:
    """The map of the province and of a kabupaten, with the nation behind it."""
    Operation.objects.exclude(pk=operation.pk).update(
        starts_on=date(2023, 1, 1), ends_on=date(2023, 1, 2)
    )
    client = Client()
    client.force_login(User.objects.get(email="koordinator@demo.test"))
    for name, path in MAPS.items():
        sent = client.get(path, headers={"accept-encoding": "gzip"})
        if sent.status_code != 200:
            raise RuntimeError(f"{path} answered {sent.status_code}")
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
            asked = len(seen)
        times = []
        for _run in range(RUNS * 3):
            start = perf_counter()
            client.get(path)
            times.append((perf_counter() - start) * 1000)
        yield {
            "measure": f"{name} map over {operation.slug}",
            "ms": round(statistics.median(times), 1),
            "kilobytes": round(len(sent.content) / 1000, 1),
            "queries": asked,
        }


def _columns(model: type, **given: str) -> tuple[str, str]:
    """The model's columns, and what stands in each: as given, else its default, else nothing."""
    names, values = [], []
    for field in model._meta.concrete_fields:
        if field.primary_key and field.attname == "id":
            continue
        names.append(f'"{field.column}"')
        values.append(given.get(field.attname) or _default(field))
    return ", ".join(names), ", ".join(values)


def _default(field) -> str:
    if field.null:
        return "NULL"
    value = field.get_default()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return f"'{'{}' if isinstance(value, dict) else '[]'}'"
    return f"'{value}'"
