"""Following a record, and telling those who follow. News to followers is information, no duty."""

from datetime import datetime
from typing import Any

from django.db import transaction

from coordination.emails import (
    directive_context,
    directive_url,
    meeting_context,
    meeting_url,
    obligation_context,
    obligation_url,
)
from coordination.models import Directive, Following, Meeting, Obligation, ProgressReport
from coordination.queries.following import followers, noun
from coordination.queries.readers import Record, ex_officio
from portal.access.actor import Actor
from portal.accounts.enums import Role
from portal.audit.record import record
from portal.background import enqueue
from portal.notifications.actions import notify


def choose_following(record_: Record, *, by: Actor, at: datetime, following: bool) -> Following:
    """Follow it, or hear of it no more, also where the post follows by its office. The record is
    one that the post sees. A second call changes nothing."""
    target: dict[str, Any] = {noun(record_): record_}
    with transaction.atomic():
        known = Following.objects.select_for_update().filter(post_id=by.post_id, **target).first()
        if known is not None and known.is_on == following:
            return known
        row, _created = Following.objects.update_or_create(
            post_id=by.post_id, **target, defaults={"is_on": following, "at": at}
        )
        after = {noun(record_): record_.pk}
        if following:
            record("following.begin", row, by=by, at=at, after=after)
        else:
            record("following.end", row, by=by, at=at, after=after)
    return row


def promise_news(report: ProgressReport) -> None:
    """Followers are told once the change is committed, by a worker: whom the change itself obliges
    has his own notice by then, and gets no second one."""
    enqueue("coordination.tell_followers", key=f"followers:{report.pk}", report_id=report.pk)


def tell_followers(report: ProgressReport) -> None:
    """Tell who follows the obligation what its history says now; never the post that wrote it."""
    obligation = report.obligation
    notify(
        "obligation_followed",
        event_key=f"obligation:{obligation.pk}:report:{report.pk}",
        posts=followers(obligation).exclude(pk=report.post_id),
        context=obligation_context(obligation, note=report.obstacle or report.note)
        | {"change": report.kind},
        url=obligation_url(obligation),
        at=report.at,
        duty=False,
        classification=obligation.classification,
    )


def tell_directive_followers(directive: Directive, *, at: datetime, key: str) -> None:
    """What was cancelled: to who chose to follow the directive. Whose obligation ends with it has
    his own notice."""
    notify(
        "directive_followed",
        event_key=f"directive:{directive.pk}:{key}",
        posts=followers(directive).exclude(pk__in=ex_officio(directive).values("pk")),
        context=directive_context(directive) | {"change": key},
        url=directive_url(directive),
        at=at,
        duty=False,
        classification=directive.classification,
    )


def tell_meeting_followers(meeting: Meeting, *, kind: str, key: str, at: datetime) -> None:
    """A change that the seats were just told of: to who follows the meeting and has no seat. The
    host's coordinators made it."""
    notify(
        kind,
        event_key=f"meeting:{meeting.pk}:{key}",
        posts=followers(meeting).exclude(
            unit__agency=meeting.host_agency_id, roles__contains=[Role.COORDINATOR]
        ),
        context=meeting_context(meeting),
        url=meeting_url(meeting),
        at=at,
        duty=False,
        classification=meeting.classification,
    )


def tell_comment_followers(
    obligation: Obligation, *, agency_id: int | None, by: Actor, at: datetime, key: str
) -> None:
    """A new comment: to who follows, of an internal one only inside the agency."""
    posts = followers(obligation).exclude(pk=by.post_id)
    if agency_id is not None:
        posts = posts.filter(unit__agency=agency_id)
    notify(
        "comment_added",
        event_key=key,
        posts=posts,
        context=obligation_context(obligation) | {"author": by.post_title},
        url=f"{obligation_url(obligation)}#komentar",
        at=at,
        duty=False,
        classification=obligation.classification,
    )
