from datetime import datetime

from django.db import connection, models

from incidents.models import IncidentCounter, PublicReportCounter
from portal import clock


def incident_number(at: datetime) -> str:
    """KJ-2024-0001: the next number of the year (WITA)."""
    return f"KJ-{_next(IncidentCounter, at)}"


def public_report_number(at: datetime) -> str:
    """LM-2024-0001: the next number of the year (WITA) among the public's reports."""
    return f"LM-{_next(PublicReportCounter, at)}"


def _next(counter: type[models.Model], at: datetime) -> str:
    """The year and the next number of its counter.

    The counter's row stays locked until the transaction ends and rolls back with it, so there are
    neither gaps nor twins.
    """
    year = clock.local(at).year
    table = counter._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS counter (year, last) VALUES (%s, 1) "  # noqa: S608 (our own table's name)
            "ON CONFLICT (year) DO UPDATE SET last = counter.last + 1 RETURNING last",
            [year],
        )
        return f"{year}-{cursor.fetchone()[0]:04d}"
