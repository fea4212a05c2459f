"""What a record of an app above brings up in a rakor."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from coordination.actions.running_order import Owner
from coordination.models import Meeting
from portal.access.classification import Classification
from portal.access.errors import Refused


@dataclass(frozen=True)
class ItemOrigin:
    """The record of an app above that brings an item up: its page (a path of the portal), its name,
    and the class below which no list may tell of it."""

    url: str
    label: str
    classification: int


def from_origin(origin: ItemOrigin | None, owner: Owner) -> dict[str, Any]:
    """Raises Refused where the list is open to more readers than the record."""
    if origin is None:
        return {}
    if not origin.url.startswith("/") or origin.url.startswith("//"):
        raise Refused(_("Asal mata acara harus sebuah halaman portal ini."))
    if isinstance(owner, Meeting) and owner.classification < origin.classification:
        raise Refused(
            _("%(label)s berklasifikasi %(class)s, lebih tinggi daripada rakor ini.")
            % {
                "label": origin.label,
                "class": Classification(origin.classification).label,
            }
        )
    return {
        "origin_url": origin.url,
        "origin_label": origin.label,
        "classification": origin.classification,
    }
