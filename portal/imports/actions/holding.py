"""How workers share jobs: one has a job, moves it on, and loses it when it falls silent."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access.actor import SYSTEM, Actor
from portal.access.context import actor_context
from portal.access.errors import Refused
from portal.accounts.models import Tenure
from portal.audit.record import record
from portal.imports.enums import ImportState
from portal.imports.kinds import Kind, kind_of, opens
from portal.imports.models import ImportJob
from portal.notifications.actions import notify
from portal.notifications.enums import Channel

CHUNK = 500


class Lost(Exception):
    """Another worker has the job now: this one stops, and writes nothing more."""


def claim(job_id: int, waiting: str, running: str, *, at: datetime) -> ImportJob | None:
    """Take a job that nobody has."""
    with transaction.atomic():
        rows = ImportJob.objects.free(waiting, running, at).filter(pk=job_id)
        found = rows.select_for_update(skip_locked=True).first()
        if found is None:
            return None
        found.state, found.run, found.touched_at = running, uuid4().hex, at
        found.save(update_fields=["state", "run", "touched_at"])
        return found


@contextmanager
def step(job: ImportJob, actor: Actor) -> Iterator[ImportJob]:
    """One transaction on the sender's behalf, which holds the job. Raises Lost."""
    with actor_context(actor):
        mine = ImportJob.objects.select_for_update().filter(pk=job.pk, run=job.run).first()
        if mine is None:
            raise Lost
        yield mine


def sender(job: ImportJob, *, at: datetime) -> tuple[Actor, Kind]:
    """Who sent the file, with the rights he has now, and its kind. Raises Refused."""
    held = Tenure.objects.active(at).filter(user=job.user_id, post=job.post_id)
    tenure = held.select_related("post__unit__agency", "user").first()
    if tenure is None:
        raise Refused(_("Jabatan yang mengirim berkas ini tidak lagi Anda pegang."))
    actor, kind = Actor.of(tenure), kind_of(job.kind)
    if kind is None or not opens(kind, actor):
        raise Refused(_("Jabatan Anda tidak lagi berwenang mengimpor daftar ini."))
    return actor, kind


def fail(job: ImportJob, sentence: str, *, at: datetime) -> None:
    """The file as a whole cannot be taken."""
    with actor_context(SYSTEM):
        mine = ImportJob.objects.select_for_update().filter(pk=job.pk, run=job.run).first()
        if mine is None:
            return
        mine.state, mine.run, mine.error = ImportState.FAILED, "", sentence[:500]
        mine.touched_at = mine.finished_at = at
        mine.save()
        record("import.fail", mine, by=SYSTEM, at=at, note=sentence)
        tell("import_failed", mine, at=at)


def tell(notice: str, job: ImportJob, *, at: datetime) -> None:
    """Word to the post that sent the file, in its inbox."""
    kind = kind_of(job.kind)
    notify(
        notice,
        event_key=f"import:{job.pk}:{job.state}:{at.isoformat()}",
        posts=[job.post],
        context={
            "title": str(kind.title) if kind else job.kind,
            "name": job.name,
            "state": job.get_state_display(),
            "good": job.new + job.changed,
            "refused": job.refused,
            "applied": job.applied,
            "undone": job.undone,
            "error": job.error,
        },
        url=reverse("imports:job", args=[job.pk]),
        at=at,
        duty=False,
        channels=(Channel.INBOX,),
    )


def release(job: ImportJob) -> None:
    """After an error of ours: the next attempt need not wait until the job has fallen silent."""
    ImportJob.objects.filter(pk=job.pk, run=job.run).update(run="")
