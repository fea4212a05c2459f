"""Rows of the pages of directives and minutes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.enums import (
    DIRECTIVE_BADGES,
    OBLIGATION_CLOSED,
    PRIORITY_BADGES,
    DueKind,
    ObligationState,
)
from coordination.models import Addressee, AgendaItem, Directive, Meeting, Minutes
from coordination.queries.origin import ORIGIN, origin_of
from portal.access.actor import Actor
from portal.access.classification import highest


def directives(actor: Actor) -> QuerySet[Directive]:
    """What the post sees, the latest issue first, with its obligations counted."""
    open_states = [state for state in ObligationState if state not in OBLIGATION_CLOSED]
    return (
        Directive.objects.visible_to(actor)
        .select_related("issuer_agency", *ORIGIN)
        .annotate(
            shares=Count("obligations"),
            unfinished=Count("obligations", filter=Q(obligations__state__in=open_states)),
        )
        .order_by("-issued_at", "pk")
    )


@dataclass(frozen=True)
class DirectiveRow:
    title: str
    number: str
    url: str
    origin: str
    origin_url: str
    kind: str
    binding: str
    priority: tuple[str, str]
    state: tuple[str, str]
    issuer: str
    issued_at: datetime | None
    due_at: datetime
    shares: int
    unfinished: int
    illustrative: bool


def directive_rows(rows: Iterable[Any]) -> list[DirectiveRow]:
    return [
        DirectiveRow(
            title=row.title,
            number=row.number or "",
            url=reverse("coordination:directive_detail", args=[row.pk]),
            origin=origin_of(row).text,
            origin_url=origin_of(row).url,
            kind=row.get_kind_display(),
            binding=row.get_binding_display(),
            priority=(PRIORITY_BADGES[row.priority], row.get_priority_display()),
            state=(DIRECTIVE_BADGES[row.state], row.get_state_display()),
            issuer=row.issuer_agency.short_name,
            issued_at=row.issued_at,
            due_at=row.default_due_at,
            shares=row.shares,
            unfinished=row.unfinished,
            illustrative=row.illustrative,
        )
        for row in rows
    ]


def due_rule(directive: Directive) -> str:
    """By what the due time was set; "" for a plain date."""
    if directive.due_kind == DueKind.WORKING_DAYS:
        return _("%(days)s hari kerja setelah terbit") % {"days": directive.due_days}
    if directive.due_stage is None:
        return ""
    names = {"stage": directive.due_stage.label, "days": abs(directive.due_offset)}
    if directive.due_offset == 0:
        return _("pada hari mulai %(stage)s") % names
    if directive.due_offset < 0:
        return _("%(days)s hari sebelum %(stage)s") % names
    return _("%(days)s hari setelah mulai %(stage)s") % names


def of_meeting(meeting: Meeting, actor: Actor) -> list[DirectiveRow]:
    """Without those of a closed item, unless the reader's agency is addressed."""
    rows = directives(actor).filter(meeting=meeting)
    open_to = Q(section=None) | Q(section__agenda_item=None)
    open_to |= Q(section__agenda_item__in=AgendaItem.objects.visible_to(actor))
    addressed = Addressee.objects.filter(directive=OuterRef("pk"), agency_id=actor.agency_id)
    rows = rows.filter(open_to | Exists(addressed))
    return directive_rows(rows.order_by("section__position", "pk"))


def publication(minutes: Minutes) -> dict[str, Any]:
    """What publishing would do, and whom it would tell: shown before anyone confirms it."""
    meeting = minutes.meeting
    drafts = list(
        meeting.directives.filter(state="draft")
        .prefetch_related("addressees__agency", "addressees__unit")
        .order_by("section__position", "pk")
    )
    rows = [
        {
            "title": draft.title,
            "kind": draft.get_kind_display(),
            "binding": draft.get_binding_display(),
            "shares": [
                {"agency": share.name, "due_at": share.due_at} for share in draft.addressees.all()
            ],
        }
        for draft in drafts
    ]
    seats = meeting.invitations.standing().filter(sent_at__isnull=False).select_related("agency")
    return {
        "directives": rows,
        "obligations": sum(len(row["shares"]) for row in rows),
        "told": [seat.agency.short_name for seat in seats],
        "classification": highest(
            minutes.classification, meeting.classification, *(d.classification for d in drafts)
        ).label,
        "attendance": meeting.attendance.count(),
    }
