from django.core.management.base import BaseCommand

from incidents.actions.gakkumdu_clock import load_clock
from incidents.actions.public_reference import load_public_reference
from incidents.actions.taxonomy import load_taxonomy
from incidents.actions.warning_rules import load_rules
from incidents.intake import read_clock, read_public_reference, read_rules, read_taxonomy
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context


class Command(BaseCommand):
    help = (
        "Load the incident types, target minutes, the public's kinds, the quick reasons, the "
        "Gakkumdu clock and the rules of early warning; running it again only refreshes."
    )

    def handle(self, *args, **options):
        taxonomy, public, steps = read_taxonomy(), read_public_reference(), read_clock()
        rules = read_rules()
        with actor_context(SYSTEM):
            changed = load_taxonomy(
                types=taxonomy.types, targets=taxonomy.targets, by=SYSTEM, at=clock.now()
            )
            changed += load_public_reference(
                subjects=public.subjects, reasons=public.reasons, by=SYSTEM, at=clock.now()
            )
            changed += load_clock(steps=steps, by=SYSTEM, at=clock.now())
            changed += load_rules(rules=rules, by=SYSTEM, at=clock.now())
        self.stdout.write(
            f"{len(taxonomy.types)} incident types, {len(taxonomy.targets)} targets, "
            f"{len(public.subjects)} kinds for the public, {len(public.reasons)} reasons, "
            f"{len(steps)} Gakkumdu steps, {len(rules)} warning rules, {changed} rows changed"
        )
