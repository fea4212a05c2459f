"""Serah terima piket: what stands at the moment, and what was handed over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from incidents.enums import SEVERITY_BADGES, STATE_BADGES, IncidentState, Severity
from incidents.models import Incident, ShiftHandover, ShiftLine
from incidents.queries.field_reports import waiting_reports
from incidents.queries.public_queue import triage_waiting
from incidents.queries.targets import targets
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.accounts.enums import Role
from portal.accounts.models import Post

OFFICERS = (Role.POSKO_OPERATOR, Role.COORDINATOR)


@dataclass(frozen=True)
class Standing:
    """What an officer leaves at a moment: lines that are not stored yet, and how much waits."""

    lines: list[ShiftLine]
    field_waiting: int
    public_waiting: int


def standing_at(actor: Actor, at: datetime) -> Standing:
    """The open incidents in the post's region, without one all that it sees; the gravest first,
    with the target that runs."""
    rows = Incident.objects.visible_to(actor).open().defer("stems")
    if actor.region_code:
        rows = rows.in_region(actor.region_code)
    return Standing(
        lines=[_line(row, at) for row in rows.order_by("-severity", "reported_at", "pk")],
        field_waiting=waiting_reports(actor).count(),
        public_waiting=triage_waiting(actor)[0],
    )


def _line(incident: Incident, at: datetime) -> ShiftLine:
    running = next((aim for aim in targets(incident, at) if aim.met_at is None), None)
    return ShiftLine(
        incident=incident,
        title="" if incident.classification >= Classification.RAHASIA else incident.title,
        state=incident.state,
        severity=incident.severity,
        target=running.label if running else "",
        due_at=running.due_at if running else None,
    )


@dataclass(frozen=True)
class LineRow:
    """An incident of the hand-over, ready to print; badges are (kind, label). The title of what is
    Rahasia is left out: it is read on its own page."""

    number: str
    title: str
    url: str
    severity: tuple[str, str]
    state: tuple[str, str]
    target: str
    due_at: datetime | None
    late: bool
    secret: bool


def line_rows(lines: Iterable[ShiftLine], at: datetime) -> list[LineRow]:
    """`at` is the moment of the hand-over, at which a target was late or not."""
    return [
        LineRow(
            number=line.incident.number,
            title="" if _secret(line) else line.title,
            url=reverse("incidents:incident_detail", args=[line.incident_id]),
            severity=(SEVERITY_BADGES[line.severity], str(Severity(line.severity).label)),
            state=(STATE_BADGES[line.state], str(IncidentState(line.state).label)),
            target=_(line.target) if line.target else "",
            due_at=line.due_at,
            late=line.due_at is not None and line.due_at < at,
            secret=_secret(line),
        )
        for line in lines
    ]


def _secret(line: ShiftLine) -> bool:
    return line.incident.classification >= Classification.RAHASIA


def lines_of(handover: ShiftHandover, actor: Actor) -> list[ShiftLine]:
    """The lines of incidents that this reader sees today."""
    seen = Incident.objects.visible_to(actor)
    rows = handover.lines.filter(incident__in=seen).select_related("incident")
    return list(rows.defer("incident__stems").order_by("pk"))


def receivers(actor: Actor) -> QuerySet[Post]:
    """Posts of the same unit that keep the shift, the own one too: several persons may hold it."""
    posts = Post.objects.with_role(*OFFICERS).filter(unit_id=actor.unit_id)
    return posts.order_by("title", "pk")


def handovers(actor: Actor) -> QuerySet[ShiftHandover]:
    """In sight, the newest first, without those that a later one replaced."""
    rows = ShiftHandover.objects.visible_to(actor).filter(replaced_at=None)
    return rows.select_related(*RELATED).order_by("-written_at", "-pk")


RELATED = ("unit", "agency", "region", "out_post", "to_post", "out_user", "in_user")


@dataclass(frozen=True)
class ShiftRow:
    """A line of the list, ready to print."""

    url: str
    unit: str
    written_at: datetime
    giver: str
    taker: str
    state: tuple[str, str]
    illustrative: bool


def shift_state(row: ShiftHandover) -> tuple[str, str]:
    if row.signed_at:
        return "success", _("Ditandatangani")
    if row.replaced_at:
        return "neutral", _("Diganti")
    return "warning", _("Menunggu tanda tangan")


def shift_rows(rows: Iterable[ShiftHandover]) -> list[ShiftRow]:
    return [
        ShiftRow(
            url=reverse("incidents:shift_detail", args=[row.pk]),
            unit=row.unit.short_name,
            written_at=row.written_at,
            giver=f"{row.out_user.name} ({row.out_post.title})",
            taker=f"{row.in_user.name} ({row.to_post.title})" if row.in_user else row.to_post.title,
            state=shift_state(row),
            illustrative=row.illustrative,
        )
        for row in rows
    ]


def shift_facts(row: ShiftHandover) -> list[dict[str, Any]]:
    """As `ui/definition_list.html` prints it; paper prints the same."""
    pairs = [
        (_("Posko"), row.unit.name),
        (_("Wilayah"), row.region.name if row.region else ""),
        (_("Diserahkan oleh"), f"{row.out_user.name}, {row.out_post.title}"),
        (
            pgettext("piket", "Diterima oleh"),
            f"{row.in_user.name}, {row.to_post.title}" if row.in_user else row.to_post.title,
        ),
        (_("Laporan lapangan menunggu"), str(row.field_waiting)),
        (_("Laporan warga menunggu"), str(row.public_waiting)),
    ]
    return [{"label": label, "value": value} for label, value in pairs]


def shifts_to_sign(actor: Actor) -> list[ShiftHandover]:
    """What waits for this person's signature, the oldest first."""
    if Permission.SHIFT_HAND_OVER not in actor.permissions or actor.post_id is None:
        return []
    rows = ShiftHandover.objects.visible_to(actor).standing()
    mine = Q(to_post_id=actor.post_id) & ~Q(out_user_id=actor.user_id)
    return list(rows.filter(mine).select_related(*RELATED).order_by("written_at", "pk"))
