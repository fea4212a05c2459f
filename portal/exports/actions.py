"""The only writers of export jobs and of their files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal import clock
from portal.access.actor import SYSTEM, Actor
from portal.access.context import actor_context
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.accounts.models import Tenure
from portal.audit.record import record
from portal.background import enqueue
from portal.exports.enums import ExportState
from portal.exports.kinds import Kind, Selection, kind_of
from portal.exports.making import make, refuse_size
from portal.exports.models import ExportJob
from portal.notifications.actions import notify
from portal.notifications.enums import Channel

KEEP = timedelta(hours=24)
GIVE_UP_AFTER = timedelta(minutes=15)
FOLDER = "exports"


def request_export(
    kind: Kind, form: str, selection: Selection, *, by: Actor, at: datetime
) -> ExportJob:
    """Ask for a file that a worker will make."""
    refuse_size(form, len(selection.ids))
    with transaction.atomic():
        job = ExportJob.objects.create(
            post_id=by.post_id,
            user_id=by.user_id,
            kind=kind.name,
            format=form,
            query=selection.query,
            language=(translation.get_language() or "id")[:5],
            total=len(selection.ids),
            classification=selection.classification,
            created_at=at,
            touched_at=at,
        )
        record("export.request", job, by=by, at=at, after=_asked(job))
        enqueue("exports.run", key=f"exports.run:{job.pk}", job_id=job.pk)
    return job


def record_direct(kind: Kind, form: str, selection: Selection, *, by: Actor, at: datetime) -> None:
    """Note a file that went out with the answer; nothing of it is kept."""
    with transaction.atomic():
        job = ExportJob.objects.create(
            post_id=by.post_id,
            user_id=by.user_id,
            kind=kind.name,
            format=form,
            query=selection.query,
            state=ExportState.EXPIRED,
            done=len(selection.ids),
            total=len(selection.ids),
            classification=selection.classification,
            created_at=at,
            touched_at=at,
            finished_at=at,
            expires_at=at,
        )
        record("export.download", job, by=by, at=at, after=_asked(job))


def _asked(job: ExportJob) -> dict[str, object]:
    return {
        "kind": job.kind,
        "format": job.format,
        "query": job.query,
        "rows": job.total,
        "classification": job.classification,
    }


def run_export(job_id: int) -> None:
    """Make the file of a job, as the person who asked and with the rights he has now. A job that
    another worker holds is left to it."""
    job = _claim(job_id, at=clock.now())
    if job is None:
        return
    with translation.override(job.language):
        try:
            actor = _asker(job, at=clock.now())
            kind = _kind(job, actor)
            _make(job, kind, actor)
        except Refused as refusal:
            _fail(job, str(refusal.sentence), at=clock.now())


def _claim(job_id: int, *, at: datetime) -> ExportJob | None:
    with transaction.atomic():
        job = ExportJob.objects.free(at).filter(pk=job_id).select_for_update(skip_locked=True)
        found = job.first()
        if found is None:
            return None
        _remove(found.path)
        found.state, found.done, found.path, found.touched_at = ExportState.RUNNING, 0, "", at
        found.save(update_fields=["state", "done", "path", "touched_at"])
        return found


def _asker(job: ExportJob, *, at: datetime) -> Actor:
    """Who asked, acting as the post he asked for; raises Refused if he holds it no more."""
    held = Tenure.objects.active(at).filter(user=job.user_id, post=job.post_id)
    tenure = held.select_related("post__unit__agency", "user").first()
    if tenure is None:
        raise Refused(_("Jabatan yang meminta berkas ini tidak lagi Anda pegang."))
    return Actor.of(tenure)


def _kind(job: ExportJob, actor: Actor) -> Kind:
    kind = kind_of(job.kind)
    needed = {Permission.EXPORT_CREATE, kind.permission} if kind else set()
    if kind is None or not needed <= actor.permissions:
        raise Refused(_("Jabatan Anda tidak lagi berwenang mengekspor daftar ini."))
    return kind


def _make(job: ExportJob, kind: Kind, actor: Actor) -> None:
    at = clock.now()
    with actor_context(actor):
        selection = kind.select(actor, job.query, at)
    _move_on(job, 0, total=len(selection.ids))

    @contextmanager
    def steps(done: int) -> Iterator[None]:
        # A transaction per chunk, on the asker's behalf, so that the progress shows in between.
        _move_on(job, done)
        with actor_context(actor):
            yield

    relative = f"{FOLDER}/{uuid4().hex}"
    target = _place(relative)
    try:
        rows = make(target, kind, job.format, selection, actor=actor, at=at, steps=steps)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    _finish(job, relative, rows, selection, by=actor, at=clock.now())


def _place(relative: str) -> Path:
    """Where the file comes to stand: made for our eyes only before anything is written."""
    target = Path(settings.MEDIA_ROOT) / relative
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return target


def _move_on(job: ExportJob, done: int, **changes: int) -> None:
    mine = ExportJob.objects.filter(pk=job.pk, state=ExportState.RUNNING)
    mine.update(done=done, touched_at=clock.now(), **changes)


def _finish(
    job: ExportJob, relative: str, rows: int, selection: Selection, *, by: Actor, at: datetime
) -> None:
    with actor_context(SYSTEM):
        ExportJob.objects.filter(pk=job.pk).update(
            state=ExportState.DONE,
            done=rows,
            total=rows,
            path=relative,
            size=_place_of(relative).stat().st_size,
            classification=selection.classification,
            touched_at=at,
            finished_at=at,
            expires_at=at + KEEP,
        )
        job.refresh_from_db()
        record("export.finish", job, by=by, at=at, after=_asked(job))
        _tell("export_ready", job, at=at)


def _fail(job: ExportJob, sentence: str, *, at: datetime) -> None:
    with actor_context(SYSTEM):
        ExportJob.objects.open().filter(pk=job.pk).update(
            state=ExportState.FAILED,
            error=sentence[:300],
            touched_at=at,
            finished_at=at,
            expires_at=at + KEEP,
        )
        job.refresh_from_db()
        record("export.fail", job, by=SYSTEM, at=at, note=sentence)
        _tell("export_failed", job, at=at)


def _tell(notice: str, job: ExportJob, *, at: datetime) -> None:
    kind = kind_of(job.kind)
    notify(
        notice,
        event_key=f"export:{job.pk}:{job.state}",
        posts=[job.post],
        context={
            "title": str(kind.title) if kind else job.kind,
            "format": job.get_format_display(),
            "rows": job.total,
            "error": job.error,
            "expires_at": job.expires_at,
        },
        url=reverse("exports:job", args=[job.pk]),
        at=at,
        duty=False,
        channels=(Channel.INBOX,),
        classification=job.classification,
    )


def read_file(job: ExportJob, *, by: Actor, at: datetime) -> bytes:
    """The file, for whoever asked for it; taking it is recorded. Raises Refused when it is gone."""
    if job.state != ExportState.DONE or job.expires_at is None or job.expires_at <= at:
        raise Refused(_("Berkas ini sudah tidak tersedia. Silakan minta ekspor yang baru."))
    record("export.download", job, by=by, at=at, after=_asked(job))
    return _place_of(job.path).read_bytes()


def sweep(*, at: datetime) -> int:
    """Delete files whose time is over and files of no job; give up jobs that nobody moves on.
    Returns how many files went."""
    for stuck in ExportJob.objects.open().filter(touched_at__lt=at - GIVE_UP_AFTER):
        with translation.override(stuck.language):
            _fail(stuck, _("Penyusunan berkas terhenti. Silakan minta lagi."), at=at)
    gone = 0
    with transaction.atomic():
        over = ExportJob.objects.filter(
            state__in=[ExportState.DONE, ExportState.FAILED], expires_at__lte=at
        ).select_for_update(skip_locked=True)
        for job in over.order_by("pk"):
            gone += _remove(job.path)
            job.state, job.path, job.touched_at = ExportState.EXPIRED, "", at
            job.save(update_fields=["state", "path", "touched_at"])
    return gone + _orphans()


def _orphans() -> int:
    """Files that a killed worker left: older than an hour by the machine's clock, and of no job."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    known = set(ExportJob.objects.exclude(path="").values_list("path", flat=True))
    before = clock.true_now().timestamp() - 3600
    gone = 0
    for file in folder.glob("*") if folder.is_dir() else ():
        if f"{FOLDER}/{file.name}" not in known and file.stat().st_mtime < before:
            file.unlink(missing_ok=True)
            gone += 1
    return gone


def _place_of(relative: str) -> Path:
    return Path(settings.MEDIA_ROOT) / relative


def _remove(relative: str) -> int:
    if not relative or not _place_of(relative).exists():
        return 0
    _place_of(relative).unlink()
    return 1
