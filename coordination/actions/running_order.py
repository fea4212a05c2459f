"""What every writer of a running order stands on: whose it is, its lock, its places."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext as _

from coordination.actions.rows import lock
from coordination.enums import AGENDA_OPEN, MEETING_EDITABLE
from coordination.models import AgendaItem, Meeting, MeetingSeries
from portal.access.errors import Refused

Owner = Meeting | MeetingSeries
MOST_ITEMS = 200


def in_sections(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """The items in order, those of one section together at its first place."""
    groups: dict[Any, list[AgendaItem]] = {}
    for item in items:
        groups.setdefault(item.section or item.pk, []).append(item)
    return [item for group in groups.values() for item in group]


def after_opening(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """What came back from earlier rakor stands after the opening: the first item of the agenda's
    own, with all that shares its section."""
    items = list(items)
    returned = [item for item in items if item.obligation_id is not None]
    own = [item for item in items if item.obligation_id is None]
    opening = [item for item in own if item.section and item.section == own[0].section] or own[:1]
    return [*opening, *returned, *(item for item in own if item not in opening)]


def settle(owner: Owner) -> None:
    """Number the items from 1 without gaps, sections together."""
    number(in_sections(items_of(owner)))


def settle_anew(owner: Owner) -> None:
    """The same where the first items of one kind have just joined those of the other: what came
    back goes after the opening. Later on each stays where somebody put it."""
    number(after_opening(in_sections(items_of(owner))))


def number(items: list[AgendaItem]) -> None:
    for position, item in enumerate(items, start=1):
        item.position = position
    AgendaItem.objects.bulk_update(items, ["position"])


def has_own(owner: Owner) -> bool:
    """Whether anything stands there but what came back from earlier rakor."""
    return items_of(owner).filter(obligation=None).exists()


def items_of(owner: Owner) -> Any:
    return AgendaItem.objects.filter(**place_of(owner)).order_by("position", "pk")


def place_of(owner: Owner) -> dict[str, Owner]:
    return {"meeting": owner} if isinstance(owner, Meeting) else {"series": owner}


def class_of(owner: Owner) -> dict[str, int]:
    """On an agenda the meeting's class; in a backlog the default of the field."""
    return {"classification": owner.classification} if isinstance(owner, Meeting) else {}


def owner_of(item: AgendaItem) -> Owner:
    owner = item.meeting or item.series
    if owner is None:
        raise Refused(gone())
    return owner


def gone() -> str:
    return _("Mata acara ini sudah dipindahkan atau dihapus. Muat ulang halaman.")


def lock_owner(owner: Owner) -> Any:
    """The meeting or series, locked, if its agenda can still be changed."""
    owner = lock(owner)
    if isinstance(owner, Meeting) and owner.state not in AGENDA_OPEN:
        raise Refused(_("Susunan acara rakor yang selesai atau dibatalkan tidak dapat diubah."))
    return owner


def next_position(owner: Owner) -> int:
    """Raises Refused when the list is as long as a page can bear."""
    last = items_of(owner).aggregate(last=Max("position"))["last"] or 0
    if last >= MOST_ITEMS:
        raise Refused(
            _("Susunan acara memuat paling banyak %(most)s butir.") % {"most": MOST_ITEMS}
        )
    return last + 1


def touch(owner: Owner, at: datetime) -> None:
    """The form of the whole meeting must notice that its agenda changed under it. While the meeting
    sits no such form is open, and the daftar hadir goes by the same version."""
    if isinstance(owner, Meeting):
        raised = {"version": F("version") + 1} if owner.state in MEETING_EDITABLE else {}
        Meeting.objects.filter(pk=owner.pk).update(updated_at=at, **raised)
