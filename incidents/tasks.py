"""What the workers do here; a second run changes nothing."""

from incidents.actions.gakkumdu_notices import remind_cases as remind
from portal import clock
from portal.background import task


@task("incidents.remind_cases")
def remind_cases() -> None:
    """Each minute: warn before the legal clock of a case runs out, and tell what lapsed."""
    remind(at=clock.now())
