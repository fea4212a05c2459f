"""What an import wrote is taken back, row by row, as far as nothing was built on it since."""

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
from portal.imports.actions.applying import entry_of
from portal.imports.actions.checking import attempt
from portal.imports.actions.holding import CHUNK, Lost, claim, release, sender, step, tell
from portal.imports.enums import ImportState, RowOutcome
from portal.imports.kinds import Kind, kind_of
from portal.imports.models import ImportJob, ImportRow


def request_undo(job: ImportJob, *, by: Actor, at: datetime) -> ImportJob:
    """Have a worker take back what the import wrote. Asking again changes nothing."""
    with transaction.atomic():
        current = ImportJob.objects.select_for_update().get(pk=job.pk)
        if current.state in (ImportState.UNDOING, ImportState.UNDONE):
            return current
        if current.state != ImportState.APPLIED:
            raise Refused(_("Impor ini belum diterapkan."))
        kind = kind_of(current.kind)
        if kind is not None:
            require(by, kind.permission)
        rows = current.rows.filter(outcome__in=[RowOutcome.APPLIED, RowOutcome.KEPT])
        number = rows.update(outcome=RowOutcome.APPLIED, outcome_reason="")
        if not number:
            raise Refused(_("Tidak ada baris impor ini yang dapat dibatalkan lagi."))
        current.state, current.run, current.error = ImportState.UNDOING, "", ""
        current.done, current.total, current.kept = 0, number, 0
        current.touched_at = at
        current.save()
        record("import.undo", current, by=by, at=at, after={"rows": number})
        enqueue("imports.undo", job_id=current.pk)
    return current


def run_undo(job_id: int) -> None:
    """Take the rows back, the last first, each step once."""
    job = claim(job_id, ImportState.UNDOING, ImportState.UNDOING, at=clock.now())
    if job is None:
        return
    with translation.override(job.language):
        try:
            actor, kind = sender(job, at=clock.now())
            _undo(job, kind, actor)
        except Refused as refusal:
            _stay(job, str(refusal.sentence), at=clock.now())
        except Lost:
            return
        except Exception:
            release(job)
            raise


def _undo(job: ImportJob, kind: Kind, actor: Actor) -> None:
    more = True
    while more:
        with step(job, actor) as mine:
            applied = mine.rows.filter(outcome=RowOutcome.APPLIED)
            rows = list(applied.order_by("-line")[:CHUNK])
            more = bool(rows)
            if more:
                _take_back(mine, kind, actor, rows, at=clock.now())
            else:
                _finish(mine, actor, at=clock.now())


def _take_back(
    job: ImportJob, kind: Kind, actor: Actor, rows: Sequence[ImportRow], *, at: datetime
) -> None:
    reasons: dict[int, str] = {}
    if not kind.bulk or attempt(lambda: kind.undo(actor, [entry_of(r) for r in rows], at)):
        for row in rows:
            why = attempt(lambda row=row: kind.undo(actor, [entry_of(row)], at))
            if why is not None:
                reasons[row.line] = " ".join(why.values())
    for row in rows:
        row.outcome = RowOutcome.KEPT if row.line in reasons else RowOutcome.UNDONE
        row.outcome_reason = reasons.get(row.line, "")[:500]
    ImportRow.objects.bulk_update(rows, ["outcome", "outcome_reason"])
    job.undone += len(rows) - len(reasons)
    job.kept += len(reasons)
    job.done += len(rows)
    job.touched_at = at
    job.save()


def _finish(job: ImportJob, actor: Actor, *, at: datetime) -> None:
    job.state = ImportState.UNDONE if job.undone else ImportState.APPLIED
    job.run, job.touched_at, job.finished_at = "", at, at
    if not job.undone:
        job.error = _("Tidak ada baris yang dapat dibatalkan; alasannya tertulis pada tiap baris.")
    job.save()
    after = {"undone": job.undone, "kept": job.kept}
    record("import.undone", job, by=actor, at=at, after=after)
    tell("import_undone", job, at=at)


def _stay(job: ImportJob, sentence: str, *, at: datetime) -> None:
    """It stays applied as far as it is."""
    with actor_context(SYSTEM):
        mine = ImportJob.objects.select_for_update().filter(pk=job.pk, run=job.run).first()
        if mine is None:
            return
        mine.state, mine.run = ImportState.APPLIED, ""
        mine.error, mine.touched_at = sentence[:500], at
        mine.save()
        record("import.stop", mine, by=SYSTEM, at=at, note=sentence)
        tell("import_failed", mine, at=at)
