"""The dry run: every row of a file judged, nothing written."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal import clock
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.imports.actions.holding import CHUNK, Lost, claim, fail, release, sender, step, tell
from portal.imports.enums import WRITES, ImportState, RowVerdict
from portal.imports.kinds import Entry, Kind, Values, Verdict, refused
from portal.imports.models import ImportJob, ImportRow
from portal.imports.reading import Reading, ReadRow, reading

COUNTS = {
    RowVerdict.NEW: "new",
    RowVerdict.CHANGED: "changed",
    RowVerdict.SAME: "same",
    RowVerdict.REFUSED: "refused",
}


def run_check(job_id: int) -> None:
    """Judge the rows of a file in steps, as the post that sent it and with the rights it has now.
    What a worker that died has judged is not judged again."""
    job = claim(job_id, ImportState.UPLOADED, ImportState.CHECKING, at=clock.now())
    if job is None:
        return
    with translation.override(job.language):
        try:
            actor, kind = sender(job, at=clock.now())
            with reading(kind, job.source, Path(settings.MEDIA_ROOT, job.path)) as found:
                _check(job, kind, actor, found)
        except Refused as refusal:
            fail(job, str(refusal.sentence), at=clock.now())
        except Lost:
            return
        except Exception:
            release(job)
            raise


def _check(job: ImportJob, kind: Kind, actor: Actor, found: Reading) -> None:
    last = job.rows.order_by("-line").values_list("line", flat=True).first() or 0
    rows = (row for row in found.rows() if row.line > last)
    for chunk in _chunks(rows):
        with step(job, actor) as mine:
            _judge(mine, kind, actor, chunk, at=clock.now())
            mine.total = max(mine.done, found.estimate)
            mine.touched_at = clock.now()
            mine.save()
    with step(job, actor) as mine:
        at = clock.now()
        mine.state, mine.run, mine.total = ImportState.CHECKED, "", mine.done
        mine.notices, mine.touched_at = found.notices, at
        mine.save()
        tell("import_checked", mine, at=at)


def _chunks(rows: Iterator[ReadRow]) -> Iterator[list[ReadRow]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _judge(
    job: ImportJob, kind: Kind, actor: Actor, rows: Sequence[ReadRow], *, at: datetime
) -> None:
    """Write one step's rows with their verdicts."""
    keys = {row.line: "" if row.reasons else kind.key(row.values)[:300] for row in rows}
    twice = _twice(job, rows, keys)
    _tell_whole(kind, actor, [row for row in rows if row.reasons], at=at)
    sound = [row for row in rows if not row.reasons and row.line not in twice]
    verdicts = verdicts_of(job, kind, actor, [row.values for row in sound], keys, at=at)
    judged = dict(zip([row.line for row in sound], verdicts, strict=True))
    if kind.rehearse:
        rehearse(kind, actor, sound, judged, at=at)
    written = []
    for row in rows:
        found = judged.get(row.line)
        if row.line in twice:
            found = refused({"": _repeated(row, twice[row.line], judged)})
        written.append(_row(job, row, keys[row.line], found))
    ImportRow.objects.bulk_create(written)
    for verdict, number in Counter(row.verdict for row in written).items():
        name = COUNTS[RowVerdict(verdict)]
        setattr(job, name, getattr(job, name) + number)
    job.done += len(written)


def _tell_whole(kind: Kind, actor: Actor, rows: Sequence[ReadRow], *, at: datetime) -> None:
    """Add to what could not be read what else is wrong with these rows."""
    if kind.faults is None or not rows:
        return
    for row, faults in zip(rows, kind.faults(actor, [row.values for row in rows], at), strict=True):
        known = {reason["column"] for reason in row.reasons}
        row.reasons += _told({name: text for name, text in faults.items() if name not in known})


def _twice(
    job: ImportJob, rows: Sequence[ReadRow], keys: dict[int, str]
) -> dict[int, ReadRow | ImportRow]:
    """By line the first row of the file that is about the same thing, whatever became of it."""
    wanted = {key for key in keys.values() if key}
    known: dict[str, ReadRow | ImportRow] = {
        row.key: row for row in job.rows.filter(key__in=wanted).order_by("-line")
    }
    found = {}
    for row in rows:
        key = keys[row.line]
        if key and key in known:
            found[row.line] = known[key]
        elif key:
            known[key] = row
    return found


def _repeated(row: ReadRow, first: ReadRow | ImportRow, judged: Mapping[int, Verdict]) -> str:
    """Why a row about the same thing as an earlier one is refused: is it the same, does that one
    stand?"""
    verdict = first if isinstance(first, ImportRow) else judged[first.line]
    stands = verdict.verdict != RowVerdict.REFUSED
    if row.values == first.values and stands:
        sentence = _("Sama dengan baris %(line)d dalam berkas ini.")
    elif row.values == first.values:
        sentence = _("Sama dengan baris %(line)d dalam berkas ini, yang juga ditolak.")
    elif stands:
        sentence = _(
            "Menyebut hal yang sama dengan baris %(line)d, tetapi isinya lain; yang berlaku baris "
            "%(line)d."
        )
    else:
        sentence = _(
            "Menyebut hal yang sama dengan baris %(line)d, tetapi isinya lain, dan baris "
            "%(line)d ditolak: sisakan satu baris yang benar."
        )
    return sentence % {"line": first.line}


def verdicts_of(
    job: ImportJob,
    kind: Kind,
    actor: Actor,
    rows: Sequence[Values],
    keys: dict[int, str],
    *,
    at: datetime,
) -> list[Verdict]:
    """What the rows would do as things stand."""
    return list(kind.check(actor, rows, at, _brought(job, set(keys.values())))) if rows else []


def _brought(job: ImportJob, here: Set[str]) -> Callable[[Set[str]], Set[str]]:
    """Which of some keys other rows of the file bring."""

    def brought(keys: Set[str]) -> Set[str]:
        earlier = job.rows.filter(key__in=keys).exclude(verdict=RowVerdict.REFUSED)
        return set(earlier.values_list("key", flat=True)) | (set(keys) & here)

    return brought


def rehearse(
    kind: Kind,
    actor: Actor,
    rows: Sequence[ReadRow],
    judged: dict[int, Verdict],
    *,
    at: datetime,
) -> None:
    """Do it, note what the actions refuse, and take everything back."""
    with transaction.atomic():
        for row in rows:
            verdict = judged[row.line]
            if verdict.verdict not in WRITES:
                continue
            entry = Entry(
                row.line,
                row.values,
                verdict.verdict,
                verdict.before,
                verdict.after,
                verdict.object_id,
            )
            reason = attempt(lambda entry=entry: kind.apply(actor, [entry], at))
            if reason is not None:
                judged[row.line] = refused(reason)
        transaction.set_rollback(True)


def attempt(call: Callable[[], Any]) -> dict[str, str] | None:
    """Run it in a transaction of its own; returns why it was refused, by column, or None."""
    try:
        with transaction.atomic():
            call()
    except Refused as refusal:
        return {refusal.field or "": str(refusal.sentence)}
    except IntegrityError:
        return {"": _("Basis data menolak baris ini: bertentangan dengan data yang ada.")}
    return None


def _row(job: ImportJob, read: ReadRow, key: str, verdict: Verdict | None) -> ImportRow:
    """Without a verdict it could not be read."""
    row = ImportRow(job=job, line=read.line, key=key, raw=read.raw, values=read.values)
    if verdict is None:
        row.verdict, row.reasons = RowVerdict.REFUSED, read.reasons
    else:
        row.verdict, row.object_id = verdict.verdict, verdict.object_id
        row.before, row.after = verdict.before, verdict.after
        row.reasons = reasons_of(verdict)
    return row


def reasons_of(verdict: Verdict) -> list[dict[str, str]]:
    return _told(verdict.reasons)


def _told(reasons: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"column": name, "cell": "", "text": str(text)} for name, text in reasons.items()]
