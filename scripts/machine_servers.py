"""The machine's own PostgreSQL and Redis, as .ci/run wants them.

Without words: exit 0 when both answer, having made the two roles. `clean NAME`: drop the test
databases whose names begin with NAME.
"""

import sys
from contextlib import closing

import psycopg2
import redis
from psycopg2 import sql

SUPERUSER = "postgres://postgres@127.0.0.1:5432/postgres?connect_timeout=3"
BROKER = "redis://127.0.0.1:6379/8"
ROLES = {"portal_owner": "LOGIN CREATEDB", "portal_app": "LOGIN"}


def main() -> int:
    try:
        with redis.Redis.from_url(BROKER, socket_connect_timeout=3) as client:
            client.ping()
        connection = psycopg2.connect(SUPERUSER)
    except (redis.RedisError, psycopg2.OperationalError) as silence:
        print(silence, file=sys.stderr)
        return 1
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        if sys.argv[1:2] == ["clean"]:
            clean(cursor, sys.argv[2])
        else:
            make_roles(cursor)
    return 0


def make_roles(cursor) -> None:
    cursor.execute("SELECT rolname FROM pg_roles")
    present = {name for (name,) in cursor.fetchall()}
    for role, rights in ROLES.items():
        if role not in present:
            cursor.execute(f"CREATE ROLE {role} {rights}")
    # The tests drop their databases, whoever is still connected.
    cursor.execute("GRANT pg_signal_backend TO portal_owner")


def clean(cursor, prefix: str) -> None:
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    for (name,) in cursor.fetchall():
        statement = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        cursor.execute(statement)


if __name__ == "__main__":
    sys.exit(main())
