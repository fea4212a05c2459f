"""What can be exported: each app registers its lists by name; the ground knows none of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from portal.access.actor import Actor
from portal.access.permissions import Permission


@dataclass(frozen=True)
class Selection:
    """What a filter selects for an actor: ids in the order of the page, the filter in sound form
    and in words, and the highest class of the rows."""

    ids: list[int]
    query: str
    words: list[str]
    classification: int


@dataclass(frozen=True)
class Kind:
    """A list. `lines` gives the cells of some of the selected rows, numbered from a place on; rows
    that the actor may no longer see are left out."""

    name: str
    permission: Permission
    title: str | Promise
    columns: Callable[[], Sequence[tuple[str, int]]]
    select: Callable[[Actor, str, datetime], Selection]
    lines: Callable[[Actor, Sequence[int], datetime, int], list[list[Any]]]
    page: str
    numeric: frozenset[int] = field(default=frozenset())


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add an app's list; a name belongs to one list, so a second one is an error."""
    if _kinds.get(kind.name, kind) is not kind:
        raise ValueError(f"The export {kind.name} is registered already.")
    _kinds[kind.name] = kind


def kind_of(name: str) -> Kind | None:
    return _kinds.get(name)
