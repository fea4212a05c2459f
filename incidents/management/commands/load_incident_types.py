from django.core.management.base import BaseCommand

from incidents.actions.gakkumdu_clock import load_clock
from incidents.actions.taxonomy import load_taxonomy
from incidents.intake import read_clock, read_taxonomy
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context


class Command(BaseCommand):
    help = "Load incident types, target minutes, the Gakkumdu clock; again only refreshes."

    def handle(self, *args, **options):
        taxonomy, steps = read_taxonomy(), read_clock()
        with actor_context(SYSTEM):
            changed = load_taxonomy(
                types=taxonomy.types, targets=taxonomy.targets, by=SYSTEM, at=clock.now()
            )
            changed += load_clock(steps=steps, by=SYSTEM, at=clock.now())
        self.stdout.write(
            f"{len(taxonomy.types)} incident types, {len(taxonomy.targets)} targets, "
            f"{len(steps)} Gakkumdu steps, "
            f"{changed} rows changed"
        )
