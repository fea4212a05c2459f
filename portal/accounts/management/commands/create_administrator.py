from django.core.management.base import BaseCommand, CommandError
from django.utils.crypto import get_random_string

from portal import clock
from portal.access.actor import SYSTEM
from portal.access.classification import Classification
from portal.access.context import actor_context
from portal.access.errors import Refused
from portal.accounts import actions
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.registry.models import Unit

POST = "administrator"


class Command(BaseCommand):
    help = "Make the first administrator of a new installation and print a first password once."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--unit", default="polda-kalsel", help="Slug of the unit of the post.")

    def handle(self, *args, **options):
        at = clock.now()
        password = get_random_string(24)
        with actor_context(SYSTEM):
            unit = Unit.objects.filter(slug=options["unit"]).first()
            if unit is None:
                raise CommandError("No such unit: run load_registry first.")
            try:
                user = actions.create_user(
                    email=options["email"],
                    name="Administrator",
                    password=password,
                    by=SYSTEM,
                    at=at,
                )
            except Refused as refusal:
                raise CommandError(refusal.sentence) from refusal
            post = Post.objects.filter(slug=POST).first() or actions.create_post(
                slug=POST,
                title="Administrator portal",
                unit=unit,
                roles=[Role.ADMINISTRATOR.value],
                clearance=Classification.RAHASIA,
                by=SYSTEM,
                at=at,
            )
            actions.appoint(user, post, by=SYSTEM, at=at)
        self.stdout.write(password)
