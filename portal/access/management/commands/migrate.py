from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import connections

from portal.access.grants import grant_application


class Command(MigrateCommand):
    """Django's migrate, then the application role's rights on whatever is there now."""

    def handle(self, *args, **options):
        super().handle(*args, **options)
        call_command("createcachetable", database=options["database"])
        grant_application(connections[options["database"]], settings.DATABASE_APP_USER)
