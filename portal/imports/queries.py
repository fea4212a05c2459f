from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.access.actor import Actor
from portal.imports import progress
from portal.imports.enums import (
    IMPORT_BADGES,
    OUTCOME_BADGES,
    VERDICT_BADGES,
    WORKING,
    CellType,
    ImportState,
    Mode,
    RowOutcome,
    RowVerdict,
)
from portal.imports.kinds import Kind, kind_of, kinds_for
from portal.imports.models import ImportJob, ImportRow
from portal.web.templatetags.portal import angka, tanggal_pendek


@dataclass(frozen=True)
class JobRow:
    """A job as pages print it."""

    pk: int
    title: str
    name: str
    url: str
    state: tuple[str, str]
    is_working: bool
    whole: bool
    """Written in one transaction: its rows are there at the end, all or none."""
    done: int
    total: int
    progress: str
    counts: list[dict[str, Any]]
    error: str
    notices: list[str]
    sent_at: datetime
    finished_at: datetime | None
    expires_at: datetime
    is_kept: bool


@dataclass(frozen=True)
class Choices:
    """What may be done with a job as it stands."""

    apply_all: bool = False
    apply_good: bool = False
    discard: bool = False
    undo: bool = False
    nothing: bool = False
    rejected: int = 0


@dataclass(frozen=True)
class PreviewRow:
    """A row of a file as the preview prints it: `changes` are (heading, before, after)."""

    line: int
    subject: str
    verdict: tuple[str, str]
    outcome: tuple[str, str] | None
    outcome_reason: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    reasons: list[tuple[str, str]] = field(default_factory=list)


def kind_rows(actor: Actor) -> list[dict[str, Any]]:
    """What the post may import, with the ways to do it."""
    return [
        {
            "title": str(kind.title),
            "about": str(kind.about),
            "upload": reverse("imports:upload", args=[kind.name]),
            "template": reverse("imports:template", args=[kind.name]),
        }
        for kind in kinds_for(actor)
    ]


def jobs(actor: Actor) -> QuerySet[ImportJob]:
    """What the post sent, newest first."""
    return ImportJob.objects.visible_to(actor).order_by("-created_at", "-pk")


def in_one(job: ImportJob) -> bool:
    """All its rows are being written in one transaction."""
    return job.state == ImportState.APPLYING and job.mode == Mode.ALL


def done_of(job: ImportJob) -> int:
    """How many rows of the present step are done."""
    return min(progress.noted(job), job.total) if in_one(job) else job.done


def job_row(job: ImportJob) -> JobRow:
    kind = kind_of(job.kind)
    done = done_of(job)
    return JobRow(
        pk=job.pk,
        title=str(kind.title) if kind else job.kind,
        name=job.name,
        url=reverse("imports:job", args=[job.pk]),
        state=_state(job),
        is_working=job.state in WORKING,
        whole=in_one(job),
        done=done,
        total=job.total,
        progress=_("%(done)s dari %(total)s baris")
        % {"done": angka(done), "total": angka(job.total)},
        counts=_counts(job),
        error=job.error,
        notices=job.notices,
        sent_at=job.created_at,
        finished_at=job.finished_at,
        expires_at=job.expires_at,
        is_kept=bool(job.path),
    )


def _state(job: ImportJob) -> tuple[str, str]:
    if job.state == ImportState.CHECKED and not job.new + job.changed:
        return "warning", _("Tidak ada yang dapat diterapkan")
    return IMPORT_BADGES[job.state], job.get_state_display()


def job_rows(rows: Iterable[ImportJob]) -> list[JobRow]:
    return [job_row(row) for row in rows]


def _counts(job: ImportJob) -> list[dict[str, Any]]:
    """The numbers that are not about nothing, each with its badge."""
    verdicts = [
        (RowVerdict.NEW, job.new),
        (RowVerdict.CHANGED, job.changed),
        (RowVerdict.SAME, job.same),
        (RowVerdict.REFUSED, job.refused),
    ]
    found = [
        {"kind": VERDICT_BADGES[verdict], "label": str(verdict.label), "number": angka(number)}
        for verdict, number in verdicts
    ]
    outcomes = [
        (RowOutcome.APPLIED, job.applied - job.undone),
        (RowOutcome.LEFT_OUT, job.left_out),
        (RowOutcome.UNDONE, job.undone),
        (RowOutcome.KEPT, job.kept),
    ]
    return found + [
        {"kind": OUTCOME_BADGES[outcome], "label": str(outcome.label), "number": angka(number)}
        for outcome, number in outcomes
        if number
    ]


def choices(job: ImportJob) -> Choices:
    good = job.new + job.changed
    checked = job.state == ImportState.CHECKED
    return Choices(
        apply_all=checked and good > 0 and not job.refused,
        apply_good=checked and good > 0 and job.refused > 0,
        nothing=checked and not good,
        discard=checked or job.state == ImportState.UPLOADED,
        undo=job.state == ImportState.APPLIED and bool(job.path) and job.applied > job.undone,
        rejected=job.refused + job.left_out if job.path and job.state not in WORKING else 0,
    )


def verdict_tabs(job: ImportJob, chosen: str) -> list[dict[str, Any]]:
    """All rows, and those of each verdict, as links."""
    numbers: dict[str, int] = {
        "": job.new + job.changed + job.same + job.refused,
        RowVerdict.NEW: job.new,
        RowVerdict.CHANGED: job.changed,
        RowVerdict.SAME: job.same,
        RowVerdict.REFUSED: job.refused,
    }
    labels = {"": pgettext("baris", "Semua"), **dict(RowVerdict.choices)}
    return [
        {
            "label": str(labels[verdict]),
            "url": f"?putusan={verdict}" if verdict else "?",
            "current": verdict == chosen,
            "count": angka(number),
        }
        for verdict, number in numbers.items()
    ]


def rows_of(job: ImportJob, verdict: str = "") -> QuerySet[ImportRow]:
    """The rows of a job in the order of the file, of one verdict if that is given."""
    rows = ImportRow.objects.filter(job=job).order_by("line")
    return rows.filter(verdict=verdict) if verdict in RowVerdict.values else rows


def preview(job: ImportJob, rows: Iterable[ImportRow]) -> list[PreviewRow]:
    kind = kind_of(job.kind)
    return [_preview(kind, row) for row in rows] if kind else []


def _preview(kind: Kind, row: ImportRow) -> PreviewRow:
    first, *others = kind.columns
    outcome = (OUTCOME_BADGES[row.outcome], row.get_outcome_display()) if row.outcome else None
    facts: list[tuple[str, str]] = []
    changes: list[tuple[str, str, str]] = []
    if row.verdict == RowVerdict.NEW:
        facts = [
            (str(column.head), said(kind, column.name, row.after.get(column.name)))
            for column in others
            if row.after.get(column.name) not in (None, "")
        ]
    elif row.verdict == RowVerdict.CHANGED:
        changes = [
            (
                str(column.head),
                said(kind, column.name, row.before.get(column.name)),
                said(kind, column.name, row.after.get(column.name)),
            )
            for column in kind.columns
            if row.before.get(column.name) != row.after.get(column.name)
        ]
    return PreviewRow(
        line=row.line,
        subject=row.raw.get(first.name) or "–",
        verdict=(VERDICT_BADGES[row.verdict], row.get_verdict_display()),
        outcome=outcome,
        outcome_reason=row.outcome_reason,
        changes=changes,
        facts=facts,
        reasons=[(_where(kind, reason, row), reason["text"]) for reason in row.reasons],
    )


def _where(kind: Kind, reason: dict[str, str], row: ImportRow) -> str:
    """The heading and, where it is known, the cell and what stands in it."""
    column = kind.column(reason["column"])
    head = str(column.head) if column else ""
    return " ".join(filter(None, [head, reason["cell"]]))


def reason_text(kind: Kind, row: ImportRow) -> str:
    """Everything that speaks against a row, for the file of refused rows."""
    found = []
    for reason in row.reasons:
        where = _where(kind, reason, row)
        found.append(f"{where}: {reason['text']}" if where else reason["text"])
    if row.outcome == RowOutcome.LEFT_OUT:
        found.append(row.outcome_reason)
    return " ".join(found)


def rejected(job: ImportJob, kind: Kind) -> list[tuple[dict[str, str], str]]:
    """What the sender has to mend: the rows as they came, each with its reasons."""
    rows = ImportRow.objects.filter(job=job).rejected().order_by("line")
    return [(row.raw, reason_text(kind, row)) for row in rows]


def said(kind: Kind, name: str, value: Any) -> str:
    """A value as the reader says it."""
    column = kind.column(name)
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Ya") if value else _("Tidak")
    if column is not None and column.choices:
        return str(dict(column.choices).get(value, value))
    if column is not None and column.type == CellType.DATE:
        return tanggal_pendek(datetime.fromisoformat(str(value)).date())
    if column is not None and column.type == CellType.WHOLE and isinstance(value, int):
        return angka(value)
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return str(value)
