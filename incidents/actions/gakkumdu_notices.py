"""Whom a case is told to: its desk, and before time lapses the seat that holds it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from incidents.emails import case_context, case_url
from incidents.enums.gakkumdu import RECORDER, SEATS, Seat, TimeUnit
from incidents.models import GakkumduCase
from incidents.queries.gakkumdu import clocks, limits
from incidents.queries.gakkumdu_clock import StepTime, last_day
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.notifications import cancel, notify
from portal.notifications.models import Notification


def stop_key(case: GakkumduCase) -> str:
    """What the next step of the case stops."""
    return f"gakkumdu:{case.pk}"


def tell_opened(case: GakkumduCase, *, at: datetime) -> None:
    """The whole desk learns that a case has come."""
    notify(
        "gakkumdu_opened",
        event_key=f"gakkumdu:{case.pk}:opened",
        posts=desk_posts(case),
        context=case_context(case),
        url=case_url(case),
        at=at,
        classification=case.classification,
    )


def tell_passed(case: GakkumduCase, *, at: datetime) -> None:
    """Who holds the case now learns of it; reminders of the step before stop."""
    stop_reminders(case, at=at)
    notify(
        "gakkumdu_passed",
        event_key=f"gakkumdu:{case.pk}:passed:{case.version}",
        posts=desk_posts(case, RECORDER[case.step]),
        context=case_context(case),
        url=case_url(case),
        at=at,
        classification=case.classification,
    )


def stop_reminders(case: GakkumduCase, *, at: datetime) -> int:
    return cancel(stop_key(case), at=at)


def remind_cases(*, at: datetime) -> int:
    """Warn who holds a case before its time is over, and tell the whole desk what lapsed; once per
    end of the clock. Returns how many were warned or told of."""
    told = 0
    with transaction.atomic():
        rows = GakkumduCase.objects.open().select_for_update(skip_locked=True, of=("self",))
        open_cases = list(rows.select_related("incident__type", "region").order_by("pk"))
        reckoned, known = clocks(open_cases, at), limits()
        for case in open_cases:
            step = reckoned[case.pk].current
            if step is None or step.ends_at is None:
                continue
            before = timedelta(hours=known[step.code].remind_hours)
            if step.over:
                told += bool(_tell_lapsed(case, step, at))
            elif at >= step.ends_at - before:
                told += bool(_warn(case, step, at))
    return told


def _warn(case: GakkumduCase, step: StepTime, at: datetime) -> list[Notification]:
    return notify(
        "gakkumdu_soon",
        event_key=f"{_end_key(case, step)}:soon",
        stop_key=stop_key(case),
        posts=desk_posts(case, RECORDER[case.step]),
        context=_end_context(case, step),
        url=case_url(case),
        at=at,
        classification=case.classification,
    )


def _tell_lapsed(case: GakkumduCase, step: StepTime, at: datetime) -> list[Notification]:
    return notify(
        "gakkumdu_lapsed",
        event_key=f"{_end_key(case, step)}:lapsed",
        stop_key=stop_key(case),
        posts=desk_posts(case),
        context=_end_context(case, step),
        url=case_url(case),
        at=at,
        classification=case.classification,
    )


def _end_key(case: GakkumduCase, step: StepTime) -> str:
    """An end that moves, by an extension or a corrected calendar, is told anew."""
    return f"{stop_key(case)}:{step.code}:{step.ends_at:%Y%m%dT%H%M%z}"


def _end_context(case: GakkumduCase, step: StepTime) -> dict[str, Any]:
    limit = limits()[step.code]
    words: dict[str, Any] = {"due": step.ends_at, "lapse": limit.lapse, "lapse_en": limit.lapse_en}
    if step.ends_at and step.unit != TimeUnit.HOUR:
        # 24.00 of the last day, not 00.00 of the next.
        words |= {"due": None, "last": last_day(step.ends_at)}
    return case_context(case) | words


def desk_posts(case: GakkumduCase, seat: Seat | None = None) -> list[Post]:
    """Posts at the desk whose region holds the case's, of one seat or of all three."""
    agencies = [slug for slug, held in SEATS.items() if seat in (None, held)]
    rows = Post.objects.with_role(Role.GAKKUMDU).filter(
        unit__agency__slug__in=agencies, clearance__gte=case.classification
    )
    return [
        post
        for post in rows
        if post.region_id and f"{case.region_id}.".startswith(f"{post.region_id}.")
    ]
