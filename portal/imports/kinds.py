"""What can be imported: each app registers its lists by name; the ground knows none of them."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.imports.enums import CellType, RowVerdict

Values = dict[str, Any]
"""A row by column: text, numbers, True or False, dates as ISO text; None for an empty cell."""


@dataclass(frozen=True)
class Column:
    """A column of the file. `least` and `most`: of a number its limits, of a text its length."""

    name: str
    head: str | Promise
    type: CellType = CellType.TEXT
    required: bool = False
    help: str | Promise = ""
    example: str = ""
    choices: Sequence[tuple[str, str | Promise]] = ()
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Verdict:
    """What a row would do: `before` and `after` by column as the portal has it; `reasons` by column
    ("" for the whole row) when it is refused."""

    verdict: str
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    object_id: str = ""


def refused(reasons: Mapping[str, Any]) -> Verdict:
    return Verdict(RowVerdict.REFUSED, reasons={name: str(text) for name, text in reasons.items()})


def compared(before: Values | None, after: Values, object_id: str = "") -> Verdict:
    """New without a `before`, the same when nothing differs, else changed."""
    if before is None:
        return Verdict(RowVerdict.NEW, after=after)
    same = before == after
    verdict = RowVerdict.SAME if same else RowVerdict.CHANGED
    return Verdict(verdict, before=before, after=after, object_id=object_id)


@dataclass(frozen=True)
class Entry:
    """A checked row on its way into the portal or back."""

    line: int
    values: Values
    verdict: str
    before: Values
    after: Values
    object_id: str


Check = Callable[[Actor, Sequence[Values], datetime, Callable[[Set[str]], Set[str]]], list[Verdict]]
Faults = Callable[[Actor, Sequence[Values], datetime], list[dict[str, str]]]


@dataclass(frozen=True)
class Kind:
    """A list. `check` judges rows in one go; its last argument tells which of these keys earlier
    rows of the file bring. `apply` and `undo` write rows through the app's actions and raise
    Refused; `apply` gives the ids of what it wrote. They get single rows, or many when `bulk`.
    `rehearse`: a check also tries `apply` and takes it back, so that an action's refusal is known
    before. `faults` finds by column what is wrong with rows of which some cells could not be read
    (None there), so that they are told whole. `open_to` says which posts with the permission see
    the list at all."""

    name: str
    permission: Permission
    title: str | Promise
    about: str | Promise
    columns: Sequence[Column]
    key: Callable[[Values], str]
    check: Check
    apply: Callable[[Actor, Sequence[Entry], datetime], list[str]]
    undo: Callable[[Actor, Sequence[Entry], datetime], None]
    page: str
    faults: Faults | None = None
    open_to: Callable[[Actor], bool] = lambda actor: True
    bulk: bool = False
    rehearse: bool = False
    limit: int = 50_000

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add an app's list; a name belongs to one list, so a second one is an error."""
    if _kinds.get(kind.name, kind) is not kind:
        raise ValueError(f"The import {kind.name} is registered already.")
    _kinds[kind.name] = kind


def kind_of(name: str) -> Kind | None:
    return _kinds.get(name)


def kinds_for(actor: Actor | None) -> list[Kind]:
    """The lists that the post may bring, in the order of their titles."""
    found = [kind for kind in _kinds.values() if opens(kind, actor)]
    return sorted(found, key=lambda kind: str(kind.title))


def opens(kind: Kind | None, actor: Actor | None) -> bool:
    """Whether the post may bring that list."""
    if kind is None or actor is None or not may(actor, Permission.IMPORT_CREATE):
        return False
    return may(actor, kind.permission) and kind.open_to(actor)
