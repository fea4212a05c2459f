"""What an app says is late for an actor: shown in the inbox beside what was told. The ground knows
no app, so each registers where to ask."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.access.actor import Actor


@dataclass(frozen=True)
class LateItem:
    """A duty of the actor's agency whose time is over."""

    title: str
    note: str
    url: str
    due_at: datetime


Selector = Callable[[Actor, datetime], list[LateItem]]
_selectors: dict[str, Selector] = {}


def register(name: str, selector: Selector) -> None:
    """One selector per name; a second one is an error."""
    if _selectors.get(name, selector) is not selector:
        raise ValueError(f"{name} says already what is late.")
    _selectors[name] = selector


def late_items(actor: Actor, at: datetime) -> list[LateItem]:
    """Of all apps, the longest overdue first."""
    items = [item for selector in _selectors.values() for item in selector(actor, at)]
    return sorted(items, key=lambda item: item.due_at)
