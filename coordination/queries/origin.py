"""Where a directive comes from (dasar), in words and with the page to open."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from coordination.models import Directive, Obligation
from portal.access.actor import Actor

ORIGIN = ("meeting", "section__agenda_item", "agenda_item", "parent_obligation__directive")
"""What to load with a directive whose origin is shown."""


@dataclass(frozen=True)
class Origin:
    """`kind`: meeting, incident, obligation or alone; `detail`: the item, passage or ground."""

    kind: str
    text: str
    url: str
    detail: str

    def __str__(self) -> str:
        return self.text


def origin_of(directive: Directive) -> Origin:
    """Reads only what `ORIGIN` loads. The words of a closed item are not for everybody."""
    ground = directive.ground
    if directive.meeting is not None:
        url = reverse("coordination:meeting_detail", args=[directive.meeting_id])
        text = _("Rakor: %(title)s") % {"title": directive.meeting.title}
        return Origin("meeting", text, url, _passage(directive) or ground)
    if directive.parent_obligation is not None:
        parent = directive.parent_obligation.directive
        url = reverse("coordination:obligation_detail", args=[directive.parent_obligation_id])
        text = _("Tindak lanjut atas %(number)s: %(title)s") % {
            "number": parent.number,
            "title": parent.title,
        }
        return Origin("obligation", text, url, ground)
    if directive.origin_url:
        text = _("Kejadian: %(label)s") % {"label": directive.origin_label}
        return Origin("incident", text, directive.origin_url, ground)
    return Origin("alone", _("Arahan langsung"), "", ground)


def origin_for(directive: Directive, actor: Actor) -> Origin:
    """The same for one reader: a record of an app above is named, and opened only by who sees it;
    the setting DIRECTIVE_ORIGINS names who can tell."""
    origin = origin_of(directive)
    if origin.kind != "incident":
        return origin
    return origin if opens(actor, origin.url) else replace(origin, url="")


def opens(actor: Actor, url: str) -> bool:
    """Whether the reader sees the record of an app above whose page this is."""
    tellers = [import_string(path) for path in settings.DIRECTIVE_ORIGINS]
    return any(tells(actor, url) for tells in tellers)


def from_closed_item(directive: Directive) -> bool:
    """Whether its subject is not for everybody who may hear of the directive."""
    section, item = directive.section, directive.agenda_item
    items = (item, section.agenda_item if section is not None else None)
    return any(found is not None and found.is_closed for found in items)


def _passage(directive: Directive) -> str:
    if from_closed_item(directive):
        return _("Butir tertutup")
    if directive.section is not None:
        return directive.section.heading
    return directive.agenda_item.title if directive.agenda_item is not None else ""


def named_to(other: Obligation, reader: Obligation) -> str:
    """An obligation as it may be named to all who see `reader`: its subject only where that is
    the same directive, or neither of a higher class nor from a closed item."""
    directive = other.directive
    same = reader.directive_id == other.directive_id
    higher = other.classification > reader.classification
    if same or not (higher or from_closed_item(directive)):
        return f"{other.doer}: {directive.title}"
    return _("%(doer)s: arahan %(number)s") % {"doer": other.doer, "number": directive.number}
