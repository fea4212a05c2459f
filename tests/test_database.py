"""The tests' own ground: the application's role, and a database that is put back after commits."""

import psycopg2
import pytest
from django.db import ProgrammingError, connection, transaction

from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.audit.models import Entry
from portal.registry.models import Agency, Region
from tests import database


def rows_of_everything():
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 (a table's own name)
            counts[table] = cursor.fetchone()[0]
    return counts


@pytest.mark.django_db
def test_tests_run_as_a_role_that_owns_nothing():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("portal_app",)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("TRUNCATE registry_region")


@pytest.mark.django_db
def test_registry_is_there():
    assert Agency.objects.count() == 9
    assert Region.objects.filter(pk="63").exists()


@pytest.mark.django_db(transaction=True)
def test_empty_puts_back_what_the_database_was_made_with():
    before = rows_of_everything()
    with actor_context(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date)"
            " VALUES ('a', 'b', now())"
        )
    name = connection.settings_dict["NAME"]
    assert rows_of_everything() != before
    database.empty(name)
    assert rows_of_everything() == before
    database.empty(name)
    assert rows_of_everything() == before
    assert Entry.objects.count() == before[Entry._meta.db_table]


def test_address_of_another_database_keeps_the_rest():
    url = "postgres://portal_app@/portal?host=%2Ftmp%2Fx"
    assert database.at_database(url, "other") == "postgres://portal_app@/other?host=%2Ftmp%2Fx"
    with pytest.raises(psycopg2.OperationalError):
        database.connect("postgres://nobody@127.0.0.1:1/none")
