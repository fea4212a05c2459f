"""What the roof shows of coordination: duties, meetings to come, counts, calendar."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t

from coordination.enums import (
    MEETING_BADGES,
    OBLIGATION_WITH_ISSUER,
    Answer,
    MeetingState,
    ObligationState,
)
from coordination.models import Invitation, Meeting, Obligation
from coordination.models.obligation import late
from coordination.queries.duties import WaitingItem, answered_by, verified_by_post
from coordination.queries.minutes_duties import (
    minutes_to_publish,
    minutes_to_read,
    minutes_to_sign,
    objections_to_answer,
)
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.notifications.overdue import LateItem

DUE_SOON = timedelta(days=3)
LIMIT = 50


STANDING = Q(invitations__withdrawn_at__isnull=True)


def waiting_for(
    actor: Actor, at: datetime, limit: int = LIMIT, soon: timedelta = DUE_SOON
) -> list[WaitingItem]:
    """What the post must do: overdue first, then by due time. Unacknowledged, overdue or soon due
    (within `soon`) obligations and unanswered invitations of an agency; what the issuer is to
    decide; minutes that wait for the agency's eye, an answer, a signature or publication."""
    items: list[WaitingItem] = []
    if Permission.OBLIGATION_ANSWER in actor.permissions:
        items += _own_obligations(actor, at, limit, soon)
    if Permission.INVITATION_ANSWER in actor.permissions:
        items += _own_invitations(actor, at, limit)
    if Permission.OBLIGATION_VERIFY in actor.permissions:
        items += _verifications(actor, limit)
    if Permission.MINUTES_OBJECT in actor.permissions:
        items += minutes_to_read(actor, at, limit)
    if Permission.MINUTES_WRITE in actor.permissions:
        items += objections_to_answer(actor, limit)
    if Permission.MINUTES_SIGN in actor.permissions:
        items += minutes_to_sign(actor, at, limit)
    if Permission.MINUTES_PUBLISH in actor.permissions:
        items += minutes_to_publish(actor, limit)
    far = datetime.max.replace(tzinfo=at.tzinfo)
    return sorted(items, key=lambda item: (not item.overdue, item.due_at or far))[:limit]


def _own_obligations(actor: Actor, at: datetime, limit: int, soon: timedelta) -> list[WaitingItem]:
    rows = Obligation.objects.visible_to(actor).with_agency().filter(answered_by(actor))
    rows = rows.filter(Q(state=ObligationState.OPEN) | Q(due_at__lt=at + soon))
    rows = rows.select_related("directive").order_by("due_at", "pk")[:limit]
    return [
        WaitingItem(
            kind="obligation",
            title=row.directive.title,
            url=reverse("coordination:obligation_detail", args=[row.pk]),
            due_at=row.due_at,
            overdue=row.is_overdue(at),
            badge=_obligation_badge(row, at),
        )
        for row in rows
    ]


def late_obligations(actor: Actor, at: datetime) -> list[LateItem]:
    """The own agency's share of directives that is overdue, for its inbox; one query."""
    rows = Obligation.objects.visible_to(actor).filter(answered_by(actor)).overdue(at)
    return [
        LateItem(
            title=row.directive.title,
            note=f"{row.directive.number} · {row.get_state_display()}",
            url=reverse("coordination:obligation_detail", args=[row.pk]),
            due_at=row.due_at,
        )
        for row in rows.select_related("directive").defer("stems", "directive__stems")
    ]


def _obligation_badge(row: Obligation, at: datetime) -> tuple[str, str]:
    if row.is_overdue(at):
        return "danger", _("Terlambat")
    if row.state == ObligationState.OPEN:
        return "silent", row.get_state_display()
    return "warning", _("Segera jatuh tempo")


def _own_invitations(actor: Actor, at: datetime, limit: int) -> list[WaitingItem]:
    rows = (
        Invitation.objects.visible_to(actor)
        .standing()
        .filter(
            agency_id=actor.agency_id,
            answer=Answer.PENDING,
            meeting__state=MeetingState.SCHEDULED,
            meeting__starts_at__gt=at,
        )
        .select_related("meeting")
        .order_by("meeting__starts_at", "pk")[:limit]
    )
    return [
        WaitingItem(
            kind="invitation",
            title=row.meeting.title,
            url=reverse("coordination:invitation_answer", args=[row.pk]),
            due_at=row.meeting.starts_at,
            overdue=False,
            badge=("silent", _("Undangan belum dijawab")),
        )
        for row in rows
    ]


DECISIONS: dict[str, Any] = {
    ObligationState.AWAITING: _t("Menunggu verifikasi"),
    ObligationState.VERIFIED: _t("Menunggu penutupan"),
    ObligationState.DECLARED: _t("Tidak dapat dilaksanakan?"),
}


def _verifications(actor: Actor, limit: int) -> list[WaitingItem]:
    rows = (
        Obligation.objects.visible_to(actor)
        .filter(verified_by_post(actor), waiting_since__isnull=False)
        .exclude(submitted_by_id=actor.post_id)
        .select_related("directive", "agency", "unit")
        .order_by("due_at", "pk")[:limit]
    )
    return [
        WaitingItem(
            kind="verification",
            title=f"{row.doer}: {row.directive.title}",
            url=reverse("coordination:obligation_detail", args=[row.pk]),
            due_at=row.due_at,
            overdue=False,
            badge=("warning", DECISIONS.get(row.state, _("Perpanjangan dimohon"))),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class UpcomingMeeting:
    title: str
    url: str
    starts_at: datetime
    ends_at: datetime
    place: str
    state: tuple[str, str]
    invited: int
    answered: int
    illustrative: bool


def upcoming_meetings(actor: Actor, at: datetime, limit: int = 5) -> list[UpcomingMeeting]:
    """Meetings called for and not over, the next one first, with how many seats answered."""
    rows = (
        Meeting.objects.visible_to(actor)
        .upcoming(at)
        .annotate(
            invited=Count("invitations", filter=STANDING),
            answered=Count("invitations", filter=STANDING & ~Q(invitations__answer=Answer.PENDING)),
        )
        .order_by("starts_at", "pk")[:limit]
    )
    return [
        UpcomingMeeting(
            title=row.title,
            url=reverse("coordination:meeting_detail", args=[row.pk]),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            place=row.place,
            state=(MEETING_BADGES[row.state], row.get_state_display()),
            invited=row.invited,
            answered=row.answered,
            illustrative=row.illustrative,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class ObligationSummary:
    """Counts over the obligations that the post sees; `overdue` overlaps with the open states."""

    total: int
    unacknowledged: int
    in_progress: int
    blocked: int
    awaiting: int
    done: int
    overdue: int

    @property
    def unfinished(self) -> int:
        return self.unacknowledged + self.in_progress + self.blocked + self.awaiting

    @property
    def percent_done(self) -> int:
        return round(100 * self.done / self.total) if self.total else 0


def obligation_summary(
    actor: Actor, at: datetime, rows: QuerySet[Obligation] | None = None
) -> ObligationSummary:
    """One query, over all that the post sees or over a filtered part of it. What was cancelled or
    accepted as unfeasible counts nowhere."""
    state = ObligationState
    working = [state.ACKNOWLEDGED, state.IN_PROGRESS]
    if rows is None:
        rows = Obligation.objects.visible_to(actor)
    return ObligationSummary(
        **rows.order_by()
        .exclude(state__in=[state.CANCELLED, state.UNFEASIBLE])
        .aggregate(
            total=Count("pk"),
            unacknowledged=Count("pk", filter=Q(state=state.OPEN)),
            in_progress=Count("pk", filter=Q(state__in=working)),
            blocked=Count("pk", filter=Q(state=state.BLOCKED)),
            awaiting=Count("pk", filter=Q(state__in=sorted(OBLIGATION_WITH_ISSUER))),
            done=Count("pk", filter=Q(state=state.DONE)),
            overdue=Count("pk", filter=late(at)),
        )
    )
