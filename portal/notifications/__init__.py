"""The inbox of every post, and the mails that go out with it.

`notify` writes one entry per event and post and promises the mail; `cancel` stops what is no longer
needed; `unread_count` is the number on the bell. The texts of a kind are
`templates/emails/<kind>/subject.txt` and `body.txt`, rendered when sent or shown.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.notifications.actions import cancel, notify
    from portal.notifications.queries import unread_count

__all__ = ["cancel", "notify", "unread_count"]

_HOMES = {
    "cancel": "portal.notifications.actions",
    "notify": "portal.notifications.actions",
    "unread_count": "portal.notifications.queries",
}


def __getattr__(name: str):
    # Found on first use: Django imports this package before any model may be imported.
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(name)
