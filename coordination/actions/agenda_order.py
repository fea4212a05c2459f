"""The order of a running order's items: one step up or down, or all of them anew."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.running_order import (
    Owner,
    gone,
    in_sections,
    items_of,
    lock_owner,
    owner_of,
    touch,
)
from coordination.models import AgendaItem
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record


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
