"""What the application's own database role can do, tried in SQL."""

import pytest
from django.db import ProgrammingError, connection, transaction

from portal.access.actor import SYSTEM
from portal.access.context import actor_context, set_actor
from portal.access.grants import grant_application
from portal.audit.record import record
from portal.registry.models import Agency
from tests.factories.incidents import AT

pytestmark = pytest.mark.django_db


def run(statement: str):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def test_application_owns_nothing():
    owned = run(
        """SELECT relname FROM pg_class
           WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"""
    )
    role = run(
        """SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication
           FROM pg_roles WHERE rolname = current_user"""
    )

    assert owned == []
    assert role == [(False, False, False, False, False)]


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE audit_entry",
        "TRUNCATE accounts_user CASCADE",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_seal",
        "ALTER TABLE audit_entry ADD COLUMN x int",
        "ALTER TABLE incidents_incidentupdate DISABLE TRIGGER USER",
        "DROP TABLE audit_seal",
        "DROP TRIGGER audit_entry_keep ON audit_entry",
        "CREATE TABLE mine (id int)",
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE OR REPLACE FUNCTION audit_digest(bytea, audit_entry) RETURNS bytea "
        "LANGUAGE sql AS 'SELECT ''''::bytea'",
        "SET session_replication_role = replica",
        "UPDATE audit_entry SET note = 'x'",
        "DELETE FROM audit_entry",
        "INSERT INTO audit_seal VALUES (999, 1, '', '')",
        "UPDATE audit_seal SET digest = ''",
        "DELETE FROM audit_seal",
        "UPDATE audit_chain SET seq = 0",
        "DELETE FROM audit_chain",
        "DELETE FROM django_migrations",
    ],
)
def test_application_cannot(statement):
    record("agency.test", Agency.objects.first(), by=SYSTEM, at=AT)

    with pytest.raises(ProgrammingError):
        run(statement)


def test_grant_application_to_oneself_does_nothing():
    before = run("SELECT count(*) FROM information_schema.role_table_grants")

    grant_application(connection, run("SELECT current_user")[0][0])

    assert run("SELECT count(*) FROM information_schema.role_table_grants") == before


def test_set_actor_is_local_to_the_transaction(liaison_kpu):
    def known():
        return run("SELECT current_setting('portal.post_id', true)")[0][0]

    with actor_context(liaison_kpu) as actor:
        assert actor == liaison_kpu
        assert known() == str(liaison_kpu.post_id)
        assert run("SELECT current_setting('portal.system')") == [("off",)]
    with actor_context(SYSTEM):
        assert known() == ""
        assert run("SELECT current_setting('portal.system')") == [("on",)]


@pytest.mark.django_db(transaction=True)
def test_set_actor_outside_a_transaction_is_refused(liaison_kpu):
    with pytest.raises(transaction.TransactionManagementError):
        set_actor(liaison_kpu)


@pytest.mark.django_db(transaction=True)
def test_actor_of_one_request_does_not_reach_the_next(
    client, sign_in, liaison_kpu, django_capture_on_commit_callbacks
):
    seen = []
    with connection.execute_wrapper(_listener(seen)):
        sign_in(client, liaison_kpu).get("/profil/")
    after = run("SELECT current_setting('portal.post_id', true)")

    assert seen[0] == str(liaison_kpu.post_id)
    assert after in [[("",)], [(None,)]]


def _listener(seen: list):
    def listen(execute, sql, params, many, context):
        if "set_config" in sql and params:
            seen.append(params[params.index("portal.post_id") + 1])
        return execute(sql, params, many, context)

    return listen
