from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.background.running import drain
from portal.home.demo import (
    assignments,
    chain,
    coordination,
    deployments,
    field_reports,
    gakkumdu,
    incidents,
    minutes,
    obligations,
    papers,
    people,
    persons,
    places,
    planning,
    public_reports,
    readiness,
    reinforcement,
    seats,
    shift,
    stations,
    warnings,
)
from portal.notifications.actions import mark_all_read

RECENT = timedelta(days=3)
STORY = (
    coordination,
    obligations,
    chain,
    minutes,
    planning,
    seats,
    places,
    deployments,
    shift,
    readiness,
    reinforcement,
    stations,
    incidents,
    assignments,
    field_reports,
    persons,
    public_reports,
    gakkumdu,
    papers,
    warnings,
)
"""What is told, in an order in which each finds what it builds on."""


class Command(BaseCommand):
    help = "Load the demo: the rakor of 4 June 2024 and what followed. Again adds nothing."

    def handle(self, *args, **options):
        if settings.PRODUCTION:
            raise CommandError("load_demo refuses a production installation.")
        call_command("load_registry", stdout=self.stdout)
        call_command("load_incident_types", stdout=self.stdout)
        call_command("load_report_forms", stdout=self.stdout)
        for step in STORY:
            with actor_context(SYSTEM):
                step.load(people.load())
        drain()
        self.settle()
        self.stdout.write("Demo loaded.")

    def settle(self) -> None:
        """Months of the story were read at their time; only the last days are new."""
        at = clock.now()
        for actor in people.load().values():
            with actor_context(actor):
                mark_all_read(by=actor, at=at, older_than=at - RECENT)
