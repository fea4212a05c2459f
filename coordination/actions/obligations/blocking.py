"""Waiting for another obligation: said by the doer, shown both ways, never in a circle."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from coordination.actions.obligations.doing import stop_waits, taken
from coordination.actions.obligations.steps import (
    RELATED,
    lock_obligation,
    lock_waits,
    same_version,
    tell,
    tell_issuer,
    write,
)
from coordination.actions.rows import move_obligation
from coordination.enums import OBLIGATION_CLOSED, ObligationState, ReportKind, WaitKind
from coordination.models import Obligation, Wait
from coordination.queries.doers import doers
from coordination.queries.origin import named_to
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.web.language import for_everybody


def wait_for_obligation(
    obligation: Obligation,
    blocker: Obligation,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    version: int | None = None,
) -> Obligation:
    """Say that it cannot go on before another obligation, of the same directive or in the post's
    sight. Both sides and the issuer are told; the time is kept for the scores."""
    policy.require(by, Permission.OBLIGATION_ANSWER, obligation)
    with transaction.atomic():
        lock_waits()
        obligation = taken(obligation, by=by, at=at, version=version)
        blocker = _blocker(obligation, blocker, by)
        waits = obligation.waits.filter(kind=WaitKind.OBLIGATION, ended_at=None)
        if waits.filter(blocker=blocker).exists():
            return obligation
        if obligation.state != ObligationState.BLOCKED or not waits.exists():
            move_obligation(obligation, ObligationState.BLOCKED)
        Wait.objects.create(
            obligation=obligation, kind=WaitKind.OBLIGATION, blocker=blocker, began_at=at
        )
        with for_everybody():
            words = _("Menunggu %(other)s.") % {"other": named_to(blocker, obligation)}
        report = write(
            obligation,
            ReportKind.WAITING,
            by=by,
            at=at,
            note=note,
            state=ObligationState.BLOCKED,
            obstacle=f"{words} {note.strip()}".strip()[:500],
        )
        tell_issuer("obligation_blocked", obligation, report, at=at)
        if blocker.pk != obligation.pk:
            tell("obligation_awaited", obligation, report, at=at, **doers(blocker))
    return obligation


def stop_waiting(
    obligation: Obligation,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    version: int | None = None,
) -> Obligation:
    """The doer goes on without what it waited for. A second call changes nothing."""
    policy.require(by, Permission.OBLIGATION_ANSWER, obligation)
    with transaction.atomic():
        obligation = lock_obligation(obligation)
        if not obligation.waits.filter(kind=WaitKind.OBLIGATION, ended_at=None).exists():
            return obligation
        same_version(obligation, version)
        move_obligation(obligation, ObligationState.IN_PROGRESS)
        stop_waits(obligation, at=at)
        values = {"state": ObligationState.IN_PROGRESS, "obstacle": ""}
        write(obligation, ReportKind.RELEASED, by=by, at=at, note=note, **values)
    return obligation


def _blocker(obligation: Obligation, blocker: Obligation, by: Actor) -> Obligation:
    """The other obligation as it stands now. Raises Refused where one cannot wait for it."""
    seen = Obligation.objects.visible_to(by).values("pk")
    rows = Obligation.objects.filter(Q(directive=obligation.directive_id) | Q(pk__in=seen))
    found = rows.select_related(*RELATED).filter(pk=blocker.pk).first()
    if found is None:
        raise Refused(_("Tindak lanjut itu tidak dikenal."), "blocker")
    if found.pk == obligation.pk:
        raise Refused(_("Tindak lanjut tidak dapat menunggu dirinya sendiri."), "blocker")
    if found.state in OBLIGATION_CLOSED:
        raise Refused(_("Tindak lanjut itu sudah ditutup; tidak perlu ditunggu."), "blocker")
    if obligation.pk in _reached(found.pk):
        raise Refused(
            _("%(doer)s sendiri menunggu tindak lanjut ini; keduanya akan saling menunggu.")
            % {"doer": found.doer},
            "blocker",
        )
    return found


def _reached(start: int) -> set[int]:
    """All that an obligation waits for, over however many steps; what was passed on to units is
    waited for, too."""
    reached: set[int] = set()
    edge = {start}
    while edge:
        waits = Wait.objects.filter(obligation__in=edge, blocker__isnull=False, ended_at=None)
        subs = Obligation.objects.filter(directive__parent_obligation__in=edge)
        subs = subs.exclude(state__in=sorted(OBLIGATION_CLOSED))
        following = {*waits.values_list("blocker", flat=True), *subs.values_list("pk", flat=True)}
        edge = following - reached
        reached |= edge
    return reached
