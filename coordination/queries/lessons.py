"""Rows of the pages of bahan evaluasi."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.enums import (
    LESSON_BADGES,
    LESSON_RAISED_IN,
    MEETING_EDITABLE,
    LessonState,
)
from coordination.models import AgendaItem, Directive, Lesson, Meeting, Minutes, MinutesSection
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may

LIMIT = 20


def lessons(actor: Actor) -> QuerySet[Lesson]:
    """What the post sees, unresolved first, then the newest."""
    rank = Case(
        When(state=LessonState.OPEN, then=Value(0)),
        When(state=LessonState.FOLLOWED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (
        Lesson.objects.visible_to(actor)
        .select_related("owner_agency", "operation", "meeting")
        .order_by(rank, "-created_at", "-pk")
    )


@dataclass(frozen=True)
class LessonRow:
    title: str
    url: str
    kind: str
    state: tuple[str, str]
    owner: str
    operation: str
    meeting: str
    raised_at: datetime
    illustrative: bool
    take_url: str = ""
    taken: bool = False


def lesson_rows(
    rows: Iterable[Lesson], meeting: Meeting | None = None, taken: frozenset[int] = frozenset()
) -> list[LessonRow]:
    """`meeting` is the one whose agenda a row can be put on, `taken` what is on it."""
    return [
        LessonRow(
            title=row.title,
            url=reverse("coordination:lesson_detail", args=[row.pk]),
            kind=row.get_kind_display(),
            state=(LESSON_BADGES[row.state], row.get_state_display()),
            owner=row.owner_agency.short_name,
            operation=row.operation.name,
            meeting=row.meeting.number,
            raised_at=row.created_at,
            illustrative=row.illustrative,
            take_url=reverse("coordination:lesson_take", args=[row.pk, meeting.pk])
            if meeting
            else "",
            taken=row.pk in taken,
        )
        for row in rows
    ]


def meeting_lessons(meeting: Meeting, actor: Actor) -> dict[str, Any]:
    """What was raised in this rakor; and, while it is being planned, what earlier operations left
    to it."""
    raised = lessons(actor).filter(meeting=meeting)
    opened = meeting.state in LESSON_RAISED_IN
    earlier: list[LessonRow] = []
    if meeting.state in MEETING_EDITABLE and may(actor, Permission.MEETING_PLAN, meeting):
        taken = frozenset(meeting.agenda.exclude(lesson=None).values_list("lesson_id", flat=True))
        earlier = lesson_rows(_earlier(meeting, actor)[:LIMIT], meeting, taken)
    return {
        "raised": lesson_rows(raised) if opened else [],
        "earlier": earlier,
        "may_raise": opened and may(actor, Permission.LESSON_RAISE),
    }


def _earlier(meeting: Meeting, actor: Actor) -> QuerySet[Lesson]:
    """Lessons of operations that began before this one's, unresolved first."""
    starts_on = meeting.operation.starts_on
    rows = lessons(actor).filter(classification__lte=meeting.classification)
    return rows.exclude(operation=meeting.operation_id).filter(operation__starts_on__lt=starts_on)


def lesson_facts(lesson: Lesson, actor: Actor) -> list[dict[str, Any]]:
    """Links lead only to what the reader may see; of a directive out of sight nothing is said."""
    meeting_seen = Meeting.objects.visible_to(actor).filter(pk=lesson.meeting_id).exists()
    meeting_url = reverse("coordination:meeting_detail", args=[lesson.meeting_id])
    facts: list[dict[str, Any]] = [
        {"label": _("Jenis"), "value": lesson.get_kind_display()},
        {"label": _("Penanggung jawab"), "value": lesson.owner_agency.name},
        {"label": _("Operasi"), "value": lesson.operation.name},
        {
            "label": _("Rakor"),
            "value": lesson.meeting.title if meeting_seen else lesson.meeting.number,
            "url": meeting_url if meeting_seen else "",
        },
    ]
    item = lesson.agenda_item
    if item is not None and AgendaItem.objects.visible_to(actor).filter(pk=item.pk).exists():
        facts.append({"label": _("Mata acara"), "value": item.title})
    directive = Directive.objects.visible_to(actor).filter(pk=lesson.directive_id).first()
    if directive is not None:
        url = reverse("coordination:directive_detail", args=[directive.pk])
        facts.append({"label": _("Arahan"), "value": str(directive), "url": url})
    facts.append({"label": _("Klasifikasi"), "value": lesson.get_classification_display()})
    return facts


def directive_choices(lesson: Lesson, actor: Actor) -> QuerySet[Directive]:
    """Issued directives of the lesson's operation that the post sees, the latest first."""
    rows = Directive.objects.visible_to(actor).issued()
    return rows.filter(meeting__operation=lesson.operation_id).order_by("-issued_at", "pk")


def readable_sections(meeting: Meeting, actor: Actor) -> QuerySet[MinutesSection]:
    """Passages that the post may read: of minutes in its sight, and not under an item that is
    closed to it."""
    items = AgendaItem.objects.visible_to(actor).filter(meeting=meeting)
    return MinutesSection.objects.filter(
        Q(agenda_item=None) | Q(agenda_item__in=items),
        minutes__in=Minutes.objects.visible_to(actor).filter(meeting=meeting),
    ).order_by("position")
