"""The chain of an obligation: seven links from agenda item to closure, each with its record.

A link that is not there yet is said to be missing; one whose record the reader may not see says so,
and nothing else; of a directive that was given outside a rakor the first two are not expected.
Between the links stand the turns: what was returned, what stood in the way, and each rakor to which
it came back.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.enums import ObligationState, ReportKind
from coordination.models import (
    AgendaItem,
    Directive,
    Meeting,
    Minutes,
    MinutesSection,
    Obligation,
    ProgressReport,
)
from coordination.queries.turns import Turn, meetings_again, turns_of
from portal.access.actor import Actor
from portal.attachments.models import Attachment

DONE, MISSING, HIDDEN, ABSENT = "done", "missing", "hidden", "absent"


@dataclass(frozen=True)
class Link:
    """`state`: done, missing (not yet), hidden (not for this reader) or absent (not expected).

    Only a link that is done has a time, a text and an address.
    """

    key: str
    label: str
    state: str
    title: str = ""
    at: datetime | None = None
    by: str = ""
    text: str = ""
    url: str = ""
    files: tuple[dict[str, Any], ...] = ()
    turns: list[Turn] = field(default_factory=list)


def chain(obligation: Obligation, actor: Actor) -> list[Link]:
    """The seven links in order, as the actor may see them; a constant number of queries.

    `obligation` is one that the actor sees, with its directive and agency loaded.
    """
    reports = list(obligation.reports.select_related("post").order_by("at", "pk"))
    standing = _standing(reports)
    links = [
        *_origin(obligation.directive, actor),
        _directive(obligation.directive, actor),
        _sent(obligation),
        _acknowledged(obligation),
        _carried_out(obligation, standing),
        _closed(obligation),
    ]
    told = {ReportKind.ACKNOWLEDGED, ReportKind.CLOSED}
    own = {report for report in reports if report.kind in told} | {standing}
    turns = turns_of([report for report in reports if report not in own])
    _place(links, [*turns, *meetings_again(obligation, actor)])
    return links


def whole(links: list[Link]) -> bool:
    """Every link is there, whether or not the reader may look at it."""
    return all(link.state != MISSING for link in links)


def _origin(directive: Directive, actor: Actor) -> list[Link]:
    if directive.meeting_id is None:
        return [
            Link("agenda", _("Butir agenda"), ABSENT),
            Link("words", _("Kata-kata dalam notula"), ABSENT),
        ]
    section: MinutesSection | None = directive.section
    item = section.agenda_item if section else directive.agenda_item
    seen = item is None or AgendaItem.objects.visible_to(actor).filter(pk=item.pk).exists()
    return [_agenda(directive, item, seen, actor), _words(section, seen, actor)]


def _agenda(directive: Directive, item: AgendaItem | None, seen: bool, actor: Actor) -> Link:
    key, label = "agenda", _("Butir agenda")
    if item is None:
        return Link(key, label, MISSING)
    if not seen:
        return Link(key, label, HIDDEN)
    meeting = Meeting.objects.select_related("host_agency").get(pk=item.meeting_id)
    return Link(
        key,
        label,
        DONE,
        title=item.title,
        at=meeting.starts_at,
        by=meeting.host_agency.name,
        text=f"{meeting.title} ({meeting.number})",
        url=reverse("coordination:meeting_detail", args=[meeting.pk]),
    )


def _words(section: MinutesSection | None, seen: bool, actor: Actor) -> Link:
    key, label = "words", _("Kata-kata dalam notula")
    if section is None:
        return Link(key, label, MISSING)
    rows = Minutes.objects.visible_to(actor).select_related("published_by")
    minutes = rows.filter(pk=section.minutes_id).first() if seen else None
    if minutes is None:
        return Link(key, label, HIDDEN)
    page = reverse("coordination:minutes_detail", args=[minutes.meeting_id])
    return Link(
        key,
        label,
        DONE,
        title=section.heading,
        at=minutes.published_at,
        by=section.speaker or (minutes.published_by.title if minutes.published_by else ""),
        text=section.body,
        url=f"{page}#bagian-{section.pk}",
    )


def _directive(directive: Directive, actor: Actor) -> Link:
    key, label = "directive", _("Arahan bernomor")
    if directive.number is None:
        return Link(key, label, MISSING)
    rows = Directive.objects.visible_to(actor).select_related("issuer_post")
    row = rows.filter(pk=directive.pk).first()
    if row is None:
        return Link(key, label, HIDDEN)
    return Link(
        key,
        label,
        DONE,
        title=f"{row.number} · {row.title}",
        at=row.issued_at,
        by=row.issuer_post.title,
        text=row.text,
        url=reverse("coordination:directive_detail", args=[row.pk]),
    )


def _sent(obligation: Obligation) -> Link:
    return Link(
        "sent",
        _("Tindak lanjut dikirim"),
        DONE,
        title=obligation.agency.name,
        at=obligation.created_at,
        by=_("Penanggung jawab") if obligation.is_lead else _("Pendukung"),
        url=_page(obligation),
    )


def _acknowledged(obligation: Obligation) -> Link:
    key, label = "acknowledged", _("Diterima instansi")
    if obligation.acknowledged_at is None:
        return Link(key, label, MISSING)
    return Link(
        key,
        label,
        DONE,
        title=obligation.agency.short_name,
        at=obligation.acknowledged_at,
        by=obligation.acknowledged_by.title if obligation.acknowledged_by else "",
        url=_page(obligation),
    )


def _standing(reports: list[ProgressReport]) -> ProgressReport | None:
    """The last submission that was not returned."""
    standing: ProgressReport | None = None
    for report in reports:
        if report.kind == ReportKind.SUBMITTED:
            standing = report
        elif report.kind == ReportKind.RETURNED:
            standing = None
    return standing


def _carried_out(obligation: Obligation, standing: ProgressReport | None) -> Link:
    key, label = "carried_out", _("Dilaksanakan dengan bukti")
    if standing is None:
        return Link(key, label, MISSING)
    return Link(
        key,
        label,
        DONE,
        title=standing.get_kind_display(),
        at=standing.at,
        by=standing.post.title,
        text=standing.note,
        url=_page(obligation),
        files=_files(obligation),
    )


def _files(obligation: Obligation) -> tuple[dict[str, Any], ...]:
    """All evidence that was given on the way: it may have come before the last report."""
    kind = ContentType.objects.get_for_model(ProgressReport)
    rows = Attachment.objects.filter(
        content_type=kind, object_id__in=obligation.reports.values("pk")
    )
    return tuple(
        {"name": file.name, "url": reverse("attachments:download", args=[file.pk])}
        for file in rows.order_by("pk")
    )


def _closed(obligation: Obligation) -> Link:
    key, label = "closed", _("Diverifikasi dan ditutup")
    if obligation.closed_at is None or obligation.state == ObligationState.CANCELLED:
        return Link(key, label, MISSING)
    return Link(
        key,
        label,
        DONE,
        title=obligation.get_state_display(),
        at=obligation.closed_at,
        by=obligation.closed_by.title if obligation.closed_by else "",
        url=_page(obligation),
    )


def _place(links: list[Link], turns: list[Turn]) -> None:
    """Each turn under the last link that was there by then: the words and the obligation come
    first, whatever the clock says."""
    for turn in sorted(turns, key=lambda turn: turn.at):
        before = [link for link in links[3:] if link.at is not None and link.at <= turn.at]
        (before[-1] if before else links[3]).turns.append(turn)


def _page(obligation: Obligation) -> str:
    return reverse("coordination:obligation_detail", args=[obligation.pk])
