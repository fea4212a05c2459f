"""Work that a web request leaves behind: written down in its transaction, done by a worker.

`enqueue` writes an outbox row. The relay inside beat publishes it, and publishes it again until the
worker has recorded the effect, so neither a dead Redis nor a wiped one loses anything. `task` makes
a function that a worker runs.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.background.outbox import enqueue
    from portal.background.running import task

__all__ = ["enqueue", "task"]

_HOMES = {"enqueue": "portal.background.outbox", "task": "portal.background.running"}


def __getattr__(name: str):
    # Found on first use: Django imports this package before any model may be imported.
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(name)
