"""The running order: adding, editing, deleting and ordering its items."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.agenda_origin import ItemOrigin, from_origin
from coordination.actions.rows import lock, plain, save
from coordination.actions.running_order import (
    Owner,
    class_of,
    gone,
    has_own,
    in_sections,
    items_of,
    lock_owner,
    next_position,
    owner_of,
    place_of,
    settle,
    settle_anew,
    touch,
)
from coordination.models import AgendaItem, Meeting, MinutesSection
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.attachments.actions import attach, reclassify
from portal.audit.record import record
from portal.registry.models import Agency

FIELDS = frozenset(
    {
        "section",
        "title",
        "presenter",
        "presenter_post",
        "presenter_office",
        "planned_minutes",
        "is_closed",
    }
)


def add_item(
    owner: Owner,
    *,
    by: Actor,
    at: datetime,
    title: str,
    audience: Iterable[Agency] = (),
    files: Iterable[Any] = (),
    origin: ItemOrigin | None = None,
    **details: Any,
) -> AgendaItem:
    """One more item at the end of a meeting's agenda, or of a series' backlog. The first one opens
    the agenda, before what came back from earlier rakor. What another app's record brings up
    stands once on each list: brought again, it is the item that is there."""
    policy.require(by, Permission.MEETING_PLAN, owner)
    with transaction.atomic():
        owner = lock_owner(owner)
        if origin and (known := items_of(owner).filter(origin_url=origin.url).first()):
            return known
        values = checked({"title": title, **details}) | from_origin(origin, owner)
        begun = has_own(owner)
        item = AgendaItem.objects.create(
            **place_of(owner),
            position=next_position(owner),
            **values | class_of(owner),
        )
        set_audience(item, audience)
        for file in files:
            attach(item, file, by=by, at=at)
        (settle if begun else settle_anew)(owner)
        touch(owner, at)
        record("agenda.add", item, by=by, at=at, after=told(item, values))
        item.refresh_from_db()
    return item


def edit_item(
    item: AgendaItem,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    audience: Iterable[Agency] | None = None,
    files: Iterable[Any] = (),
    **values: Any,
) -> AgendaItem:
    """Change an item; nothing differs: nothing is written."""
    owner = owner_of(item)
    policy.require(by, Permission.MEETING_PLAN, owner)
    with transaction.atomic():
        owner = lock_owner(owner)
        item = lock(item, version, "meeting", "series", "presenter", "presenter_post")
        _still_there(item, owner)
        values = checked(
            {"presenter": item.presenter, "presenter_post": item.presenter_post, **values}
        )
        was_closed = item.is_closed
        before, after = save(item, **values)
        listed = sorted(item.audience.values_list("slug", flat=True))
        set_audience(item, item.audience.all() if audience is None else audience)
        named = sorted(item.audience.values_list("slug", flat=True))
        if named != listed:
            before, after = before | {"audience": listed}, after | {"audience": named}
        item.classification = class_of(owner).get("classification", item.classification)
        added = [attach(item, file, by=by, at=at).name for file in files]
        if added:
            after = after | {"files": len(added)}
        if not after:
            return item
        settle(owner)
        touch(owner, at)
        secret = was_closed or item.is_closed
        record(
            "agenda.edit",
            item,
            by=by,
            at=at,
            before=told(item, before, secret),
            after=told(item, after, secret),
        )
        item.refresh_from_db()
    return item


def delete_item(item: AgendaItem, *, by: Actor, at: datetime) -> None:
    """Take an item away for good. What was discussed or stands in the minutes stays."""
    owner = owner_of(item)
    policy.require(by, Permission.MEETING_PLAN, owner)
    with transaction.atomic():
        owner = lock_owner(owner)
        item = lock(item, None, "meeting", "series")
        _still_there(item, owner)
        if item.obligation_id is not None:
            raise Refused(comes_back())
        if item.started_at or MinutesSection.objects.filter(agenda_item=item).exists():
            raise Refused(
                _("Mata acara yang sudah dibahas atau tercatat di notula tidak dapat dihapus.")
            )
        record("agenda.delete", item, by=by, at=at, before=told(item, {"title": item.title}))
        item.delete()
        settle(owner)
        touch(owner, at)


def comes_back() -> str:
    return _(
        "Tindak lanjut yang belum selesai kembali dengan sendirinya. Untuk melepasnya dari agenda "
        "ini, keluarkan dengan alasan."
    )


def shift_item(item: AgendaItem, *, by: Actor, at: datetime, step: int) -> AgendaItem:
    """One place up (-1) or down (+1). At the edge of a section the item first joins the next one;
    an item that is a section by itself passes over its neighbour's section."""
    owner = owner_of(item)
    policy.require(by, Permission.MEETING_PLAN, owner)
    with transaction.atomic():
        owner = lock_owner(owner)
        items = list(items_of(owner))
        place = next((n for n, row in enumerate(items) if row.pk == item.pk), None)
        if place is None:
            raise Refused(gone())
        _shift(items, place, step)
        _write_order(owner, items, by=by, at=at)
    item.refresh_from_db()
    return item


def arrange_agenda(
    owner: Owner,
    order: Sequence[int],
    *,
    by: Actor,
    at: datetime,
    moved: int | None = None,
) -> Owner:
    """Put the items in this order, each of them once. The `moved` one joins the section that it
    was dropped into."""
    policy.require(by, Permission.MEETING_PLAN, owner)
    with transaction.atomic():
        owner = lock_owner(owner)
        items = {item.pk: item for item in items_of(owner)}
        if sorted(order) != sorted(items):
            raise Refused(
                _("Susunan acara sudah diubah orang lain. Muat ulang halaman, lalu urutkan lagi.")
            )
        arranged = [items[pk] for pk in order]
        if moved is not None and moved in items:
            _join(arranged, list(order).index(moved))
        _write_order(owner, arranged, by=by, at=at)
    return owner


def _shift(items: list[AgendaItem], place: int, step: int) -> None:
    beyond = place + step
    if step not in (-1, 1) or not 0 <= beyond < len(items):
        return
    item, other = items[place], items[beyond]
    if other.section == item.section:
        items[place], items[beyond] = other, item
    elif item.section and sum(row.section == item.section for row in items) > 1:
        item.section = other.section  # Stays where it is: the last or first of its new section.
    else:
        passed = (
            [row for row in items if row.section == other.section] if other.section else [other]
        )
        items.remove(item)
        edge = items.index(passed[0]) if step < 0 else items.index(passed[-1]) + 1
        items.insert(edge, item)


def _join(items: list[AgendaItem], place: int) -> None:
    """The section of an item by its new neighbours; alone in its section it keeps it, unless it
    was dropped between two of one section."""
    item = items[place]
    above = items[place - 1].section if place else None
    below = items[place + 1].section if place + 1 < len(items) else None
    alone = sum(row.section == item.section for row in items) == 1
    if item.section and item.section in (above, below):
        return
    if above and above == below:
        item.section = above
    elif item.section and not alone:
        item.section = (above if above is not None else below) or ""


def _write_order(owner: Owner, items: list[AgendaItem], *, by: Actor, at: datetime) -> None:
    before = list(items_of(owner).values_list("pk", "section"))
    items = in_sections(items)
    after = [(item.pk, item.section) for item in items]
    if before == after:
        return
    for position, item in enumerate(items, start=1):
        item.position = position
    AgendaItem.objects.bulk_update(items, ["position", "section"])
    touch(owner, at)
    record(
        "agenda.order",
        owner,
        by=by,
        at=at,
        before={"items": [pk for pk, _section in before]},
        after={"items": [pk for pk, _section in after]},
    )


def _still_there(item: AgendaItem, owner: Owner) -> None:
    if owner_of(item) != owner:
        raise Refused(gone())


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """Fields of an item. A post that presents brings its agency along."""
    unknown = values.keys() - FIELDS
    if unknown:
        raise TypeError(f"An agenda item has no {sorted(unknown)}")
    title = values.get("title")
    if title is not None and not title.strip():
        raise Refused(_("Tulis mata acaranya."), "title")
    if not 1 <= values.get("planned_minutes", 1) <= 600:
        raise Refused(_("Menit adalah angka 1 sampai 600."), "planned_minutes")
    post, agency = values.get("presenter_post"), values.get("presenter")
    if post is not None:
        home = post.unit.agency
        if agency is not None and agency != home:
            raise Refused(
                _("Jabatan ini bukan dari instansi %(agency)s.") % {"agency": agency.short_name},
                "presenter_post",
            )
        values = values | {"presenter": home}
    return values | {
        name: values[name].strip()
        for name in ("title", "section", "presenter_office")
        if name in values
    }


def set_audience(item: AgendaItem, audience: Iterable[Agency]) -> None:
    """Who knows a closed item besides the host: the agencies named, and who presents it."""
    if not item.is_closed:
        item.audience.clear()
        return
    named = {agency.pk for agency in audience}
    if item.presenter_id:
        named.add(item.presenter_id)
    item.audience.set(named)


def told(item: AgendaItem, values: dict[str, Any], secret: bool = False) -> dict[str, Any]:
    """Values as the audit keeps them: of a closed item without its words."""
    hidden = {"title", "presenter_office", "section"} if secret or item.is_closed else set()
    return {name: plain(value) for name, value in values.items() if name not in hidden}


def reclassify_agenda(meeting: Meeting) -> None:
    """The items of an agenda, and their files, have the meeting's class."""
    for item in meeting.agenda.exclude(classification=meeting.classification):
        item.classification = meeting.classification
        item.save(update_fields=["classification"])
        reclassify(item)
