"""Signs of life of the processes behind the pages, by true time."""

from datetime import datetime, timedelta

from portal.background.models import Heartbeat

BEAT = "beat"
WORKER = "worker"

# How old a sign may be before the process counts as gone.
LIMITS = {BEAT: timedelta(seconds=30), WORKER: timedelta(seconds=90)}


def stamp(name: str, at: datetime) -> None:
    """Say that the process works at that moment."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=at)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )
