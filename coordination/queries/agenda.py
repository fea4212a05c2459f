"""Rows of running orders. What is closed to the reader is a place and a number of minutes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.models import AgendaItem, AgendaTemplate, Meeting, MeetingSeries
from coordination.queries.carry_over import Returned
from coordination.queries.origin import opens
from portal.access.actor import Actor
from portal.attachments.models import Attachment


def items_for(actor: Actor) -> QuerySet[AgendaItem]:
    """All items, each with `is_shown`, and what a row prints of them."""
    return (
        AgendaItem.objects.shown_to(actor)
        .select_related("presenter", "presenter_post", "carried_to__meeting", "carried_to__series")
        .prefetch_related("audience")
        .order_by("position", "pk")
    )


def is_shown(item: AgendaItem) -> bool:
    """Whether the reader may know the subject; an item from another query is shown only if open."""
    return getattr(item, "is_shown", not item.is_closed)


@dataclass(frozen=True)
class AgendaRow:
    """A line of a running order. `heading` is set on the first item of a section; what `came_back`
    is an open obligation, which leaves only with a reason. `origin`: name and page of the record
    that brought it up, the page only for who sees it."""

    pk: int
    number: int
    heading: str
    title: str
    shown: bool
    closed: bool
    audience: str
    presenter: str
    office: str
    minutes: int
    files: list[tuple[str, str]]
    started_at: datetime | None
    ended_at: datetime | None
    took: int | None
    over: int
    running: bool
    carried: str
    came_back: bool
    origin: tuple[str, str]
    returned: Returned | None
    version: int


def agenda_rows(
    items: Iterable[AgendaItem],
    *,
    with_files: bool = True,
    returned: Mapping[int, Returned] | None = None,
    reader: Actor | None = None,
) -> list[AgendaRow]:
    """`returned`: what stands of the obligations that came back, by item."""
    items = list(items)
    origins = _origins(items, reader)
    files = _files([item.pk for item in items if is_shown(item)]) if with_files else {}
    rows: list[AgendaRow] = []
    section = ""
    for number, item in enumerate(items, start=1):
        shown = is_shown(item)
        took = _minutes(item.started_at, item.ended_at)
        rows.append(
            AgendaRow(
                pk=item.pk,
                number=number,
                # Items without a section after one that has it do not belong to that.
                heading=(item.section or _("Acara lain")) if item.section != section else "",
                title=item.title if shown else _("Butir tertutup"),
                shown=shown,
                closed=item.is_closed,
                audience=_audience(item) if shown else "",
                presenter=item.presenter.short_name if shown and item.presenter else "",
                office=office(item) if shown else "",
                minutes=item.planned_minutes,
                files=files.get(item.pk, []) if shown else [],
                started_at=item.started_at,
                ended_at=item.ended_at,
                took=took,
                over=max((took or 0) - item.planned_minutes, 0),
                running=item.started_at is not None and item.ended_at is None,
                carried=_carried(item) if shown else "",
                came_back=item.obligation_id is not None,
                origin=(item.origin_label, origins.get(item.origin_url, "")) if shown else ("", ""),
                returned=(returned or {}).get(item.pk) if shown else None,
                version=item.version,
            )
        )
        section = item.section
    return rows


def _origins(items: Iterable[AgendaItem], reader: Actor | None) -> dict[str, str]:
    """The pages of origin that the reader may open, by themselves; few items have one."""
    urls = {item.origin_url for item in items if item.origin_url}
    return {url: url for url in urls if reader is not None and opens(reader, url)}


def office(item: AgendaItem) -> str:
    return item.presenter_post.title if item.presenter_post else item.presenter_office


def _audience(item: AgendaItem) -> str:
    if not item.is_closed:
        return ""
    return ", ".join(agency.short_name for agency in item.audience.all())


def _carried(item: AgendaItem) -> str:
    carried = getattr(item, "carried_to", None)
    if carried is None:
        return ""
    return carried.meeting.number if carried.meeting else _("Daftar tunggu")


def _minutes(start: datetime | None, end: datetime | None) -> int | None:
    return round((end - start).total_seconds() / 60) if start and end else None


def _files(items: list[int]) -> dict[int, list[tuple[str, str]]]:
    """(name, address) of the files of these items; the reader may know their subjects."""
    kind = ContentType.objects.get_for_model(AgendaItem)
    found: dict[int, list[tuple[str, str]]] = {}
    for file in Attachment.objects.filter(content_type=kind, object_id__in=items).order_by("pk"):
        address = reverse("attachments:download", args=[file.pk])
        found.setdefault(file.object_id, []).append((file.name, address))
    return found


def agenda_sum(meeting: Meeting) -> dict[str, Any]:
    """Planned against available minutes; `over` is by how much the plan is too long."""
    planned = sum(item.planned_minutes for item in meeting.agenda.all())
    available = int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)
    return {"planned": planned, "available": available, "over": max(planned - available, 0)}


def backlog(series: MeetingSeries, actor: Actor) -> list[AgendaRow]:
    """What waits in a series, of it only what the reader may know at all."""
    rows = AgendaItem.objects.visible_to(actor).filter(series=series)
    return agenda_rows(items_for(actor).filter(pk__in=rows.values("pk")), reader=actor)


def templates(actor: Actor) -> QuerySet[AgendaTemplate]:
    return AgendaTemplate.objects.visible_to(actor).order_by("name", "pk")


def template_rows(actor: Actor) -> list[dict[str, Any]]:
    """The agency's examples with their lines and the sum of their minutes."""
    rows = templates(actor).prefetch_related("items")
    return [
        {
            "name": row.name,
            "kind": row.get_kind_display(),
            "lines": [(line.title, line.planned_minutes) for line in row.items.all()],
            "minutes": sum(line.planned_minutes for line in row.items.all()),
            "delete_url": reverse("coordination:template_delete", args=[row.pk]),
            "updated_at": row.updated_at,
        }
        for row in rows
    ]


def files_of(item: AgendaItem) -> list[tuple[str, str]]:
    """(name, address) of the files of an item that the reader may know."""
    return _files([item.pk]).get(item.pk, [])
