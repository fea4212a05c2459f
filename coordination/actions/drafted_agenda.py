"""The running order as the form of a rakor has it: lines typed together, written together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from coordination.actions.running_order import has_own, items_of, settle, settle_anew
from coordination.models import AgendaItem, Meeting
from portal.access.actor import Actor
from portal.audit.record import record
from portal.registry.models import Agency


@dataclass(frozen=True)
class AgendaDraft:
    """An agenda item as typed; `pk` names the item that it replaces."""

    title: str
    planned_minutes: int = 15
    presenter: Agency | None = None
    pk: int | None = None


def write_agenda(meeting: Meeting, agenda: Sequence[AgendaDraft]) -> None:
    """The items of a new rakor, in the order typed."""
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            position=position,
            title=item.title,
            planned_minutes=item.planned_minutes,
            presenter=item.presenter,
            classification=meeting.classification,
        )
        for position, item in enumerate(agenda, start=1)
    )


def rewrite_agenda(
    meeting: Meeting, agenda: Sequence[AgendaDraft], *, by: Actor, at: datetime
) -> None:
    """Items keep their identity by `pk`: a section of draft minutes may hang on one."""
    existing = {item.pk: item for item in items_of(meeting)}
    before = [str(item) for item in existing.values()]
    begun = has_own(meeting)
    kept = [item.pk for item in agenda if item.pk in existing]
    meeting.agenda.exclude(pk__in=kept).delete()
    for position, draft in enumerate(agenda, start=1):
        AgendaItem.objects.update_or_create(
            pk=draft.pk if draft.pk in kept else None,
            meeting=meeting,
            defaults={
                "position": position,
                "title": draft.title,
                "planned_minutes": draft.planned_minutes,
                "presenter": draft.presenter,
                "classification": meeting.classification,
            },
        )
    _reread_presenters(meeting)
    (settle if begun else settle_anew)(meeting)
    after = [str(item) for item in items_of(meeting)]
    if before != after:
        record(
            "meeting.agenda",
            meeting,
            by=by,
            at=at,
            before={"items": before},
            after={"items": after},
        )


def _reread_presenters(meeting: Meeting) -> None:
    """The lines of the form name an agency only: an office of another agency does not present any
    more, and who presents a closed item may read it."""
    for item in items_of(meeting).select_related("presenter_post__unit"):
        post = item.presenter_post
        if post is not None and post.unit.agency_id != item.presenter_id:
            item.presenter_post = None
            item.save(update_fields=["presenter_post"])
        if item.is_closed and item.presenter_id:
            item.audience.add(item.presenter_id)
