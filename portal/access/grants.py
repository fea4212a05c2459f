"""What the application's database role may do: read and write rows, nothing else."""

from django.db.backends.base.base import BaseDatabaseWrapper

KEPT = {
    "audit_entry": "UPDATE, DELETE",
    "audit_seal": "INSERT, UPDATE, DELETE",
    "audit_chain": "INSERT, UPDATE, DELETE",
    "django_migrations": "INSERT, UPDATE, DELETE",
}
"""Rights that the application does not get on tables that prove something."""


def grant_application(connection: BaseDatabaseWrapper, role: str) -> None:
    """Give the role its rights on every table and sequence; take away all that could silence a
    trigger. Run by the tables' owner after every migration; running it again changes nothing."""
    name = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == role:
            return
        cursor.execute(
            f"""
            REVOKE CREATE ON SCHEMA public FROM PUBLIC;
            GRANT USAGE ON SCHEMA public TO {name};
            REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name};
            GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name};
            """
        )
        existing = set(connection.introspection.table_names(cursor))
        for table, rights in KEPT.items():
            if table in existing:
                cursor.execute(f"REVOKE {rights} ON {table} FROM {name}")
