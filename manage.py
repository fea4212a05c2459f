#!/usr/bin/env python
"""Django's command line. Commands that change the schema connect as the owner of the database."""

import os
import sys

OWNER_COMMANDS = {"dbshell", "flush", "migrate", "sqlmigrate"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("PORTAL_DB_ROLE", "owner")
    # After the role is chosen: importing Django's management may read the settings.
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
