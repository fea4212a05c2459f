"""Rows of the meeting pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.enums import (
    AGENDA_OPEN,
    ANSWER_BADGES,
    MEETING_BADGES,
    MEETING_EDITABLE,
    Answer,
    MeetingState,
    MinutesState,
)
from coordination.models import Attendance, Invitation, Meeting, MeetingSeries, Minutes
from coordination.queries.agenda import items_for
from coordination.queries.attendance import (
    arriving,
    attendance_rows,
    invited_agencies,
    own_line,
    signing_late,
)
from coordination.queries.seats import seat_rows
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.access.policy import may

STANDING = Q(invitations__withdrawn_at__isnull=True)
"""Seats that were not withdrawn."""
__all__ = ["attendance_rows", "seat_rows"]


def meetings(actor: Actor) -> QuerySet[Meeting]:
    """What the post sees, newest first, with the seats and answers counted."""
    return (
        Meeting.objects.visible_to(actor)
        .select_related("host_agency")
        .annotate(
            invited=Count("invitations", filter=STANDING),
            answered=Count("invitations", filter=STANDING & ~Q(invitations__answer=Answer.PENDING)),
        )
        .order_by("-starts_at", "-pk")
    )


@dataclass(frozen=True)
class MeetingRow:
    title: str
    number: str
    url: str
    starts_at: datetime
    place: str
    host: str
    kind: str
    state: tuple[str, str]
    classification: str
    invited: int
    answered: int
    illustrative: bool


def meeting_rows(rows: Iterable[Any]) -> list[MeetingRow]:
    return [
        MeetingRow(
            title=row.title,
            number=row.number,
            url=reverse("coordination:meeting_detail", args=[row.pk]),
            starts_at=row.starts_at,
            place=row.place,
            host=row.host_agency.short_name,
            kind=row.get_kind_display(),
            state=(MEETING_BADGES[row.state], row.get_state_display()),
            classification=row.get_classification_display(),
            invited=row.invited,
            answered=row.answered,
            illustrative=row.illustrative,
        )
        for row in rows
    ]


def loaded(actor: Actor) -> QuerySet[Meeting]:
    """For the page of one meeting: everything on it in a constant number of queries."""
    return (
        Meeting.objects.visible_to(actor)
        .select_related("host_agency", "host_unit", "operation", "series")
        .prefetch_related(
            Prefetch("agenda", items_for(actor)),
            Prefetch(
                "invitations",
                Invitation.objects.select_related("agency").order_by("agency__position", "pk"),
            ),
            Prefetch("attendance", Attendance.objects.select_related("agency", "recorded_by")),
        )
    )


def series_url(series: MeetingSeries) -> str:
    return reverse("coordination:series_detail", args=[series.pk])


def meeting_facts(meeting: Meeting) -> list[dict[str, Any]]:
    chair = " – ".join(part for part in (meeting.chair_office, meeting.chair_name) if part)
    series = meeting.series
    facts: list[dict[str, Any]] = [
        {"label": _("Jenis"), "value": meeting.get_kind_display()},
        {"label": _("Tempat"), "value": meeting.place},
        {"label": _("Tuan rumah"), "value": meeting.host_agency.name},
        {"label": _("Pimpinan rapat"), "value": chair},
        {"label": _("Operasi"), "value": meeting.operation.name},
        {"label": _("Klasifikasi"), "value": Classification(meeting.classification).label},
    ]
    optional: list[tuple[Any, Any, Any]] = [
        (_("Seri"), series and series.title, series and series_url(series)),
        (_("Pakaian"), meeting.dress, None),
        (_("Tautan daring"), meeting.virtual_link, meeting.virtual_link),
        (_("Alasan"), meeting.state_reason, None),
        (_("Sumber"), meeting.source, None),
    ]
    return facts + [{"label": name, "value": v, "url": url} for name, v, url in optional if v]


def answer_counts(meeting: Meeting) -> list[tuple[str, str, int]]:
    """(badge kind, label, seats) for each answer that occurs among the letters that went out."""
    standing = [seat for seat in meeting.invitations.all() if seat.withdrawn_at is None]
    seats = [seat for seat in standing if seat.sent_at is not None]
    counted = [
        (ANSWER_BADGES[answer], answer.label, sum(seat.answer == answer for seat in seats))
        for answer in (Answer.ATTENDING, Answer.REPRESENTED, Answer.ABSENT, Answer.PENDING)
    ]
    return [entry for entry in counted if entry[2]]


def own_seat(meeting: Meeting, actor: Actor) -> Invitation | None:
    """The seat of the actor's agency, if its letter has gone out."""
    standing = (seat for seat in meeting.invitations.all() if seat.withdrawn_at is None)
    seats = (seat for seat in standing if seat.sent_at is not None)
    return next((seat for seat in seats if seat.agency_id == actor.agency_id), None)


def possible(meeting: Meeting, minutes: Minutes | None, actor: Actor, at: datetime) -> set[str]:
    """Which actions the page offers: what the table of moves and the post's rights allow."""
    state = meeting.state
    found = set()
    if may(actor, Permission.MEETING_PLAN, meeting):
        if state in MEETING_EDITABLE:
            found |= {"edit", "cancel", "withdraw"}
        if state in AGENDA_OPEN:
            found.add("agenda")
        if state == MeetingState.HELD and meeting.series_id:
            found.add("carry")
        if state in {MeetingState.DRAFT, MeetingState.POSTPONED}:
            found.add("schedule")
        if state == MeetingState.SCHEDULED:
            found.add("postpone")
    if may(actor, Permission.MEETING_RUN, meeting):
        if state == MeetingState.SCHEDULED:
            found.add("start")
        if state == MeetingState.IN_SESSION:
            found |= {"close", "step"}
        if state in {MeetingState.SCHEDULED, MeetingState.IN_SESSION, MeetingState.HELD}:
            found.add("attendance")
        if arriving(meeting, at):
            found.add("desk")
    if state in {MeetingState.DRAFT, MeetingState.POSTPONED} and may(
        actor, Permission.MEETING_PLAN, meeting
    ):
        found.add("letter")
    if (
        state == MeetingState.HELD
        and may(actor, Permission.MEETING_ATTEND)
        and signing_late(meeting)
        and actor.agency_id in invited_agencies(meeting) | {meeting.host_agency_id}
        and own_line(meeting, actor) is None
    ):
        found.add("sign_late")
    running = state in {MeetingState.IN_SESSION, MeetingState.HELD}
    writable = minutes is None or minutes.is_draft
    if running and writable and may(actor, Permission.MINUTES_WRITE, meeting):
        found.add("minutes")
        if minutes is not None and may(actor, Permission.DIRECTIVE_ISSUE):
            found.add("direct")
    if state == MeetingState.HELD and minutes is not None:
        signed = minutes.state == MinutesState.SIGNED
        heard = minutes.object_until is None or minutes.object_until <= at
        if not signed and heard and may(actor, Permission.MINUTES_SIGN, meeting):
            found.add("sign")
        if signed and may(actor, Permission.MINUTES_PUBLISH, meeting):
            found.add("publish")
    seat = own_seat(meeting, actor)
    answerable = state == MeetingState.SCHEDULED and meeting.starts_at > at
    if seat is not None and answerable and may(actor, Permission.INVITATION_ANSWER, seat):
        found.add("answer")
    return found
