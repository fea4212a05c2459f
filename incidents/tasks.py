"""What the workers do here; each run is whole or nothing, and a second one changes nothing."""

from incidents.actions.public_forgetting import forget_due
from portal import clock
from portal.background import task
from portal.web.throttling import forget


@task("incidents.forget_public")
def forget_public() -> None:
    """Each night: contacts, spam and what counted addresses, once their time is over."""
    forget_due(at=clock.now())
    forget(clock.true_now())
