"""The kept revisions of minutes, and what changed in each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from coordination.models import Minutes, SectionRevision
from coordination.queries.minutes.wording import Part, word_diff


@dataclass(frozen=True)
class RevisionRow:
    """A kept text with what changed in it against the one before."""

    pk: int
    number: int
    origin: str
    author: str
    at: datetime
    changes: list[tuple[str, list[Part]]]
    is_current: bool


@dataclass(frozen=True)
class History:
    """One passage (or the head) with its revisions, the newest first."""

    title: str
    anchor: str
    rows: list[RevisionRow]
    removed: bool = False


def history(minutes: Minutes) -> list[History]:
    """Every passage with its kept revisions, those of removed ones at the end."""
    kept: dict[Any, list[SectionRevision]] = {}
    rows = SectionRevision.objects.filter(minutes=minutes, folded=False).order_by("pk")
    for row in rows:
        gone = not row.of_head and row.section_id is None
        key = (
            "head"
            if row.of_head
            else ("gone", row.values.get("heading"))
            if gone
            else row.section_id
        )
        kept.setdefault(key, []).append(row)
    found = [_history(_("Kepala dan kaki"), "kepala", kept.pop("head", []))]
    for section in minutes.sections.order_by("position"):
        revisions = kept.pop(section.pk, [])
        found.append(_history(section.heading, f"bagian-{section.pk}", revisions))
    for key, revisions in kept.items():
        title = _("%(heading)s (dihapus)") % {"heading": key[1]}
        found.append(_history(title, f"dihapus-{revisions[0].pk}", revisions, removed=True))
    return found


def _history(
    title: str, anchor: str, rows: list[SectionRevision], *, removed: bool = False
) -> History:
    labels = {
        "heading": _("Pokok bahasan"),
        "speaker": _("Pembicara"),
        "body": _("Pembahasan"),
        "decision": _("Keputusan"),
        "opening": _("Pembukaan"),
        "conclusion": _("Kesimpulan"),
        "closing": _("Penutupan"),
    }
    shown = []
    before: dict[str, Any] = {}
    for row in rows:
        changes = [
            (labels.get(name) or _field(name), word_diff(before.get(name, ""), text))
            for name, text in row.values.items()
            if isinstance(text, str) and before.get(name, "") != text
        ]
        shown.append(
            RevisionRow(
                pk=row.pk,
                number=row.number,
                origin=row.get_origin_display(),
                author=row.author_office,
                at=row.at,
                changes=changes,
                is_current=row is rows[-1] and not removed,
            )
        )
        before = row.values
    return History(title, anchor, shown[::-1], removed)


def _field(name: str) -> str:
    return str(getattr(Minutes._meta.get_field(name), "verbose_name", name))
