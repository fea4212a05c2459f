from portal import clock
from portal.background import task
from portal.imports import actions


@task("imports.check", atomic=False)
def check(job_id: int) -> None:
    """Judge the rows in steps, so that the progress is seen while it runs."""
    actions.run_check(job_id)


@task("imports.apply", atomic=False)
def apply(job_id: int) -> None:
    actions.run_apply(job_id)


@task("imports.undo", atomic=False)
def undo(job_id: int) -> None:
    actions.run_undo(job_id)


@task("imports.sweep")
def sweep() -> None:
    actions.sweep(at=clock.now())
