"""The running order: adding, editing and deleting its items."""

from collections.abc import Iterable
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
