from datetime import datetime

from django.db import connection

from incidents.models import NumberSeries
from portal import clock

INCIDENT, FIELD_REPORT, PUBLIC_REPORT, CASE, WARNING = "KJ", "LL", "LM", "GK", "PD"
SPECIAL_REPORT = "LK"


def next_number(prefix: str, at: datetime) -> str:
    """KJ-2024-0001: the next number of that prefix in the year (WITA).

    The series' row stays locked until the transaction ends and rolls back with it, so there are
    neither gaps nor twins.
    """
    year = clock.local(at).year
    table = NumberSeries._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS series (prefix, year, last) VALUES (%s, %s, 1) "  # noqa: S608 (our own table's name)
            "ON CONFLICT (prefix, year) DO UPDATE SET last = series.last + 1 RETURNING last",
            [prefix, year],
        )
        return f"{prefix}-{year}-{cursor.fetchone()[0]:04d}"
