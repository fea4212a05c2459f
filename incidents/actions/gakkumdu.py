"""A case of Sentra Gakkumdu: moved along the legal clock, and closed."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.actions.gakkumdu_notices import stop_reminders, tell_passed
from incidents.actions.texts import refuse_tally
from incidents.enums.gakkumdu import (
    NEXT_STEP,
    RECORDER,
    Effect,
    EntryKind,
    Outcome,
    Seat,
    StepCode,
)
from incidents.models import CaseEntry, GakkumduCase
from incidents.models.desk import seat_of
from incidents.queries.gakkumdu import clock_of, limits, outcomes
from incidents.queries.gakkumdu_clock import StepTime, ends_at
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.registry.workdays import calendar
from portal.web.templatetags.portal import wita


def finish_step(
    case: GakkumduCase,
    step: str,
    *,
    happened_at: datetime,
    by: Actor,
    at: datetime,
    note: str = "",
    version: int | None = None,
) -> GakkumduCase:
    """Write down that the running step is done; the next one runs. A second call changes nothing.
    What was done after its time has lapsed cannot be written down as done."""
    with transaction.atomic():
        case = _lock(case, by)
        if case.entries.filter(kind=EntryKind.DONE, step=step).exists():
            return case
        now = _running(case, step, by, at, version)
        _check_time(now, happened_at, at)
        refuse_tally(note=note)
        _write(
            case,
            EntryKind.DONE,
            by=by,
            at=at,
            step=step,
            happened_at=happened_at,
            due_at=now.ends_at,
            text=note.strip(),
            values={"step": NEXT_STEP[step]},
        )
        tell_passed(case, at=at)
    return case


def return_file(
    case: GakkumduCase,
    *,
    happened_at: datetime,
    reason: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> GakkumduCase:
    """The prosecutor returns the file to the investigators, once. A second call is refused."""
    with transaction.atomic():
        case = _lock(case, by)
        if case.entries.filter(kind=EntryKind.RETURNED).exists():
            raise Refused(_("Berkas hanya dapat dikembalikan satu kali."))
        now = _running(case, StepCode.FILE_STUDY, by, at, version)
        _check_time(now, happened_at, at)
        _check_reason(reason)
        _write(
            case,
            EntryKind.RETURNED,
            by=by,
            at=at,
            step=StepCode.FILE_STUDY,
            happened_at=happened_at,
            due_at=now.ends_at,
            text=reason.strip(),
            values={"step": StepCode.FILE_FIX},
        )
        tell_passed(case, at=at)
    return case


def extend_step(
    case: GakkumduCase,
    step: str,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> GakkumduCase:
    """Take the extension that the law gives the running step, once, before its time is over."""
    with transaction.atomic():
        case = _lock(case, by)
        if case.entries.filter(kind=EntryKind.EXTENDED, step=step).exists():
            return case
        now = _running(case, step, by, at, version)
        limit = limits()[step]
        if not limit.extension:
            raise Refused(_("Undang-undang tidak memberi perpanjangan untuk langkah ini."))
        _check_time(now, at, at)
        _check_reason(reason)
        due = None
        if now.starts_at and limit.limit:
            due = ends_at(now.starts_at, limit.limit + limit.extension, limit.unit, calendar())
        _write(
            case,
            EntryKind.EXTENDED,
            by=by,
            at=at,
            step=step,
            happened_at=at,
            due_at=due,
            text=reason.strip(),
            values={},
        )
    return case


def close_case(
    case: GakkumduCase,
    outcome: str,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> GakkumduCase:
    """Close with an outcome. That it lapsed is the clock's to say: then no other outcome is taken,
    and before then that one is not. Bawaslu, or who writes the running step down, closes."""
    with transaction.atomic():
        case = _lock(case, by)
        if case.outcome == outcome:
            return case
        _check_open(case, version)
        if seat_of(by) not in (Seat.SUPERVISOR, RECORDER[case.step]):
            raise _not_yours(case.step)
        if outcome not in outcomes(case, clock_of(case, at)):
            raise Refused(_outcome_refusal(case, outcome, at), "outcome")
        _check_reason(reason)
        _write(
            case,
            EntryKind.CLOSED,
            by=by,
            at=at,
            step=case.step,
            happened_at=at,
            due_at=None,
            text=reason.strip(),
            values={"outcome": outcome, "closed_at": at},
        )
        stop_reminders(case, at=at)
    return case


def _outcome_refusal(case: GakkumduCase, outcome: str, at: datetime) -> str:
    if outcome == Outcome.LAPSED:
        return _("Gugur dihitung dari batas waktu, tidak ditulis; batas waktunya belum lewat.")
    if clock_of(case, at).ended:
        return _("Perkara ini gugur karena lewat batas waktu; hasil lain tidak dapat ditulis.")
    if case.step == StepCode.APPEAL:
        return _("Putusan belum tetap: banding masih dapat diajukan.")
    return _("Hasil ini tidak dapat ditulis pada langkah yang sedang berjalan.")


def _lock(case: GakkumduCase, by: Actor) -> GakkumduCase:
    case = GakkumduCase.objects.select_for_update().get(pk=case.pk)
    policy.require(by, Permission.GAKKUMDU_HANDLE, case)
    return case


def _check_open(case: GakkumduCase, version: int | None) -> None:
    if version is not None and case.version != version:
        raise Stale(
            _("Perkara ini sudah diubah orang lain sejak Anda membukanya. Periksa keadaannya."),
            current=case,
        )
    if case.outcome:
        raise Refused(_("Perkara ini sudah ditutup."))


def _running(
    case: GakkumduCase, step: str, by: Actor, at: datetime, version: int | None
) -> StepTime:
    """The running step, which must be the one meant, of the actor's seat, in a case that lives."""
    _check_open(case, version)
    if case.step != step:
        raise Refused(_("Langkah ini tidak sedang berjalan."), "step")
    if seat_of(by) != RECORDER[step]:
        raise _not_yours(step)
    reckoned = clock_of(case, at)
    if reckoned.current is None:
        raise Refused(_("Semua langkah sudah selesai."), "step")
    if reckoned.ended and reckoned.lapsed != reckoned.current:
        raise Refused(_("Perkara ini gugur karena lewat batas waktu; tutup perkaranya."))
    return reckoned.current


def _not_yours(step: str) -> Refused:
    return Refused(_("Langkah ini dicatat oleh %(seat)s.") % {"seat": RECORDER[step].label})


def _check_time(now: StepTime, happened_at: datetime, at: datetime) -> None:
    if happened_at > at:
        raise Refused(_("Waktu ini tidak dapat di masa depan."), "happened_at")
    if now.starts_at and happened_at < now.starts_at:
        raise Refused(
            _("Langkah ini baru berjalan sejak %(start)s.") % {"start": wita(now.starts_at)},
            "happened_at",
        )
    if now.ends_at and happened_at >= now.ends_at and now.effect != Effect.LATE:
        raise Refused(
            _("Batas waktunya habis %(end)s: gugur. Yang sesudah itu tidak dapat dicatat selesai.")
            % {"end": wita(now.ends_at)},
            "happened_at",
        )


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Tulis alasannya."), "reason")
    refuse_tally(reason=reason)


def _write(
    case: GakkumduCase, kind: EntryKind, *, by: Actor, at: datetime, values: dict[str, Any], **entry
) -> None:
    """The row's new values, the entry in its history, and the audit."""
    before = {name: getattr(case, name) for name in values}
    for name, value in values.items():
        setattr(case, name, value)
    case.version += 1
    case.updated_at = at
    case.save(update_fields=[*values, "version", "updated_at"])
    append(case, kind, by=by, at=at, **entry)
    record(
        f"gakkumdu.{kind.value}",
        case,
        by=by,
        at=at,
        before=before,
        after={**values, "step_done": entry["step"], "happened_at": entry["happened_at"]},
    )


def append(case: GakkumduCase, kind: EntryKind, *, by: Actor, at: datetime, **values: Any) -> None:
    """Add an entry to the history."""
    CaseEntry.objects.create(
        case=case, kind=kind, post_id=by.post_id, agency_id=by.agency_id, at=at, **values
    )
