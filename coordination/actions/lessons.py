"""Bahan evaluasi: raised in a rakor, followed, and taken up again by the next operation."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from coordination.actions.rows import lock, save
from coordination.enums import LESSON_MOVES, LESSON_RAISED_IN, MEETING_EDITABLE, LessonState
from coordination.models import (
    AgendaItem,
    Directive,
    Lesson,
    Meeting,
    MinutesSection,
)
from coordination.queries.lessons import readable_sections
from portal.access import policy
from portal.access.actor import Actor
from portal.access.classification import highest
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.registry.models import Agency

MINUTES = 10


def raise_lesson(
    meeting: Meeting,
    *,
    by: Actor,
    at: datetime,
    kind: str,
    title: str,
    text: str,
    owner_agency: Agency,
    agenda_item: AgendaItem | None = None,
    section: MinutesSection | None = None,
    illustrative: bool = False,
) -> Lesson:
    """Note a problem or a lesson of a rakor that was opened; it takes the rakor's class."""
    policy.require(by, Permission.LESSON_RAISE)
    if not Meeting.objects.visible_to(by).filter(pk=meeting.pk).exists():
        raise Refused(_("Rakor ini tidak terbuka bagi Anda."))
    if meeting.state not in LESSON_RAISED_IN:
        raise Refused(_("Bahan evaluasi dicatat sejak rakor dibuka."))
    if not text.strip():
        raise Refused(_("Uraikan masalah atau pelajarannya."), "text")
    item = section.agenda_item if section is not None and agenda_item is None else agenda_item
    _belongs(meeting, item, section, by)
    with transaction.atomic():
        lesson = Lesson.objects.create(
            kind=kind,
            title=title,
            text=text.strip(),
            operation_id=meeting.operation_id,
            meeting=meeting,
            agenda_item=item,
            section=section,
            owner_agency=owner_agency,
            classification=meeting.classification,
            illustrative=illustrative or meeting.illustrative,
            created_by_id=by.post_id,
            created_at=at,
            updated_at=at,
        )
        record(
            "lesson.raise",
            lesson,
            by=by,
            at=at,
            after={"title": title, "kind": kind, "owner": owner_agency.slug},
        )
    return lesson


def follow_lesson(
    lesson: Lesson,
    *,
    by: Actor,
    at: datetime,
    state: str,
    follow_up: str = "",
    directive: Directive | None = None,
    version: int | None = None,
) -> Lesson:
    """Say what came of it: a directive or words; open it again, or close it."""
    policy.require(by, Permission.LESSON_FOLLOW, lesson)
    with transaction.atomic():
        lesson = lock(lesson, version, "meeting")
        if state != lesson.state and state not in LESSON_MOVES[lesson.state]:
            raise Refused(
                _("Bahan evaluasi berkeadaan “%(state)s” tidak dapat menjadi “%(wanted)s”.")
                % {"state": lesson.get_state_display(), "wanted": LessonState(state).label},
                "state",
            )
        if state != LessonState.OPEN and directive is None and not follow_up.strip():
            raise Refused(_("Sebutkan arahan atau uraikan tindak lanjutnya."), "follow_up")
        if directive is not None:
            _readable(directive, lesson, by)
        values: dict[str, Any] = {
            "state": state,
            "follow_up": follow_up.strip(),
            "directive": directive,
        }
        if directive is not None:
            values["classification"] = highest(lesson.classification, directive.classification)
        before, after = save(lesson, **values)
        if after:
            Lesson.objects.filter(pk=lesson.pk).update(updated_at=at)
            record("lesson.follow", lesson, by=by, at=at, before=before, after=after)
    return lesson


def put_on_agenda(lesson: Lesson, meeting: Meeting, *, by: Actor, at: datetime) -> AgendaItem:
    """Take a lesson of an earlier operation, or of this one, onto a rakor that has not begun. A
    second call finds it there."""
    policy.require(by, Permission.MEETING_PLAN, meeting)
    rows = Lesson.objects.visible_to(by).select_related("agenda_item", "owner_agency")
    found = rows.filter(pk=lesson.pk).first()
    if found is None:
        raise Refused(_("Bahan evaluasi ini tidak terbuka bagi Anda."))
    lesson = found
    with transaction.atomic():
        meeting = lock(meeting)
        existing = meeting.agenda.filter(lesson=lesson).first()
        if existing is not None:
            return existing
        if meeting.state not in MEETING_EDITABLE:
            raise Refused(_("Rakor yang sudah berlangsung atau dibatalkan tidak dapat diubah."))
        if lesson.classification > meeting.classification:
            raise Refused(_("Klasifikasi bahan evaluasi ini lebih tinggi daripada rakornya."))
        last = meeting.agenda.aggregate(last=Max("position"))["last"] or 0
        origin = lesson.agenda_item
        item = AgendaItem.objects.create(
            meeting=meeting,
            lesson=lesson,
            position=last + 1,
            title=f"Evaluasi: {lesson.title}"[:200],
            presenter=lesson.owner_agency,
            planned_minutes=MINUTES,
            classification=meeting.classification,
            is_closed=origin is not None and origin.is_closed,
        )
        if origin is not None and origin.is_closed:
            item.audience.set([*origin.audience.all(), lesson.owner_agency])
        record("meeting.take_lesson", meeting, by=by, at=at, after={"lesson": lesson.pk})
    return item


def _belongs(
    meeting: Meeting, item: AgendaItem | None, section: MinutesSection | None, by: Actor
) -> None:
    items = AgendaItem.objects.visible_to(by).filter(meeting=meeting)
    if item is not None and not items.filter(pk=item.pk).exists():
        raise Refused(_("Mata acara ini bukan dari rakor ini."), "agenda_item")
    if section is None:
        return
    if not readable_sections(meeting, by).filter(pk=section.pk).exists():
        raise Refused(_("Bagian ini bukan dari notula rakor ini."), "section")
    if (
        section.agenda_item_id is not None
        and item is not None
        and section.agenda_item_id != item.pk
    ):
        raise Refused(_("Bagian notula ini bukan dari mata acara itu."), "section")


def _readable(directive: Directive, lesson: Lesson, by: Actor) -> None:
    seen = Directive.objects.visible_to(by).issued().filter(pk=directive.pk)
    if not seen.exists():
        raise Refused(_("Pilih arahan yang sudah terbit dan terbuka bagi Anda."), "directive")
