"""What a passage said, save by save."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from coordination.enums import RevisionOrigin
from coordination.models import Minutes, MinutesSection, SectionRevision
from portal.access.actor import Actor

FOLD_WITHIN = timedelta(minutes=2)
SECTION_FIELDS = ("heading", "speaker", "body", "decision")
HEAD_FIELDS = (
    "opening",
    "conclusion",
    "closing",
    "taker_office",
    "taker_name",
    "taker_rank",
    "chair_rank",
    "vice_chair_office",
    "vice_chair_name",
    "secretary_office",
    "secretary_name",
)
_TYPED = {RevisionOrigin.SAVED, RevisionOrigin.MERGED}


def texts_of(row: Minutes | MinutesSection) -> dict[str, str]:
    """The words of a passage or of the head, by field."""
    names = SECTION_FIELDS if isinstance(row, MinutesSection) else HEAD_FIELDS
    return {name: getattr(row, name) for name in names}


def keep_revision(
    row: Minutes | MinutesSection, *, by: Actor, at: datetime, origin: str
) -> SectionRevision:
    """Note the text as it stands after a save. What the same author typed within two minutes
    before it is folded into it."""
    last = _history(row).first()
    began = at
    if (
        last is not None
        and origin in _TYPED
        and last.origin in _TYPED
        and last.author_id == by.post_id
        and at - last.began_at <= FOLD_WITHIN
    ):
        SectionRevision.objects.filter(pk=last.pk).update(folded=True)
        began = last.began_at
    section = row if isinstance(row, MinutesSection) else None
    extra: dict[str, Any] = {"speaking": section.speaking} if section else {}
    return SectionRevision.objects.create(
        minutes_id=section.minutes_id if section else row.pk,
        section=section,
        of_head=section is None,
        number=row.version,
        values=texts_of(row) | extra,
        origin=origin,
        author_id=by.post_id,
        author_office=by.post_title,
        began_at=began,
        at=at,
    )


def at_version(row: Minutes | MinutesSection, version: int) -> Mapping[str, str]:
    """The words as they stood at that version: the base on which a late text was written."""
    kept = _history(row).filter(number__lte=version).first()
    return kept.values if kept is not None else {}


def last_author(row: Minutes | MinutesSection) -> str:
    kept = _history(row).first()
    return kept.author_office if kept is not None else ""


def forget_folded(minutes: Minutes) -> None:
    """Once the text is signed nobody can come late: what only served to join texts may go."""
    SectionRevision.objects.filter(minutes=minutes, folded=True).delete()


def _history(row: Minutes | MinutesSection):
    if isinstance(row, MinutesSection):
        return SectionRevision.objects.filter(section=row).order_by("-number", "-pk")
    return SectionRevision.objects.filter(minutes=row, of_head=True).order_by("-number", "-pk")
