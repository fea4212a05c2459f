"""The queue of the public's reports, ready to print."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.text import Truncator

from incidents.enums import PUBLIC_BADGES, PublicState, Suspicion
from incidents.models import PublicReport, TriageReason
from incidents.queries.rows import region_label
from portal.access.actor import Actor
from portal.access.permissions import Permission

EXCERPT = 180


def triage_queue(actor: Actor) -> QuerySet[PublicReport]:
    """What the post sorts: likely spam last, the longest waiting first."""
    rows = PublicReport.objects.visible_to(actor).defer("stems")
    rows = rows.select_related("subject__type", "region__parent", "likely_of", "reason")
    return rows.order_by("suspect", "received_at", "pk")


@dataclass(frozen=True)
class QueueRow:
    """A line of the queue. `text` is empty of a confidential report: it is read on its own page,
    where the reading is recorded."""

    pk: int
    number: str
    url: str
    subject: str
    place: str
    timing: str
    occurred_at: datetime
    received_at: datetime
    text: str
    confidential: bool
    state: tuple[str, str]
    reason: str
    suspicions: list[str]
    likely: str
    likely_url: str
    added: bool
    illustrative: bool


def queue_rows(rows: Iterable[PublicReport]) -> list[QueueRow]:
    return [_row(row) for row in rows]


def _row(row: PublicReport) -> QueueRow:
    signs = dict(Suspicion.choices)
    where = region_label(row.region)
    likely = row.likely_of if row.likely_of and not row.likely_of.confidential else None
    return QueueRow(
        pk=row.pk,
        number=row.number,
        url=reverse("incidents:public_report", args=[row.pk]),
        subject=row.subject.label,
        place=where if row.confidential or not row.place else f"{row.place}, {where}",
        timing=row.get_timing_display(),
        occurred_at=row.occurred_at,
        received_at=row.received_at,
        text="" if row.confidential else Truncator(row.text).chars(EXCERPT),
        confidential=row.confidential,
        state=(PUBLIC_BADGES[row.state], row.get_state_display()),
        reason=row.reason.label if row.reason else "",
        suspicions=[str(signs[sign]) for sign in row.suspicions],
        likely=likely.number if likely else "",
        likely_url=reverse("incidents:public_report", args=[likely.pk]) if likely else "",
        added=bool(row.added_at and (row.decided_at is None or row.added_at > row.decided_at)),
        illustrative=row.illustrative,
    )


@dataclass(frozen=True)
class QueueSummary:
    """How many reports of the public the post sees. `suspect` and `unread` are parts of others:
    waiting ones that look like spam, and answers that nobody has read."""

    waiting: int
    suspect: int
    followed: int
    unread: int
    total: int


def queue_summary(actor: Actor) -> QueueSummary:
    waiting = Q(state=PublicState.WAITING)
    counted = PublicReport.objects.visible_to(actor).aggregate(
        waiting=Count("pk", filter=waiting & Q(suspect=False)),
        suspect=Count("pk", filter=waiting & Q(suspect=True)),
        followed=Count("pk", filter=Q(state=PublicState.FOLLOWED)),
        unread=Count("pk", filter=Q(answered_at__isnull=False, answer_read_at=None)),
        total=Count("pk"),
    )
    return QueueSummary(**counted)


def triage_waiting(actor: Actor) -> tuple[int, datetime | None]:
    """How many reports wait for the post to sort them, likely spam apart, and since when."""
    if Permission.PUBLIC_REPORT_TRIAGE not in actor.permissions:
        return 0, None
    rows = PublicReport.objects.visible_to(actor).waiting().filter(suspect=False)
    counted = rows.aggregate(number=Count("pk"), since=Min("received_at"))
    return counted["number"], counted["since"]


def quick_reasons() -> list[tuple[str, str]]:
    """The quick reasons in their order: (slug, words)."""
    return [(reason.pk, reason.label) for reason in TriageReason.objects.all()]
