from datetime import datetime, timedelta

from portal.background.models import OutboxTask, Slot

KEEP_DONE = timedelta(days=7)
KEEP_SLOTS = timedelta(days=30)


def clean_up(*, at: datetime) -> int:
    """Delete closed work and slots long gone; dead and open rows stay. Returns how many rows.

    A key protects against repetition as long as its row is kept: the repeats that matter (a double
    click, a message delivered again) come within minutes.
    """
    tasks, _ = OutboxTask.objects.filter(done_at__lt=at - KEEP_DONE).delete()
    slots, _ = Slot.objects.filter(opened_at__lt=at - KEEP_SLOTS).delete()
    return tasks + slots
