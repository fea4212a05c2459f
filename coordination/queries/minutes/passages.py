"""The passages of minutes as one reader may see them; and whose passage is whose."""

from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from coordination.models import Addressee, AgendaItem, Meeting, Minutes, MinutesSection
from portal.access.actor import Actor
from portal.registry.models import Agency


def concerned(section: MinutesSection) -> set[int]:
    """The agencies whose own passage it is, by id: who presents, speaks or is addressed in it."""
    found = set(Agency.objects.filter(slug__in=section.speaking).values_list("pk", flat=True))
    found |= set(
        Addressee.objects.filter(directive__section=section).values_list("agency_id", flat=True)
    )
    item = section.agenda_item
    if item is not None and item.presenter_id is not None:
        found.add(item.presenter_id)
    return found


def open_items(minutes: Minutes, actor: Actor | None) -> set[int]:
    """The agenda items whose passages the reader may see."""
    rows = AgendaItem.objects.filter(meeting=minutes.meeting_id)
    if actor is not None:
        rows = AgendaItem.objects.visible_to(actor).filter(meeting=minutes.meeting_id)
    return set(rows.values_list("pk", flat=True))


@dataclass(frozen=True)
class Passage:
    """A section as one reader may see it; of a closed one only that it is there."""

    pk: int | None
    number: int
    heading: str
    speaker: str = ""
    speaking: list[str] = field(default_factory=list)
    body: str = ""
    decision: str = ""
    closed: bool = False
    own: bool = False
    version: int = 0
    item_closed: bool = False


def passages(minutes: Minutes, actor: Actor | None = None) -> list[Passage]:
    """The sections in order. Without a reader, all of them in full (for who writes)."""
    visible = open_items(minutes, actor)
    rows = list(minutes.sections.select_related("agenda_item").order_by("position"))
    names = dict(Agency.objects.values_list("slug", "short_name"))
    ids = dict(Agency.objects.values_list("slug", "pk"))
    addressed = set(
        Addressee.objects.filter(
            directive__section__minutes=minutes, agency_id=actor.agency_id if actor else None
        ).values_list("directive__section_id", flat=True)
    )
    found = []
    for number, row in enumerate(rows, start=1):
        item = row.agenda_item
        if item is not None and item.pk not in visible:
            found.append(Passage(None, number, _("Butir tertutup"), closed=True))
            continue
        own = actor is not None and (
            row.pk in addressed
            or (item is not None and item.presenter_id == actor.agency_id)
            or any(ids.get(slug) == actor.agency_id for slug in row.speaking)
        )
        found.append(
            Passage(
                pk=row.pk,
                number=number,
                heading=row.heading,
                speaker=row.speaker,
                speaking=[names[slug] for slug in row.speaking if slug in names],
                body=row.body,
                decision=row.decision,
                own=own,
                version=row.version,
                item_closed=item is not None and item.is_closed,
            )
        )
    return found


def hidden_sections(minutes: Minutes, actor: Actor | None) -> set[int]:
    """The sections of closed items that the reader may not see."""
    visible = open_items(minutes, actor)
    rows = minutes.sections.exclude(agenda_item=None).exclude(agenda_item__in=visible)
    return set(rows.values_list("pk", flat=True))


def agencies_of_seats(meeting: Meeting) -> QuerySet[Agency]:
    """Host and invited: who can speak at the rakor."""
    ids = set(meeting.invitations.standing().values_list("agency_id", flat=True)) | {
        meeting.host_agency_id
    }
    return Agency.objects.filter(pk__in=ids).order_by("position")
