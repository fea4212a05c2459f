from django.core.management.base import BaseCommand, CommandError

from portal.audit.models import Seal
from portal.audit.verify import verify_chain


class Command(BaseCommand):
    help = "Check the audit chain and name the first broken row."

    def add_arguments(self, parser):
        parser.add_argument(
            "--head", help="A head kept elsewhere (SEQ:HEX): it must be in the chain."
        )

    def handle(self, *args, **options):
        verdict = verify_chain()
        if not verdict.intact:
            raise CommandError(f"Broken at link {verdict.broken_seq}: {verdict.reason}.")
        if options["head"]:
            self.compare(options["head"])
        self.stdout.write(f"Intact: {verdict.links} links, head {verdict.links}:{verdict.head}")

    def compare(self, kept: str) -> None:
        seq, _, digest = kept.partition(":")
        seal = Seal.objects.filter(seq=int(seq)).first()
        if seal is None or bytes(seal.digest).hex() != digest:
            raise CommandError(
                f"The kept head {seq} is not in the chain: the tail was cut or rebuilt."
            )
