"""The sweeps that beat asks for each minute, and what actions promise."""

from coordination.actions import following, reminders
from coordination.models import ProgressReport
from portal import clock
from portal.background import task


@task("coordination.remind_meetings")
def remind_meetings() -> None:
    reminders.remind_meetings(at=clock.now())


@task("coordination.remind_obligations")
def remind_obligations() -> None:
    reminders.remind_obligations(at=clock.now())


@task("coordination.tell_followers")
def tell_followers(report_id: int) -> None:
    """News of an obligation, to the posts that follow it."""
    rows = ProgressReport.objects.select_related("obligation__agency", "obligation__directive")
    report = rows.select_related("obligation__directive__meeting").filter(pk=report_id).first()
    if report is not None:
        following.tell_followers(report)
