"""Opening the timetable's slots: each once, together with the work it stands for."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from portal.background.models import Slot
from portal.background.outbox import enqueue
from portal.background.timetable import Job


def clock_shift(now: datetime, true_now: datetime) -> int:
    """How far the domain's clock runs from the true one, in whole minutes."""
    return round((now - true_now) / timedelta(minutes=1))


def open_slot(job: Job, slot: datetime, shift: int, at: datetime) -> bool:
    """Open the slot and promise its task in one transaction; False if it was opened before."""
    with transaction.atomic():
        _, opened = Slot.objects.get_or_create(
            job=job.task, slot=slot, shift=shift, defaults={"opened_at": at}
        )
        if opened:
            enqueue(job.task)
    return opened


class Opener:
    """Opens what is due, and remembers what it has seen open so as not to ask twice a second."""

    def __init__(self, timetable: Iterable[Job]):
        self.timetable = tuple(timetable)
        self._seen: dict[str, tuple[datetime, int]] = {}

    def open_due(self, *, now: datetime, true_now: datetime) -> int:
        """Open the newest due slot of every job; returns how many this call opened."""
        shift = clock_shift(now, true_now)
        count = 0
        for job in self.timetable:
            slot = job.slot(now)
            if slot is None or self._seen.get(job.task) == (slot, shift):
                continue
            count += open_slot(job, slot, shift, true_now)
            self._seen[job.task] = (slot, shift)
        return count
