from datetime import datetime

from django.db import connection

from incidents.models import CaseCounter, IncidentCounter
from portal import clock


def incident_number(at: datetime) -> str:
    """KJ-2024-0001: the next number of the year (WITA).

    The counter's row stays locked until the transaction ends and rolls back with it, so there are
    neither gaps nor twins.
    """
    return _next("KJ", IncidentCounter, at)


def case_number(at: datetime) -> str:
    """GK-2024-0001: the same for cases of Sentra Gakkumdu."""
    return _next("GK", CaseCounter, at)


def _next(prefix: str, counter: type[IncidentCounter | CaseCounter], at: datetime) -> str:
    year = clock.local(at).year
    table = counter._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS counter (year, last) VALUES (%s, 1) "  # noqa: S608 (our own table's name)
            "ON CONFLICT (year) DO UPDATE SET last = counter.last + 1 RETURNING last",
            [year],
        )
        return f"{prefix}-{year}-{cursor.fetchone()[0]:04d}"
