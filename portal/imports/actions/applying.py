"""The good rows go into the portal: all in one transaction, or step by step what is good."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal import clock
from portal.access.actor import SYSTEM, Actor
from portal.access.context import actor_context
from portal.access.errors import Refused
from portal.access.policy import require
from portal.audit.record import record
from portal.background import enqueue
from portal.imports import progress
from portal.imports.actions.checking import attempt, verdicts_of
from portal.imports.actions.holding import CHUNK, Lost, claim, release, sender, step, tell
from portal.imports.enums import ImportState, Mode, RowOutcome, RowVerdict
from portal.imports.kinds import Entry, Kind, kind_of
from portal.imports.models import ImportJob, ImportRow


class Stopped(Exception):
    """All or nothing, and one row could not be: nothing. By line why."""

    def __init__(self, reasons: dict[int, str]):
        super().__init__()
        self.reasons = reasons


def request_apply(job: ImportJob, mode: str, *, by: Actor, at: datetime) -> ImportJob:
    """Have a worker write what was checked. Asking again changes nothing."""
    with transaction.atomic():
        current = ImportJob.objects.select_for_update().get(pk=job.pk)
        if current.state in (ImportState.APPLYING, ImportState.APPLIED):
            return current
        if current.state != ImportState.CHECKED:
            raise Refused(_("Impor ini tidak menunggu penerapan."))
        kind = kind_of(current.kind)
        if kind is not None:
            require(by, kind.permission)
        if mode not in Mode.values:
            raise Refused(_("Pilih cara menerapkan impor ini."), "mode")
        if mode == Mode.ALL and current.refused:
            raise Refused(
                _("%(refused)d baris ditolak. Perbaiki, atau terapkan hanya baris yang baik.")
                % {"refused": current.refused}
            )
        if not current.new + current.changed:
            raise Refused(_("Tidak ada baris yang baru atau berubah."))
        current.state, current.mode, current.run = ImportState.APPLYING, mode, ""
        current.error, current.touched_at = "", at
        current.done, current.total = 0, current.new + current.changed
        current.save()
        after = {"mode": mode, "new": current.new, "changed": current.changed}
        record("import.apply", current, by=by, at=at, after=after)
        enqueue("imports.apply", job_id=current.pk)
    return current


def run_apply(job_id: int) -> None:
    """Write the good rows of a job, each step once, however often a worker begins."""
    waiting = ImportState.APPLYING
    job = claim(job_id, waiting, ImportState.APPLYING, at=clock.now())
    if job is None:
        return
    with translation.override(job.language):
        try:
            actor, kind = sender(job, at=clock.now())
            if job.mode == Mode.ALL:
                _apply_all(job, kind, actor)
            else:
                _apply_good(job, kind, actor)
        except Refused as refusal:
            _back(job, str(refusal.sentence), {}, at=clock.now())
        except Stopped as stop:
            _back(job, _nothing(stop.reasons), stop.reasons, at=clock.now())
        except Lost:
            return
        except Exception:
            release(job)
            raise


def _nothing(reasons: dict[int, str]) -> str:
    line, text = next(iter(reasons.items()))
    return _("Tidak ada yang ditulis. Baris %(line)d: %(reason)s") % {"line": line, "reason": text}


def _apply_all(job: ImportJob, kind: Kind, actor: Actor) -> None:
    """One transaction. It holds the job all the while: nobody takes over a worker that lives."""
    progress.note(job, 0)
    with step(job, actor) as mine:
        while rows := _next(mine):
            reasons = _write(mine, kind, actor, rows, at=clock.now())
            if reasons:
                raise Stopped(reasons)
            progress.note(mine, mine.done)
        _finish(mine, actor, at=clock.now())
    progress.forget(job)


def _apply_good(job: ImportJob, kind: Kind, actor: Actor) -> None:
    more = True
    while more:
        with step(job, actor) as mine:
            rows = _next(mine)
            more = bool(rows)
            if more:
                _write(mine, kind, actor, rows, at=clock.now())
                mine.touched_at = clock.now()
                mine.save()
            else:
                _finish(mine, actor, at=clock.now())


def _next(job: ImportJob) -> list[ImportRow]:
    return list(job.rows.pending().order_by("line")[:CHUNK])


def _write(
    job: ImportJob, kind: Kind, actor: Actor, rows: Sequence[ImportRow], *, at: datetime
) -> dict[int, str]:
    """Look at the rows again and write those that still do what was shown; returns why others do
    not, by line."""
    stale = _stale(job, kind, actor, rows, at=at)
    fresh = [row for row in rows if row.line not in stale]
    reasons = stale | _enter(kind, actor, fresh, at=at)
    for row in rows:
        late = reasons.get(row.line)
        row.outcome = RowOutcome.LEFT_OUT if late else RowOutcome.APPLIED
        row.outcome_reason = (late or "")[:500]
    ImportRow.objects.bulk_update(rows, ["outcome", "outcome_reason", "object_id"])
    job.applied += len(rows) - len(reasons)
    job.left_out += len(reasons)
    job.done += len(rows)
    return dict(sorted(reasons.items()))


def _stale(
    job: ImportJob, kind: Kind, actor: Actor, rows: Sequence[ImportRow], *, at: datetime
) -> dict[int, str]:
    """By line why a row no longer does what was shown."""
    keys = {row.line: row.key for row in rows}
    verdicts = verdicts_of(job, kind, actor, [row.values for row in rows], keys, at=at)
    found = {}
    for row, now in zip(rows, verdicts, strict=True):
        if now.verdict == RowVerdict.REFUSED:
            found[row.line] = " ".join(now.reasons.values())
        elif (now.verdict, now.before, now.after) != (row.verdict, row.before, row.after):
            found[row.line] = _(
                "Data di portal berubah sejak berkas ini diperiksa. Kirim ulang baris ini untuk "
                "melihat perbandingan yang baru."
            )
    return found


def _enter(kind: Kind, actor: Actor, rows: Sequence[ImportRow], *, at: datetime) -> dict[int, str]:
    """Call the app's action for the rows, together if it can; returns why some were refused."""
    if kind.bulk and rows and attempt(lambda: _call(kind, actor, rows, at=at)) is None:
        return {}
    found = {}
    for row in rows:
        reason = attempt(lambda row=row: _call(kind, actor, [row], at=at))
        if reason is not None:
            found[row.line] = " ".join(reason.values())
    return found


def _call(kind: Kind, actor: Actor, rows: Sequence[ImportRow], *, at: datetime) -> None:
    written = kind.apply(actor, [entry_of(row) for row in rows], at)
    for row, object_id in zip(rows, written, strict=True):
        row.object_id = object_id


def entry_of(row: ImportRow) -> Entry:
    return Entry(row.line, row.values, row.verdict, row.before, row.after, row.object_id)


def _finish(job: ImportJob, actor: Actor, *, at: datetime) -> None:
    job.state, job.run, job.touched_at, job.finished_at = ImportState.APPLIED, "", at, at
    job.save()
    after = {"applied": job.applied, "left_out": job.left_out, "refused": job.refused}
    record("import.applied", job, by=actor, at=at, after=after)
    tell("import_applied", job, at=at)


def _back(job: ImportJob, sentence: str, reasons: dict[int, str], *, at: datetime) -> None:
    """Nothing more is written. What was not written is open again, refused where a row was why."""
    progress.forget(job)
    with actor_context(SYSTEM):
        mine = ImportJob.objects.select_for_update().filter(pk=job.pk, run=job.run).first()
        if mine is None:
            return
        for row in mine.rows.filter(line__in=reasons).select_for_update():
            name = "new" if row.verdict == RowVerdict.NEW else "changed"
            setattr(mine, name, getattr(mine, name) - 1)
            mine.refused += 1
            row.verdict = RowVerdict.REFUSED
            row.reasons = [{"column": "", "cell": "", "text": reasons[row.line]}]
            row.save(update_fields=["verdict", "reasons"])
        # Step by step some rows may stand already: those are undone like any others.
        mine.state = ImportState.APPLIED if mine.applied else ImportState.CHECKED
        mine.mode = mine.mode if mine.applied else ""
        mine.run, mine.error, mine.touched_at = "", sentence[:500], at
        mine.save()
        record("import.stop", mine, by=SYSTEM, at=at, note=sentence)
        tell("import_failed", mine, at=at)
