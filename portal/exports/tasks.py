from portal import clock
from portal.background import task
from portal.exports import actions


@task("exports.run", atomic=False)
def run(job_id: int) -> None:
    """Make the file in steps, so that its progress is seen while it runs."""
    actions.run_export(job_id)


@task("exports.sweep")
def sweep() -> None:
    actions.sweep(at=clock.now())
