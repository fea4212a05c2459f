"""How far an import is that is written in one transaction: nobody outside sees its rows before the
end, so the worker notes the number beside the file. Lost or torn, it is only a bar that waits."""

from pathlib import Path

from django.conf import settings

from portal.imports.models import ImportJob

ENDING = ".progress"


def note(job: ImportJob, done: int) -> None:
    """That so many rows are written, though not yet for good."""
    if target := _target(job):
        target.write_text(str(done))


def noted(job: ImportJob) -> int:
    """How many rows the worker has written so far; 0 while it has said nothing."""
    target = _target(job)
    try:
        return int(target.read_text()) if target else 0
    except (OSError, ValueError):
        return 0


def forget(job: ImportJob) -> None:
    if target := _target(job):
        target.unlink(missing_ok=True)


def _target(job: ImportJob) -> Path | None:
    return Path(settings.MEDIA_ROOT, f"{job.path}{ENDING}") if job.path else None
