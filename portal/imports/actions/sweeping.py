"""What nobody needs any more is removed; what nobody moves on is given up."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal import clock
from portal.access.actor import SYSTEM
from portal.audit.record import record
from portal.imports.actions.holding import tell
from portal.imports.actions.uploading import FOLDER, clear, remove
from portal.imports.enums import WORKING, ImportState
from portal.imports.models import ImportJob

GIVE_UP_AFTER = timedelta(minutes=30)


def sweep(*, at: datetime) -> int:
    """Delete the files and rows of jobs whose time is over, and files of no job; give up jobs that
    nobody moves on. Returns how many files went."""
    _give_up(at=at)
    gone = 0
    with transaction.atomic():
        over = ImportJob.objects.exclude(path="").exclude(state__in=sorted(WORKING))
        for job in over.filter(expires_at__lte=at).select_for_update(skip_locked=True):
            path = clear(job, at=at)
            if job.state == ImportState.CHECKED:
                job.state, job.finished_at = ImportState.DISCARDED, at
            job.save()
            record("import.sweep", job, by=SYSTEM, at=at)
            gone += remove(path)
    return gone + _orphans()


def _give_up(*, at: datetime) -> None:
    """A job stays where its last step left it."""
    with transaction.atomic():
        stuck = ImportJob.objects.working().filter(touched_at__lt=at - GIVE_UP_AFTER)
        for job in stuck.select_for_update(skip_locked=True):
            with translation.override(job.language):
                if job.state in (ImportState.UPLOADED, ImportState.CHECKING):
                    job.state, job.finished_at = ImportState.FAILED, at
                elif job.state == ImportState.APPLYING and not job.applied:
                    job.state, job.mode = ImportState.CHECKED, ""
                else:
                    job.state = ImportState.APPLIED
                job.run, job.touched_at = "", at
                job.error = _("Pekerjaan terhenti. Silakan minta lagi.")
                job.save()
                record("import.stop", job, by=SYSTEM, at=at, note=job.error)
                tell("import_failed", job, at=at)


def _orphans() -> int:
    """Files that a killed process left: older than an hour by the machine's clock, and of no
    job."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    known = set(ImportJob.objects.exclude(path="").values_list("path", flat=True))
    before = clock.true_now().timestamp() - 3600
    gone = 0
    for file in folder.glob("*/*") if folder.is_dir() else ():
        relative = str(file.relative_to(settings.MEDIA_ROOT))
        if relative not in known and file.stat().st_mtime < before:
            gone += remove(relative)
    return gone
