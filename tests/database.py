"""The test databases: copies of one template, made as the owner and used as the application's role.

`manage.py migrate` and the commands that load what an installation begins with fill the template as
they fill a real one. It is made anew only when something that shapes it changed, so a run begins in
less than a second. Each pytest-xdist worker has a copy of its own.
"""

import hashlib
import os
import subprocess
import sys
from contextlib import closing
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.db import connections
from psycopg2 import sql

ROOT = Path(__file__).resolve().parent.parent
SHAPING = [
    "*/migrations/*.py",
    "portal/*/migrations/*.py",
    "portal/registry/**/*",
    "portal/access/**/*.py",
    "portal/audit/**/*.py",
    "portal/settings.py",
    "deployments/actions/report_forms.py",
    "deployments/actions/shipped_forms.py",
    "deployments/actions/thresholds.py",
    "deployments/data/*",
    "incidents/intake.py",
    "incidents/actions/taxonomy.py",
    "incidents/actions/public_reference.py",
    "incidents/actions/gakkumdu_clock.py",
    "incidents/actions/warning_rules.py",
    "incidents/data/*",
]
# What no test changes: the registry but for what hangs on an operation, and what `migrate` writes.
KEPT = ("registry_", "django_content_type", "django_migrations", "auth_permission", "web_cache")
LOADED = (
    "registry_operation",
    "registry_stage",
    "registry_figure",
    "registry_place",
    "registry_pollingstation",
)
TRIES = 5

_made_with: dict[str, bytes] = {}


def fingerprint() -> str:
    """A hash of every file that decides what a freshly loaded database contains."""
    files = {path for pattern in SHAPING for path in ROOT.glob(pattern) if path.is_file()}
    digest = hashlib.sha256()
    for path in sorted(files):
        if "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(ROOT)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def at_database(url: str, name: str) -> str:
    """The URL with another database's name."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def connect(url: str):
    """An autocommitting connection to the database that the URL names."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    return connection


def prepare(name: str) -> None:
    """Make the database `name` anew from the template, and the template first when it is stale."""
    owner = os.environ["DATABASE_OWNER_URL"]
    template = f"{os.environ.get('PORTAL_TEST_DB', 'test_portal')}_template"
    with closing(connect(at_database(owner, "postgres"))) as server, server.cursor() as cursor:
        # One at a time: the workers of pytest-xdist all come here at once.
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [template])
        if _comment(cursor, template) != (wanted := fingerprint()):
            _drop(cursor, template)
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(template)))
            _fill(template)
            statement = sql.SQL("COMMENT ON DATABASE {} IS %s").format(sql.Identifier(template))
            cursor.execute(statement, [wanted])
        _drop(cursor, name)
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def remember(name: str) -> None:
    """Note the rows that a database is made with outside the registry, for `empty` to restore."""
    _made_with.update(rows(name))


def rows(name: str) -> dict[str, bytes]:
    """Every row outside the registry, by table, as COPY writes them."""
    held = {}
    owner = os.environ["DATABASE_OWNER_URL"]
    with closing(connect(at_database(owner, name))) as server, server.cursor() as cursor:
        for table in _tables(cursor):
            if written := _written(cursor, table):
                held[table] = written
    return held


def drop(name: str) -> None:
    """Remove the database, whoever is still connected to it."""
    owner = os.environ["DATABASE_OWNER_URL"]
    with closing(connect(at_database(owner, "postgres"))) as server, server.cursor() as cursor:
        _drop(cursor, name)


def empty(name: str, *, whole: bool = False) -> None:
    """Put the database back as it was made. `whole`: the empty tables too, of which the planner
    may have counted what tests rolled back."""
    restore(name, _made_with, whole=whole)


def restore(name: str, held: dict[str, bytes], *, whole: bool = False) -> None:
    """Let the database hold the registry and these rows only. The application's role may not."""
    for tried in range(TRIES):
        try:
            return _restore(name, held, whole=whole)
        except psycopg2.errors.DeadlockDetected:
            # A page of the test before was still being answered, and read the tables in its order.
            if tried == TRIES - 1:
                raise


def _restore(name: str, held: dict[str, bytes], *, whole: bool) -> None:
    owner = os.environ["DATABASE_OWNER_URL"]
    with closing(psycopg2.connect(at_database(owner, name))) as server, server.cursor() as cursor:
        tables = set(_tables(cursor))
        if all(_written(cursor, table) == held.get(table, b"") for table in LOADED):
            # Emptied, they would take with them every table that refers to an operation.
            tables.difference_update(LOADED)
        touched = sorted(
            table for table in tables if whole or table in held or _has_rows(cursor, table)
        )
        if not touched:
            return
        # Append-only tables refuse even TRUNCATE until their triggers rest.
        _each(cursor, "ALTER TABLE {} DISABLE TRIGGER USER", touched)
        identifiers = sql.SQL(", ").join(map(sql.Identifier, touched))
        cursor.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(identifiers))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in tables & held.keys():
            written = held[table]
            target = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
            cursor.copy_expert(target.as_string(cursor), BytesIO(written))
            _wind_forward(cursor, table)
        # What was copied back refers to itself: checked now, so that no check is left pending.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _each(cursor, "ALTER TABLE {} ENABLE TRIGGER USER", touched)
        server.commit()


def analyze(name: str) -> None:
    """Count the rows for the planner, as autovacuum does by itself within a minute."""
    owner = os.environ["DATABASE_OWNER_URL"]
    with closing(connect(at_database(owner, name))) as server, server.cursor() as cursor:
        cursor.execute("ANALYZE")


def point_django_at(name: str) -> None:
    """Let this process, and every process it starts, use the database as the application's role."""
    os.environ["DATABASE_URL"] = at_database(os.environ["DATABASE_URL"], name)
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name


def migrate(name: str, *target: str) -> None:
    """Bring the database to a migration (app, number), back or forth; without one to the newest."""
    _manage(name, "migrate", *target)


def _fill(template: str) -> None:
    for command in ("migrate", "load_registry", "load_report_forms", "load_incident_types"):
        _manage(template, command)


def _manage(name: str, *command: str) -> None:
    environment = {
        **os.environ,
        "PORTAL_MODE": "test",
        "DATABASE_URL": at_database(os.environ["DATABASE_URL"], name),
        "DATABASE_OWNER_URL": at_database(os.environ["DATABASE_OWNER_URL"], name),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", *command, "--verbosity=0"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(command)}:\n{done.stdout}{done.stderr}")


def _comment(cursor, database: str) -> str | None:
    cursor.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
        [database],
    )
    row = cursor.fetchone()
    return row[0] if row else None


def _drop(cursor, database: str) -> None:
    cursor.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
    )


def _tables(cursor) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    tables = [table for (table,) in cursor.fetchall()]
    return [table for table in tables if table in LOADED or not table.startswith(KEPT)]


def _each(cursor, statement: str, tables: list[str]) -> None:
    for table in tables:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(table)))


def _written(cursor, table: str) -> bytes:
    """Its rows as COPY writes them."""
    written = BytesIO()
    source = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    cursor.copy_expert(source.as_string(cursor), written)
    return written.getvalue()


def _wind_forward(cursor, table: str) -> None:
    """Let the table's identity go on after its largest value."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND is_identity = 'YES'",
        [table],
    )
    for (column,) in cursor.fetchall():
        cursor.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence(%s, %s), max({})) FROM {}").format(
                sql.Identifier(column), sql.Identifier(table)
            ),
            [f'"{table}"', column],
        )


def _has_rows(cursor, table: str) -> bool:
    cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table)))
    return cursor.fetchone()[0]
