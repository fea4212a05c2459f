"""What minutes wait for: the eye of the agencies, answers to objections, the chair, publication."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.enums import MinutesState
from coordination.models import Addressee, AgendaItem, Minutes, MinutesSection, Objection
from coordination.queries.duties import WaitingItem
from portal.access.actor import Actor
from portal.accounts.enums import Role


def minutes_to_read(actor: Actor, at: datetime, limit: int) -> list[WaitingItem]:
    """Circulated, with a passage of the own agency, until its time is over or it has objected."""
    addressed = Addressee.objects.filter(
        directive__section=OuterRef("pk"), agency_id=actor.agency_id
    )
    own = (
        MinutesSection.objects.filter(minutes=OuterRef("pk"))
        .filter(
            Q(speaking__contains=[actor.agency_slug])
            | Q(agenda_item__presenter_id=actor.agency_id)
            | Exists(addressed)
        )
        .filter(Q(agenda_item=None) | Q(agenda_item__in=AgendaItem.objects.visible_to(actor)))
    )
    objected = Objection.objects.filter(minutes=OuterRef("pk"), agency_id=actor.agency_id)
    rows = (
        _minutes(actor)
        .filter(state=MinutesState.CIRCULATED, object_until__gt=at)
        .filter(Exists(own), ~Exists(objected))
        .order_by("object_until", "pk")[:limit]
    )
    return [
        _item(row, "objection", "minutes_detail", row.object_until, _("Periksa bagian instansi"))
        for row in rows
    ]


def objections_to_answer(actor: Actor, limit: int) -> list[WaitingItem]:
    """Of the own agency's rakor, the oldest first."""
    rows = (
        Objection.objects.visible_to(actor)
        .unanswered()
        .filter(minutes__meeting__host_agency_id=actor.agency_id)
        .filter(minutes__state__in=[MinutesState.DRAFT, MinutesState.CIRCULATED])
        .select_related("agency", "minutes__meeting")
        .order_by("made_at", "pk")[:limit]
    )
    return [
        WaitingItem(
            kind="answer",
            title=f"{row.agency.short_name}: {row.minutes.meeting.title}",
            url=reverse("coordination:objection_answer", args=[row.minutes.meeting_id, row.pk]),
            due_at=row.made_at,
            overdue=False,
            badge=("warning", _("Keberatan belum dijawab")),
        )
        for row in rows
    ]


def minutes_to_sign(actor: Actor, at: datetime, limit: int) -> list[WaitingItem]:
    """Circulated, the time for objections over and all of them answered: the chair's turn, or of a
    coordinator on his behalf."""
    rows = _hosted(actor).filter(state=MinutesState.CIRCULATED, object_until__lte=at)
    if Role.COORDINATOR not in actor.roles:
        chair = Q(meeting__chair_post=None) | Q(meeting__chair_post_id=actor.post_id)
        rows = rows.filter(chair)
    unanswered = Objection.objects.unanswered().filter(minutes=OuterRef("pk"))
    rows = rows.filter(~Exists(unanswered)).order_by("object_until", "pk")
    return [
        _item(row, "signature", "minutes_sign", row.object_until, _("Menunggu pengesahan"))
        for row in rows[:limit]
    ]


def minutes_to_publish(actor: Actor, limit: int) -> list[WaitingItem]:
    rows = _hosted(actor).filter(state=MinutesState.SIGNED).order_by("signed_at", "pk")
    return [
        _item(row, "publication", "minutes_publish", row.signed_at, _("Menunggu penerbitan"))
        for row in rows[:limit]
    ]


def _minutes(actor: Actor) -> QuerySet[Minutes]:
    return Minutes.objects.visible_to(actor).select_related("meeting")


def _hosted(actor: Actor) -> QuerySet[Minutes]:
    return _minutes(actor).filter(meeting__host_agency_id=actor.agency_id)


def _item(row: Minutes, kind: str, page: str, at: datetime | None, label: str) -> WaitingItem:
    return WaitingItem(
        kind=kind,
        title=_("Notula: %(title)s") % {"title": row.meeting.title},
        url=reverse(f"coordination:{page}", args=[row.meeting_id]),
        due_at=at,
        overdue=False,
        badge=("warning", label),
    )
