"""What the workers do here; each run is whole or nothing, and a second one changes nothing."""

from deployments import actions
from portal import clock
from portal.access.actor import SYSTEM
from portal.background import task
from portal.registry.models import Operation


@task("deployments.open_cut_offs")
def open_cut_offs() -> None:
    """Each minute: open the cut-offs that come due, and let silence count."""
    at = clock.now()
    actions.open_cut_offs(at=at)
    actions.advance(at=at)


@task("deployments.remind_readiness")
def remind_readiness() -> None:
    actions.remind_readiness(at=clock.now())


@task("deployments.remind_ends")
def remind_ends() -> None:
    actions.remind_ends(at=clock.now())


@task("deployments.fold_rollups")
def fold_rollups() -> None:
    """After each submission, and each minute in case one was lost."""
    actions.fold()


@task("deployments.rebuild_rollups")
def rebuild_rollups() -> None:
    """Nightly: the same sums from the reports themselves."""
    at = clock.now()
    for operation in Operation.objects.all():
        actions.rebuild(operation, at=at)


@task("deployments.return_drawn")
def return_drawn() -> None:
    """After midnight: people of reinforcements that ended count at their own placement again."""
    actions.return_drawn(at=clock.now(), by=SYSTEM)
