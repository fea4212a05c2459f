"""What a reader of the trail is shown of acts on records that he may not read: that they happened,
when and by whom, and the record's number. The stored entries stay as they are."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from portal.access.actor import Actor
from portal.audit.models import Entry

Sight = Callable[[Actor, set[str]], set[str]]
"""Of records by their ids: those that the actor may not read."""
NUMBER = re.compile(r"[A-Z]+-\d{4}-\d+\b")
_sights: dict[str, Sight] = {}


def register(sights: Mapping[str, Sight]) -> None:
    """Add an app's kinds of record (`app.model`) whose content not every auditor may read."""
    for object_type, sight in sights.items():
        if _sights.get(object_type, sight) is not sight:
            raise ValueError(f"{object_type} has a sight already")
        _sights[object_type] = sight


def shown(entries: Iterable[Entry], actor: Actor) -> list[Entry]:
    """The entries as the actor may read them; `withheld` says where something was left out. One or
    two queries per registered kind among them, however many entries."""
    rows = list(entries)
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.object_type in _sights:
            ids[row.object_type].add(row.object_id)
    hidden = {kind: _sights[kind](actor, held) for kind, held in ids.items()}
    for row in rows:
        if row.object_id in hidden.get(row.object_type, ()):
            _withhold(row)
    return rows


def _withhold(row: Entry) -> None:
    number = NUMBER.match(row.object_label)
    row.object_label = number[0] if number else ""
    row.before = row.after = None
    row.note = ""
    row.withheld = True
