"""The background's own tasks: the pulse and the broom."""

from portal import clock
from portal.background.cleaning import clean_up
from portal.background.heartbeats import WORKER, stamp
from portal.background.running import task
from portal.web import idempotency


@task("background.heartbeat")
def heartbeat() -> None:
    """Proves the whole way: beat opened a slot, Redis carried it, a worker took it."""
    stamp(WORKER, clock.true_now())


@task("background.clean")
def clean() -> None:
    clean_up(at=clock.true_now())
    idempotency.purge(clock.true_now())
