from django.core.management.base import BaseCommand

from incidents.actions.taxonomy import load_taxonomy
from incidents.intake import read_taxonomy
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context


class Command(BaseCommand):
    help = "Load the incident types and target minutes; running it again only refreshes."

    def handle(self, *args, **options):
        taxonomy = read_taxonomy()
        with actor_context(SYSTEM):
            changed = load_taxonomy(
                types=taxonomy.types, targets=taxonomy.targets, by=SYSTEM, at=clock.now()
            )
        self.stdout.write(
            f"{len(taxonomy.types)} incident types, {len(taxonomy.targets)} targets, "
            f"{changed} rows changed"
        )
