"""Who hears of a record, and whether one's own post does."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from coordination.models import Directive, Following, Meeting, Obligation
from coordination.queries.readers import Record, ex_officio, readers
from portal.access.actor import Actor
from portal.accounts.models import Post

NOUNS: dict[type, str] = {Obligation: "obligation", Directive: "directive", Meeting: "meeting"}


@dataclass(frozen=True)
class FollowState:
    """What the button of a page says and does; `by_office`: nobody chose it."""

    following: bool
    by_office: bool
    url: str


def noun(record: Record) -> str:
    """The name of the field of Following that holds such a record."""
    return NOUNS[type(record)]


def follow_state(record: Record, actor: Actor) -> FollowState:
    chosen = (
        Following.objects.visible_to(actor)
        .filter(**{noun(record): record})
        .values_list("is_on", flat=True)
        .first()
    )
    office = chosen is None and ex_officio(record).filter(pk=actor.post_id).exists()
    return FollowState(
        following=office if chosen is None else chosen,
        by_office=office,
        url=reverse("coordination:follow", args=[noun(record), record.pk]),
    )


def followers(record: Record) -> QuerySet[Post]:
    """The posts that hear of it now: by office or choice, not switched off, and still readers. Who
    follows a directive follows its obligations, as far as he sees them."""
    chosen = Following.objects.filter(**{noun(record): record})
    on = Q(pk__in=chosen.filter(is_on=True).values("post"))
    if isinstance(record, Obligation):
        above = Following.objects.filter(directive=record.directive_id, is_on=True)
        on |= Q(pk__in=above.values("post"))
    return (
        readers(record)
        .filter(on | Q(pk__in=ex_officio(record).values("pk")))
        .exclude(pk__in=chosen.filter(is_on=False).values("post"))
    )
