"""The follow-up matrix in the columns of the office: one row for one agency's share.

The page, its totals, the API and the files take the same rows through the same filter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from coordination.enums import OBLIGATION_BADGES, PRIORITY_BADGES, Binding, Priority
from coordination.models import Addressee, Obligation, ProgressReport
from coordination.queries.origin import origin_of
from portal import clock
from portal.access.actor import Actor
from portal.web.templatetags.portal import pukul

RELATED = (
    *("agency", "unit", "region", "directive__issuer_agency"),
    # A line names the rakor, not the item or passage: those are not loaded.
    *("directive__meeting", "directive__parent_obligation__directive"),
)
# The stems are for searching; no row prints them.
UNREAD = (
    *("stems", "directive__stems", "directive__meeting__stems"),
    "directive__parent_obligation__stems",
    "directive__parent_obligation__directive__stems",
)
SHORT_NOTE = 160


def matrix(actor: Actor) -> QuerySet[Obligation]:
    """What the post sees, unfinished first, the nearest due time first."""
    return Obligation.objects.visible_to(actor).order_by(
        F("closed_at").asc(nulls_first=True), "due_at", "pk"
    )


def in_full(actor: Actor, ids: Sequence[int]) -> list[Obligation]:
    """These rows in this order, with all that a line prints, as far as the actor sees them. Apart
    from finding them: only keys are sorted, however many rows a filter leaves."""
    rows = Obligation.objects.visible_to(actor).select_related(*RELATED).defer(*UNREAD)
    found = {row.pk: row for row in rows.filter(pk__in=ids)}
    return [found[pk] for pk in ids if pk in found]


@dataclass(frozen=True)
class MatrixRow:
    """A line (domain.md § 7). The share is that of `agency`: the one responsible if `is_lead`, else
    one of the supporting agencies, which then stand beside the one in the lead."""

    place: int
    url: str
    title: str
    number: str
    ground: str
    ground_title: str
    ground_day: datetime | None
    agency: str
    is_lead: bool
    responsible: str
    supporting: str
    output: str
    evidence: str
    due_at: datetime
    state: tuple[str, str]
    overdue: bool
    priority: tuple[str, str] | None
    binding: str
    progress: int
    obstacle: str
    region: str
    note: str
    noted_at: datetime | None
    classification: int
    illustrative: bool

    @property
    def short_note(self) -> str:
        return Truncator(self.note).chars(SHORT_NOTE)


def matrix_rows(rows: Iterable[Obligation], at: datetime, first: int = 1) -> list[MatrixRow]:
    """The lines of these obligations, numbered from `first`: two queries however many they are."""
    listed = list(rows)
    shares = _shares(listed)
    notes = _notes(listed)
    return [
        _row(place, row, at, shares.get(row.directive_id, []), notes.get(row.pk))
        for place, row in enumerate(listed, start=first)
    ]


def _shares(rows: Sequence[Obligation]) -> dict[int, list[tuple[str, bool]]]:
    """By directive: its agencies and which of them leads, as the directive names them."""
    found: dict[int, list[tuple[str, bool]]] = {}
    addressees = Addressee.objects.filter(directive__in={row.directive_id for row in rows})
    named = addressees.annotate(doer=Coalesce("unit__short_name", "agency__short_name"))
    ordered = named.order_by("agency__position", "unit__path", "pk")
    for directive, name, is_lead in ordered.values_list("directive_id", "doer", "is_lead"):
        found.setdefault(directive, []).append((name, is_lead))
    return found


def _notes(rows: Sequence[Obligation]) -> dict[int, tuple[str, datetime]]:
    """By obligation: the last words of its history."""
    reports = (
        ProgressReport.objects.filter(obligation__in=[row.pk for row in rows])
        .exclude(note="")
        .order_by("obligation_id", "-at", "-pk")
        .distinct("obligation_id")
    )
    return {
        obligation: (note, at)
        for obligation, note, at in reports.values_list("obligation_id", "note", "at")
    }


def _row(
    place: int,
    row: Obligation,
    at: datetime,
    shares: list[tuple[str, bool]],
    last: tuple[str, datetime] | None,
) -> MatrixRow:
    directive, meeting = row.directive, row.directive.meeting
    own = row.doer
    leads = [name for name, is_lead in shares if is_lead] or [own]
    others = [name for name, is_lead in shares if not is_lead and name != own]
    return MatrixRow(
        place=place,
        url=reverse("coordination:obligation_detail", args=[row.pk]),
        title=directive.title,
        number=directive.number or "",
        ground=meeting.number if meeting else str(origin_of(directive)),
        ground_title=meeting.title if meeting else directive.ground,
        ground_day=meeting.starts_at if meeting else directive.issued_at,
        agency=own,
        is_lead=row.is_lead,
        responsible=own if row.is_lead else ", ".join(leads),
        supporting=", ".join(others) if row.is_lead else ("" if own in leads else own),
        output=directive.output,
        evidence=directive.evidence,
        due_at=row.due_at,
        state=(OBLIGATION_BADGES[row.state], row.get_state_display()),
        overdue=row.is_overdue(at),
        priority=None
        if directive.priority == Priority.ORDINARY
        else (PRIORITY_BADGES[directive.priority], directive.get_priority_display()),
        binding=str(Binding(directive.binding).label),
        progress=row.progress,
        obstacle=row.obstacle,
        region=row.region.name if row.region else "",
        note=last[0] if last else "",
        noted_at=last[1] if last else None,
        classification=row.classification,
        illustrative=row.illustrative,
    )


def columns() -> list[tuple[str, int]]:
    """The heads of the office's form, with their widths in characters."""
    return [
        (_("No."), 5),
        (_("Arahan/keputusan"), 38),
        (_("Dasar"), 26),
        (_("Penanggung jawab"), 20),
        (_("Instansi pendukung"), 24),
        (_("Keluaran dan bukti dukung"), 34),
        (_("Tenggat"), 17),
        (_("Status"), 20),
        (_("Progres (%)"), 11),
        (_("Kendala"), 28),
        (_("Keterangan"), 36),
    ]


def line(row: MatrixRow) -> list[Any]:
    """A row as the cells of a file, in the order of `columns`."""
    return [
        row.place,
        ". ".join(part for part in (row.number, row.title) if part),
        ", ".join(part for part in (row.ground, _day(row.ground_day)) if part),
        row.responsible,
        row.supporting or "–",
        " / ".join(part for part in (row.output, row.evidence) if part) or "–",
        _moment(row.due_at),
        _state(row),
        row.progress,
        row.obstacle or "–",
        _remark(row),
    ]


def _day(moment: datetime | None) -> str:
    return date_format(clock.local(moment), "j M Y") if moment else ""


def _moment(moment: datetime) -> str:
    local = clock.local(moment)
    return f"{date_format(local, 'j M Y')} {pukul(local)}"


def _state(row: MatrixRow) -> str:
    late = _("Terlambat")
    return f"{row.state[1]} ({late})" if row.overdue else row.state[1]


def _remark(row: MatrixRow) -> str:
    told = f"{_day(row.noted_at)}: {row.note}" if row.note else ""
    invented = _("Data ilustrasi") if row.illustrative else ""
    priority = row.priority[1] if row.priority else ""
    parts = (priority, row.region, told, invented)
    return "; ".join(part for part in parts if part) or "–"
