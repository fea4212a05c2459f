from django.core.management.base import BaseCommand

from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.registry.actions import load_reference


class Command(BaseCommand):
    help = "Load regions, agencies, units, operations and figures; again only refreshes them."

    def handle(self, *args, **options):
        with actor_context(SYSTEM):
            counts = load_reference(by=SYSTEM, at=clock.now())
        self.stdout.write(", ".join(f"{count} {kind}" for kind, count in counts.items()))
