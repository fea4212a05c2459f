"""What every step of an obligation does: lock, write with history and audit, tell, let wait."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Avg, DateTimeField, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from coordination.actions.carry_over import leave_agendas
from coordination.actions.following import promise_news
from coordination.actions.rows import lock, move_obligation, save
from coordination.actions.stops import due_key, waiting_key
from coordination.emails import obligation_context, obligation_url
from coordination.enums import (
    ANSWERS,
    OBLIGATION_WITH_AGENCY,
    ExtensionState,
    ObligationState,
    ReportKind,
    WaitKind,
)
from coordination.models import Extension, Obligation, ProgressReport, Wait
from coordination.queries.doers import doers, issuers
from coordination.queries.origin import ORIGIN, named_to
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.attachments.actions import attach
from portal.audit.record import record
from portal.notifications.actions import cancel, notify
from portal.web.language import for_everybody

RELATED = ("agency", "unit", *(f"directive__{name}" for name in ORIGIN))
LIVE = sorted(OBLIGATION_WITH_AGENCY)
WAITS_LOCK = 71_001
NO_TIME = timedelta(0)


def lock_obligation(obligation: Obligation, version: int | None = None) -> Obligation:
    """The row as it stands now. The obligation that it was passed on from is locked before it, so
    that both directions lock in one order."""
    parent = obligation.directive.parent_obligation_id
    if parent is not None:
        Obligation.objects.select_for_update(of=("self",)).get(pk=parent)
    return lock(obligation, version, *RELATED)


def lock_waits() -> None:
    """One at a time where obligations begin or cease to hold up others: no circle can close between
    two sessions. Taken before any row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WAITS_LOCK])


def same_version(obligation: Obligation, version: int | None) -> None:
    if version is not None and obligation.version != version:
        lock_obligation(obligation, version)


def check_percent(percent: int) -> None:
    if not 0 <= percent <= 100:
        raise Refused(_("Kemajuan adalah angka 0 sampai 100."), "percent")


def write(
    obligation: Obligation,
    kind: ReportKind,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    files: Iterable[Any] = (),
    **values: Any,
) -> ProgressReport:
    """The row's new values, the entry in its history with its files, and the audit. An answer of
    the doer stops what urged it to."""
    before, after = save(obligation, **values)
    _stamp(obligation, kind, at)
    if kind in ANSWERS:
        cancel(due_key(obligation), at=at)
    if "waiting_since" in after and obligation.waiting_since is None:
        cancel(waiting_key(obligation), at=at)
    report = ProgressReport.objects.create(
        obligation=obligation,
        kind=kind,
        post_id=by.post_id,
        percent=obligation.progress,
        note=note.strip(),
        obstacle=obligation.obstacle if kind in {ReportKind.BLOCKED, ReportKind.WAITING} else "",
        at=at,
    )
    for file in files:
        attach(report, file, by=by, at=at)
    promise_news(report)
    record(f"obligation.{kind}", obligation, by=by, at=at, before=before, after=after, note=note)
    if obligation.directive.parent_obligation_id is not None:
        roll_up(obligation.directive.parent_obligation_id)
    return report


def _stamp(obligation: Obligation, kind: ReportKind, at: datetime) -> None:
    """Moments that follow from the history; the ladders read them off the row."""
    moments = {"updated_at": at}
    if kind in ANSWERS:
        moments["answered_at"] = at
    if kind == ReportKind.RELEASED:
        moments["freed_at"] = at
    Obligation.objects.filter(pk=obligation.pk).update(**moments)
    for name, moment in moments.items():
        setattr(obligation, name, moment)


def subs_of(parent_id: int) -> Any:
    """What was passed on to units and counts: neither cancelled nor accepted as unfeasible."""
    rows = Obligation.objects.filter(directive__parent_obligation=parent_id)
    return rows.exclude(state__in=[ObligationState.CANCELLED, ObligationState.UNFEASIBLE])


def rolled_up(parent_id: int) -> int | None:
    """The mean progress of the units' shares, rounded down; None when nothing was passed on."""
    mean = subs_of(parent_id).aggregate(mean=Avg("progress"))["mean"]
    return None if mean is None else int(mean)


def roll_up(parent_id: int) -> None:
    """Carry the units' mean into the agency's own progress while it is at work. A derived figure:
    it has no audit of its own and makes nobody's open form stale."""
    progress = rolled_up(parent_id)
    if progress is not None:
        rows = Obligation.objects.filter(pk=parent_id, state__in=LIVE)
        rows.update(progress=progress)


def with_issuer(obligation: Obligation, at: datetime) -> dict[str, Any]:
    """From now on the issuer is to act: the due time stands still. Values for `write`."""
    if obligation.waiting_since is not None:
        return {}
    Wait.objects.create(obligation=obligation, kind=WaitKind.ISSUER, began_at=at)
    return {"waiting_since": at}


def issuer_answered(obligation: Obligation, at: datetime) -> dict[str, Any]:
    """The issuer has acted; what it took is added to the due time. Values for `write`."""
    since = obligation.waiting_since
    if since is None:
        return {}
    end_waits(obligation.waits.filter(kind=WaitKind.ISSUER), at)
    return {"waiting_since": None, "due_at": obligation.due_at + max(at - since, NO_TIME)}


def end_waits(rows: QuerySet[Wait], at: datetime) -> int:
    """End those that last; one that began later, by a clock that was set back, took no time."""
    ended_at = Greatest("began_at", Value(at, output_field=DateTimeField()))
    return rows.filter(ended_at=None).update(ended_at=ended_at)


def settle(obligation: Obligation, *, by: Actor, at: datetime) -> None:
    """What the obligation still waited or asked for has lost its object."""
    end_waits(obligation.waits.filter(kind=WaitKind.OBLIGATION), at)
    Extension.objects.filter(obligation=obligation, state=ExtensionState.ASKED).update(
        state=ExtensionState.WITHDRAWN, decided_at=at, decided_by_id=by.post_id
    )


def finish(
    obligation: Obligation,
    kind: ReportKind,
    state: ObligationState,
    *,
    by: Actor,
    at: datetime,
    note: str,
) -> ProgressReport:
    """The issuer closes it for good: nothing waits any more, neither it nor who waited for it."""
    end_waits(obligation.waits.all(), at)
    report = write(
        obligation,
        kind,
        by=by,
        at=at,
        note=note,
        state=state,
        waiting_since=None,
        closed_at=at,
        closed_by_id=by.post_id,
    )
    release(obligation, by=by, at=at)
    return report


def release(blocker: Obligation, *, by: Actor, at: datetime) -> None:
    """The obligation is finished, one way or another: it leaves the agendas to come, and who
    waited for it goes on, and is told."""
    leave_agendas(blocker, by=by, at=at)
    held = Wait.objects.filter(blocker=blocker, ended_at=None).order_by("obligation_id")
    for wait in held.select_related("obligation__directive"):
        obligation = lock_obligation(wait.obligation)
        end_waits(Wait.objects.filter(pk=wait.pk), at)
        others = obligation.waits.filter(kind=WaitKind.OBLIGATION, ended_at=None)
        if obligation.state != ObligationState.BLOCKED or others.exists():
            continue
        move_obligation(obligation, ObligationState.IN_PROGRESS)
        with for_everybody():
            words = _("%(other)s sudah ditutup.") % {"other": named_to(blocker, obligation)}
        values = {"state": ObligationState.IN_PROGRESS, "obstacle": ""}
        report = write(obligation, ReportKind.RELEASED, by=by, at=at, note=words, **values)
        tell_doer("obligation_released", obligation, report, at=at)


def tell_issuer(kind: str, obligation: Obligation, report: ProgressReport, *, at: datetime) -> None:
    tell(kind, obligation, report, posts=issuers(obligation), at=at)


def tell_doer(kind: str, obligation: Obligation, report: ProgressReport, *, at: datetime) -> None:
    tell(kind, obligation, report, at=at, **doers(obligation))


def tell(
    kind: str, obligation: Obligation, report: ProgressReport, *, at: datetime, **whom: Any
) -> None:
    notify(
        kind,
        event_key=f"obligation:{obligation.pk}:report:{report.pk}",
        context=obligation_context(obligation, note=report.obstacle or report.note),
        url=obligation_url(obligation),
        at=at,
        classification=obligation.classification,
        **whom,
    )
