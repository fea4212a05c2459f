"""The ladders: what has come due by now and was not said yet is said, once.

Each sweep looks at the present state, so a sweep that was missed is caught up by the next one; what
has lost its sense meanwhile is not said any more. A row that somebody is just answering is locked,
and waits for the next sweep.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.actions.invitations import reminder_key
from coordination.actions.stops import acknowledge_key, due_key, waiting_key
from coordination.emails import (
    invitation_context,
    meeting_url,
    obligation_context,
    obligation_url,
    stamp,
)
from coordination.enums import Answer, MeetingState, Occasion, ReminderOutcome, Rung
from coordination.models import Invitation, Obligation, Reminder
from coordination.queries import recipients, rungs, sweep
from coordination.queries.origin import ORIGIN, from_closed_item
from portal.access.permissions import Permission
from portal.access.roles import permissions_of
from portal.accounts.models import Post
from portal.notifications.actions import notify
from portal.web.language import for_everybody

DAY = timedelta(days=1)
SOON = timedelta(hours=2)
BATCH = 200
STOPS: dict[str, Callable[[Obligation], str]] = {
    Occasion.UNACKNOWLEDGED: acknowledge_key,
    Occasion.DUE_SOON: due_key,
    Occasion.OVERDUE: due_key,
    Occasion.WAITING: waiting_key,
}
"""Under which key the answer to each occasion stops what was said."""

logger = logging.getLogger(__name__)


def remind_meetings(*, at: datetime) -> int:
    """Tomorrow, and in two hours: to seats that have not declined. Returns how many it reminded."""
    return _remind_seats(Rung.MEETING_TOMORROW, SOON, DAY, at=at) + _remind_seats(
        Rung.MEETING_SOON, timedelta(0), SOON, at=at
    )


def remind_obligations(*, at: datetime) -> int:
    """Say what the ladders have due; returns how many rungs it said.

    Finding costs the same queries however many obligations there are. What was found is locked and
    looked at again: who answered meanwhile is not reminded, and what another sweep said is not said
    twice. The decision and its messages are one transaction: a worker that dies in between leaves
    neither, and the next sweep has both. A sweep that was missed for hours says the highest rung
    that is due and notes the lower ones as passed over.
    """
    ladders = rungs.ladders()
    due = sweep.due_obligations(ladders, at)
    if not due:
        return 0
    with transaction.atomic():
        found = list(
            Obligation.objects.filter(pk__in=due)
            .select_related("agency", "unit", *(f"directive__{name}" for name in ORIGIN))
            .order_by("pk")
            .select_for_update(of=("self",), skip_locked=True)
        )
        courses = rungs.courses(found)
        offices = recipients.offices(found, at)
        return sum(
            _climb(obligation, step, offices, at=at)
            for obligation in found
            for step in rungs.due_now(courses[obligation.pk], ladders, at)
        )


def _remind_seats(rung: Rung, after: timedelta, before: timedelta, *, at: datetime) -> int:
    """Seats whose meeting begins in more than `after` and at most `before`, and whose letter had
    gone out by the time the rung came due."""
    said = Reminder.objects.filter(
        invitation=OuterRef("pk"), rung=rung, counted_from=OuterRef("meeting__starts_at")
    )
    seats = Invitation.objects.filter(
        ~Exists(said),
        withdrawn_at__isnull=True,
        meeting__state=MeetingState.SCHEDULED,
        meeting__starts_at__gt=at + after,
        meeting__starts_at__lte=at + before,
        sent_at__lte=F("meeting__starts_at") - before,
    ).exclude(answer=Answer.ABSENT)
    with transaction.atomic():
        due = list(
            seats.select_related("meeting", "agency")
            .order_by("pk")
            .select_for_update(of=("self",), skip_locked=True)[:BATCH]
        )
        for seat in due:
            starts_at = seat.meeting.starts_at
            Reminder.objects.create(rung=rung, invitation=seat, counted_from=starts_at, sent_at=at)
            notify(
                str(rung),
                event_key=f"invitation:{seat.pk}:{rung}:{stamp(starts_at)}",
                agencies=[seat.agency],
                context=invitation_context(seat),
                url=meeting_url(seat.meeting),
                at=at,
                classification=seat.meeting.classification,
                stop_key=reminder_key(seat),
            )
    return len(due)


def _climb(
    obligation: Obligation, due: rungs.Due, offices: recipients.Offices, *, at: datetime
) -> int:
    """Write the rung down and tell its posts; the lower ones are passed over."""
    told = offices.told(due.rung.recipient, obligation)
    if not told.posts:
        logger.error("nobody holds a post to be reminded of obligation %s", obligation.pk)
    common = {
        "obligation": obligation,
        "rung": due.rung.occasion,
        "counted_from": due.counted_from,
        "sent_at": at,
    }
    Reminder.objects.bulk_create(
        Reminder(
            **common,
            step=rung,
            after=rung.after,
            wanted=rung.recipient,
            outcome=ReminderOutcome.PASSED,
        )
        for rung in due.lower
    )
    Reminder.objects.create(
        **common,
        step=due.rung,
        after=due.rung.after,
        wanted=due.rung.recipient,
        recipient=told.recipient,
        told=list(told.titles),
    )
    context = obligation_context(obligation) | {
        "instead": told.recipient != due.rung.recipient,
        "to_issuer": told.recipient not in recipients.OF_AGENCY,
    }
    moment = stamp(due.counted_from)
    for url, posts in _pages(obligation, told).items():
        words = context
        if url != obligation_url(obligation) and from_closed_item(obligation.directive):
            # Who keeps the settings reminds the others, and is not let into the item by that.
            with for_everybody():
                words = context | {"title": _("Butir tertutup"), "text": ""}
        notify(
            f"obligation_{due.rung.occasion}",
            event_key=f"obligation:{obligation.pk}:{due.rung.occasion}:{due.rung.pk}:{moment}",
            posts=posts,
            context=words,
            url=url,
            at=at,
            classification=obligation.classification,
            stop_key=STOPS[due.rung.occasion](obligation),
        )
    return 1


def _pages(obligation: Obligation, told: recipients.Told) -> dict[str, list[Post]]:
    """The page each post is led to: who may not open the obligation is told all in the inbox."""
    found: dict[str, list[Post]] = {}
    for post in told.posts:
        may_open = Permission.OBLIGATION_VIEW in permissions_of(post.roles)
        page = obligation_url(obligation) if may_open else reverse("notifications:inbox")
        found.setdefault(page, []).append(post)
    return found
