from portal import clock
from portal.background import task
from portal.background.models import Slot
from tests.drills.points import pass_by

EFFECT = "drills.effect"


@task("drills.work")
def work(number: int) -> None:
    """Leaves one row each time it is carried out, after a point where it can be killed."""
    now = clock.true_now()
    Slot.objects.create(job=f"{EFFECT}.{number}", slot=now, opened_at=now)
    pass_by("in-work")
