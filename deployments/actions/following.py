"""What follows from every step of a placement."""

from datetime import datetime

from deployments.actions.ends import stop_ends
from deployments.actions.ledger import settle
from deployments.models import Deployment
from portal.access.actor import Actor


def follow(
    deployment: Deployment, *, by: Actor, at: datetime, reason: str, void: bool = False
) -> None:
    """The ledger says what the placement says, and nobody is asked about an end any more that has
    moved or has its relief."""
    settle(deployment, by=by, at=at, reason=reason, void=void)
    stop_ends(deployment, at=at)
