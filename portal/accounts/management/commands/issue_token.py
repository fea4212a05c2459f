from django.core.management.base import BaseCommand, CommandError

from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.access.errors import Refused
from portal.accounts import actions
from portal.accounts.models import User


class Command(BaseCommand):
    help = "Issue an API token for a person's post and print it once."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--post", help="Slug of the post, when the person holds several.")
        parser.add_argument("--label", default="command line")
        parser.add_argument("--days", type=int, default=30)

    def handle(self, *args, **options):
        at = clock.now()
        with actor_context(SYSTEM):
            user = User.objects.filter(email__iexact=options["email"]).first()
            if user is None:
                raise CommandError(f"No user has the e-mail {options['email']}.")
            tenures = user.tenures_at(at)
            if options["post"]:
                tenures = tenures.filter(post__slug=options["post"])
            tenure = tenures.first()
            if tenure is None:
                raise CommandError("This person holds no such post now.")
            try:
                _, text = actions.issue_token(
                    user,
                    tenure.post,
                    by=SYSTEM,
                    at=at,
                    label=options["label"],
                    days=options["days"],
                )
            except Refused as refusal:
                raise CommandError(refusal.sentence) from refusal
        self.stdout.write(text)
