from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.access.actor import Actor
from portal.exports.enums import EXPORT_BADGES, OPEN, ExportState
from portal.exports.kinds import kind_of
from portal.exports.models import ExportJob


@dataclass(frozen=True)
class JobRow:
    """A job as pages print it. `again` is the list with the same filter."""

    title: str
    format: str
    url: str
    file_url: str
    again: str
    state: tuple[str, str]
    is_open: bool
    done: int
    total: int
    progress: str
    size: str
    error: str
    asked_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None


def jobs(actor: Actor):
    """What the post asked a worker for, newest first; what went out at once is not listed."""
    return ExportJob.objects.visible_to(actor).exclude(state=ExportState.EXPIRED)


def job_rows(rows: Iterable[ExportJob], at: datetime) -> list[JobRow]:
    return [_row(row, at) for row in rows]


def _row(job: ExportJob, at: datetime) -> JobRow:
    kind = kind_of(job.kind)
    ready = job.state == ExportState.DONE and job.expires_at is not None and job.expires_at > at
    page = reverse(kind.page) if kind else ""
    return JobRow(
        title=str(kind.title) if kind else job.kind,
        format=job.get_format_display(),
        url=reverse("exports:job", args=[job.pk]),
        file_url=reverse("exports:file", args=[job.pk]) if ready else "",
        again=f"{page}?{job.query or 'semua=1'}" if page else "",
        state=(EXPORT_BADGES[job.state], job.get_state_display()),
        is_open=job.state in OPEN,
        done=job.done,
        total=job.total,
        progress=_("%(done)d dari %(total)d baris") % {"done": job.done, "total": job.total},
        size=_size(job.size),
        error=job.error,
        asked_at=job.created_at,
        finished_at=job.finished_at,
        expires_at=job.expires_at,
    )


def _size(size: int) -> str:
    kilobytes = max(size // 1000, 1)
    return ngettext("%(size)d kB", "%(size)d kB", kilobytes) % {"size": kilobytes}
