"""Writing minutes: each passage by itself, so that nobody waits and nothing is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.minutes.passages import Saved, lines_of, still_draft, write_passage
from coordination.actions.minutes.revisions import (
    HEAD_FIELDS,
    keep_revision,
)
from coordination.actions.rows import lock
from coordination.enums import MeetingState, RevisionOrigin
from coordination.models import (
    AgendaItem,
    Directive,
    Meeting,
    Minutes,
    MinutesSection,
    SectionPresence,
    SectionRevision,
)
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record

WRITING_NOW = timedelta(seconds=60)
"""Who was seen at a passage within this time is taken to be writing it still."""


@dataclass(frozen=True)
class SectionDraft:
    """A passage as typed; `pk` names the section that it replaces, `version` the text that the
    writer had before him (None: whatever stands there)."""

    heading: str
    speaker: str = ""
    body: str = ""
    decision: str = ""
    speaking: Sequence[str] | None = None
    agenda_item: AgendaItem | None = None
    pk: int | None = None
    version: int | None = None


def open_minutes(meeting: Meeting, *, by: Actor, at: datetime) -> Minutes:
    """Begin the minutes of a rakor with one section per agenda item; a second call finds them."""
    policy.require(by, Permission.MINUTES_WRITE, meeting)
    with transaction.atomic():
        meeting = lock(meeting)
        existing = Minutes.objects.filter(meeting=meeting).first()
        if existing is not None:
            return existing
        if meeting.state not in {MeetingState.IN_SESSION, MeetingState.HELD}:
            raise Refused(_("Notula ditulis sejak rakor dibuka."))
        minutes = Minutes.objects.create(
            meeting=meeting,
            classification=meeting.classification,
            illustrative=meeting.illustrative,
            taker_office=by.post_title[:120],
            created_at=at,
            updated_at=at,
        )
        sections = MinutesSection.objects.bulk_create(
            MinutesSection(
                minutes=minutes,
                agenda_item=item,
                position=item.position,
                heading=item.title,
                speaker=item.presenter.name[:160] if item.presenter else "",
                speaking=[item.presenter.slug] if item.presenter else [],
            )
            for item in meeting.agenda.select_related("presenter")
        )
        keep_revision(minutes, by=by, at=at, origin=RevisionOrigin.OPENED)
        for section in sections:
            keep_revision(section, by=by, at=at, origin=RevisionOrigin.OPENED)
        record("minutes.open", minutes, by=by, at=at)
    return minutes


def save_section(
    section: MinutesSection,
    *,
    by: Actor,
    at: datetime,
    base_version: int | None = None,
    origin: str = RevisionOrigin.SAVED,
    speaking: Sequence[str] | None = None,
    **values: str,
) -> Saved:
    """Keep one passage. A text that was written on an older version is joined with what came
    between; where both changed the same lines, both stay, marked. Writers of other passages are
    not touched.

    `values` are heading, speaker, body, decision; a missing one stays as it is.
    """
    policy.require(by, Permission.MINUTES_WRITE, section.minutes.meeting)
    with transaction.atomic():
        minutes = lock(section.minutes, None, "meeting")
        still_draft(minutes)
        section = lock(section)
        section.minutes = minutes
        saved = write_passage(
            section,
            lines_of(values),
            by=by,
            at=at,
            base_version=base_version,
            origin=origin,
            speaking=speaking,
        )
        others = touch_section(section, by=by, at=at)
    return Saved(saved.row, saved.merged, saved.clashed, others)


def save_head(
    minutes: Minutes,
    *,
    by: Actor,
    at: datetime,
    base_version: int | None = None,
    origin: str = RevisionOrigin.SAVED,
    **values: str,
) -> Saved:
    """Keep the head and foot (opening, conclusion, closing, the persons), joined like a passage."""
    policy.require(by, Permission.MINUTES_WRITE, minutes.meeting)
    with transaction.atomic():
        minutes = lock(minutes, None, "meeting")
        still_draft(minutes)
        saved = write_passage(
            minutes, lines_of(values), by=by, at=at, base_version=base_version, origin=origin
        )
    return saved


def touch_section(section: MinutesSection, *, by: Actor, at: datetime) -> list[str]:
    """Note that the writer is at this passage; returns the offices of the others who are. Nothing
    of the record changes by it, so the audit does not hear of it."""
    policy.require(by, Permission.MINUTES_WRITE, section.minutes.meeting)
    with transaction.atomic():
        SectionPresence.objects.update_or_create(
            section=section,
            user_id=by.user_id,
            defaults={"office": by.post_title[:200], "at": at},
        )
        others = SectionPresence.objects.filter(section=section, at__gt=at - WRITING_NOW)
        return list(
            others.exclude(user_id=by.user_id).order_by("-at").values_list("office", flat=True)
        )


def save_minutes(
    minutes: Minutes,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    sections: Sequence[SectionDraft] | None = None,
    **values: str,
) -> Minutes:
    """Keep a draft as a whole: the head, and the sections in order."""
    policy.require(by, Permission.MINUTES_WRITE, minutes.meeting)
    with transaction.atomic():
        minutes = lock(minutes, version, "meeting")
        still_draft(minutes)
        before: dict[str, Any] = {name: getattr(minutes, name) for name in values}
        after: dict[str, Any] = dict(values)
        for name, value in values.items():
            setattr(minutes, name, value)
        minutes.version += 1
        minutes.updated_at = at
        minutes.save(update_fields=[*values, "version", "updated_at"])
        if before != after:
            keep_revision(minutes, by=by, at=at, origin=RevisionOrigin.SAVED)
        if sections is not None:
            before["sections"] = _texts(minutes)
            _write_sections(minutes, sections, by=by, at=at)
            after["sections"] = _texts(minutes)
        record("minutes.save", minutes, by=by, at=at, before=before, after=after)
    return minutes


def restore_revision(revision: SectionRevision, *, by: Actor, at: datetime) -> Saved:
    """Make an old text the present one again: as a new revision, so the later ones stay kept. A
    passage that was removed comes back at the end."""
    minutes = revision.minutes
    values = dict(revision.values)
    speaking = values.pop("speaking", None)
    if revision.of_head:
        known = {name: text for name, text in values.items() if name in HEAD_FIELDS}
        return save_head(minutes, by=by, at=at, origin=RevisionOrigin.RESTORED, **known)
    policy.require(by, Permission.MINUTES_WRITE, minutes.meeting)
    with transaction.atomic():
        minutes = lock(minutes, None, "meeting")
        still_draft(minutes)
        if revision.section is None:
            last = minutes.sections.order_by("-position").first()
            section = MinutesSection.objects.create(
                minutes=minutes, position=last.position + 1 if last else 1, heading="–"
            )
        else:
            section = revision.section
        return save_section(
            section, by=by, at=at, origin=RevisionOrigin.RESTORED, speaking=speaking, **values
        )


def _texts(minutes: Minutes) -> list[str]:
    return [
        f"{s.heading} | {s.speaker} | {s.body} | {s.decision}"
        for s in minutes.sections.order_by("position")
    ]


def _write_sections(
    minutes: Minutes, sections: Sequence[SectionDraft], *, by: Actor, at: datetime
) -> None:
    existing = {
        row.pk: row for row in minutes.sections.select_for_update(of=("self",)).order_by("pk")
    }
    kept = [draft.pk for draft in sections if draft.pk in existing]
    dropped = [row for pk, row in existing.items() if pk not in kept]
    if Directive.objects.filter(section__in=dropped).exists():
        raise Refused(_("Bagian yang sudah menjadi dasar arahan tidak dapat dihapus."))
    for row in dropped:
        if row.objections.exists():
            raise Refused(_("Bagian yang pernah dikeberati tidak dapat dihapus."))
        keep_revision(row, by=by, at=at, origin=RevisionOrigin.REMOVED)
        row.delete()
    for position, draft in enumerate(sections, start=1):
        known = existing.get(draft.pk) if draft.pk else None
        row = known or MinutesSection(minutes=minutes, heading="", version=0)
        row.minutes = minutes
        row.position, row.agenda_item = position, draft.agenda_item
        if known is None:
            row.save()
        else:
            row.save(update_fields=["position", "agenda_item"])
        texts = {
            "heading": draft.heading,
            "speaker": draft.speaker,
            "body": draft.body,
            "decision": draft.decision,
        }
        write_passage(
            row,
            lines_of(texts),
            by=by,
            at=at,
            base_version=draft.version if known else None,
            origin=RevisionOrigin.SAVED,
            speaking=draft.speaking,
            recorded=False,
        )
