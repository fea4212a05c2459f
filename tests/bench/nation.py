"""A nation's polling stations reporting: 435,000 units × 10 cut-offs, and 1/100 of them.

The rows are invented by the database itself. What is measured is the roll-up's own work: a full
rebuild against one statement that only reads the same sums, and the fold after one submission.
"""
# ruff: noqa: S608 (the SQL below holds names of the models' own columns only)

import statistics
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from time import perf_counter

from django.db import connection

from deployments import actions
from deployments.actions.dirty import soil
from deployments.models import ExpectedReport, ReadinessReport
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.registry.models import Agency, Operation, Region, Unit
from tests import database

STATIONS, SHARE, CUT_OFFS, RUNS = 435_000, 100, 10, 3
PROVINCES, REGENCIES, DISTRICTS = 38, 14, 14
FIRST = datetime(2024, 11, 27, 6, tzinfo=clock.WITA)
GIVEN = {"total": 20, "present": 18, "engaged": 15, "sick": 2, "vehicles_percent": 100}
SUMS = """
    SELECT r.region_id, r.cut_off_at, count(*), sum(r.total), sum(r.present), sum(r.engaged),
        sum(r.standby), sum(r.reserve), max(r.submitted_at)
    FROM deployments_expectedreport e JOIN deployments_readinessreport r ON r.id = e.report_id
    WHERE e.operation_id = %s AND r.state IN ('submitted', 'verified')
    GROUP BY GROUPING SETS (
        (r.region_id, r.cut_off_at), (left(r.region_id, 5), r.cut_off_at),
        (left(r.region_id, 2), r.cut_off_at)
    )
""".replace("SELECT r.region_id, r.cut_off_at,", "SELECT r.cut_off_at,")


def measure() -> Iterator[dict]:
    """A line per measurement: 1/100 of the nation first, then all of it."""
    agency = Agency.objects.order_by("position").first()
    regions()
    for stations in (STATIONS // SHARE, STATIONS):
        operation = Operation.objects.create(
            slug=f"nation-{stations}",
            name="Data ilustrasi",
            code_name="-",
            kind="-",
            region_id="01",
            starts_on=date(2024, 11, 1),
            ends_on=date(2024, 12, 31),
            source="Data ilustrasi",
        )
        reports(operation, agency, stations)
        database.analyze(connection.settings_dict["NAME"])
        yield from _measured(operation, stations)


def _measured(operation: Operation, stations: int) -> Iterator[dict]:
    at = FIRST + timedelta(days=30)
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
    with connection.cursor() as cursor:
        cursor.execute(SUMS, [operation.pk])
        cursor.fetchall()


def _fold_after_one(operation: Operation, number: int) -> None:
    """One station's figures change; only the roll-up of what that soils is in the time."""
    report = ReadinessReport.objects.filter(operation=operation).order_by("pk")[number]
    ReadinessReport.objects.filter(pk=report.pk).update(present=17, sick=3)
    key = (operation.pk, report.region_id, report.agency_id, report.cut_off_at)
    soil([key], at=FIRST + timedelta(days=31))
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


def reports(operation: Operation, agency: Agency, stations: int) -> None:
    """`stations` units, spread over the districts, each with a report at every cut-off."""
    number = Unit.objects.count()
    unit = _columns(
        Unit,
        agency_id=str(agency.pk),
        parent_id="NULL",
        slug="'n' || %(base)s || '-' || n",
        path="'n' || %(base)s || '-' || n",
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
    with connection.cursor() as cursor:
        for table, (names, values), source in (
            (
                "registry_unit",
                unit,
                "generate_series(1, %(stations)s) n JOIN (SELECT code, row_number() OVER"
                " (ORDER BY code) AS place FROM registry_region WHERE level = 'district'"
                " AND code < '39') d ON d.place = 1 + n %% (SELECT count(*) FROM registry_region"
                " WHERE level = 'district' AND code < '39')",
            ),
            (
                "deployments_readinessreport",
                report,
                "registry_unit u CROSS JOIN generate_series(0, %(last)s) c"
                " WHERE u.slug LIKE 'n' || %(base)s || '-%%'",
            ),
            (
                "deployments_expectedreport",
                expected,
                "deployments_readinessreport r WHERE r.operation_id = %(operation)s",
            ),
        ):
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {source}", given)


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
