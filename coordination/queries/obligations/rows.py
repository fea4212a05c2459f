"""Rows of obligations in lists, and the set that they come from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet
from django.urls import reverse

from coordination.enums import OBLIGATION_BADGES
from coordination.models import Directive, Obligation
from coordination.queries.origin import ORIGIN, origin_of
from portal.access.actor import Actor

ROUTE = tuple(f"directive__{name}" for name in ORIGIN)


def obligations(actor: Actor) -> QuerySet[Obligation]:
    """The matrix: what the post sees, unfinished first, the nearest due time first."""
    return (
        Obligation.objects.visible_to(actor)
        .select_related("agency", "unit", "directive__issuer_agency", *ROUTE)
        .order_by(F("closed_at").asc(nulls_first=True), "due_at", "pk")
    )


@dataclass(frozen=True)
class ObligationRow:
    """A line of the matrix (domain.md § 7)."""

    title: str
    number: str
    url: str
    origin: str
    held_at: datetime | None
    agency: str
    unit: str
    issuer: str
    is_lead: bool
    output: str
    due_at: datetime
    state: tuple[str, str]
    overdue: bool
    progress: int
    obstacle: str
    illustrative: bool


def obligation_rows(rows: Iterable[Obligation], at: datetime) -> list[ObligationRow]:
    return [
        ObligationRow(
            title=row.directive.title,
            number=row.directive.number or "",
            url=reverse("coordination:obligation_detail", args=[row.pk]),
            origin=basis(row.directive),
            held_at=row.directive.meeting.starts_at
            if row.directive.meeting
            else row.directive.issued_at,
            agency=row.agency.short_name,
            unit=row.unit.short_name if row.unit else "",
            issuer=row.directive.issuer_agency.short_name,
            is_lead=row.is_lead,
            output=" / ".join(p for p in (row.directive.output, row.directive.evidence) if p),
            due_at=row.due_at,
            state=(OBLIGATION_BADGES[row.state], row.get_state_display()),
            overdue=row.is_overdue(at),
            progress=row.progress,
            obstacle=row.obstacle,
            illustrative=row.illustrative,
        )
        for row in rows
    ]


def basis(directive: Directive) -> str:
    """The ground of a directive in a narrow column: a rakor by its number."""
    return directive.meeting.number if directive.meeting else origin_of(directive).text
