"""Two texts that grew from one: joined line by line; where they clash, both stay, marked."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from merge3 import Merge3

from portal.web.language import for_everybody

MARK = "⟦"
"""Begins every mark of a clash; minutes that carry one cannot be signed."""
LONG = frozenset({"body", "decision", "opening", "conclusion", "closing"})


def join(
    base: Mapping[str, str],
    theirs: Mapping[str, str],
    mine: Mapping[str, str],
    *,
    their_office: str,
    my_office: str,
) -> tuple[dict[str, str], bool]:
    """Each field of `mine` joined with what stands there by now; whether any of them clashed."""
    joined: dict[str, str] = {}
    clashed = False
    for name, own in mine.items():
        stored, before = theirs[name], base.get(name, "")
        if stored == before or stored == own:
            joined[name] = own
        elif own == before:
            joined[name] = stored
        elif name in LONG:
            joined[name], clash = _join_text(before, stored, own, their_office, my_office)
            clashed |= clash
        else:
            # One line has no room for marks: both stand side by side.
            joined[name] = f"{stored} / {own}"
    return joined, clashed


def has_mark(text: str) -> bool:
    return MARK in text


def _join_text(
    before: str, stored: str, own: str, their_office: str, my_office: str
) -> tuple[str, bool]:
    lines: list[str] = []
    clashed = False
    groups = Merge3(before.split("\n"), stored.split("\n"), own.split("\n")).merge_groups()
    for kind, *parts in groups:
        if kind == "conflict":
            clashed = True
            lines += _both(parts[1], parts[2], their_office, my_office)
        else:
            lines += parts[0]
    return "\n".join(lines), clashed


def _both(
    stored: Sequence[str], own: Sequence[str], their_office: str, my_office: str
) -> list[str]:
    with for_everybody():
        written_by, end = _("Bentrok, tulisan"), _("Akhir bentrok")
    return [
        "",
        f"{MARK}{written_by} {their_office}⟧",
        "",
        *stored,
        "",
        f"{MARK}{written_by} {my_office}⟧",
        "",
        *own,
        "",
        f"{MARK}{end}⟧",
        "",
    ]
