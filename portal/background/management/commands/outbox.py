from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from portal.background.models import OutboxTask
from portal.background.running import drain


class Command(BaseCommand):
    help = "Show the outbox; give dead tasks another chance; run what is due without Redis."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry", type=int, nargs="*", metavar="NUMBER", help="dead tasks")
        parser.add_argument("--drain", action="store_true", help="run all that is due, here")

    def handle(self, *, retry: list[int] | None, drain: bool, **options) -> None:
        if retry is not None:
            self.retry(retry)
        if drain:
            self.drain()
        self.show()

    def retry(self, numbers: list[int]) -> None:
        dead = OutboxTask.objects.filter(dead=True)
        if numbers:
            dead = dead.filter(pk__in=numbers)
        count = dead.update(dead=False, attempts=0, next_attempt_at=None, published_at=None)
        self.stdout.write(f"{count} dead tasks get another chance")

    def drain(self) -> None:
        self.stdout.write(f"{drain()} tasks run")

    def show(self) -> None:
        opened = OutboxTask.objects.open().count()
        dead = OutboxTask.objects.filter(dead=True).order_by("pk")
        self.stdout.write(f"{opened} open, {dead.count()} dead")
        for row in dead:
            self.stdout.write(f"{row.pk} {row.task}: {row.last_error}")
