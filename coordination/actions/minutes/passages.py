"""One passage written, joined with what others wrote meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from coordination.actions.minutes.merging import join
from coordination.actions.minutes.revisions import (
    at_version,
    keep_revision,
    last_author,
    texts_of,
)
from coordination.enums import MinutesState, RevisionOrigin
from coordination.models import (
    Minutes,
)
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record


@dataclass(frozen=True)
class Saved:
    """What became of a text: the row as it stands now, whether another's words were joined to it,
    whether they clashed, and who else writes here."""

    row: Any
    merged: bool = False
    clashed: bool = False
    others: list[str] = field(default_factory=list)


def write_passage(
    row: Any,
    values: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
    base_version: int | None,
    origin: str,
    speaking: Sequence[str] | None = None,
    recorded: bool = True,
) -> Saved:
    """Write the locked row, joined with what others wrote since `base_version`. The caller that
    audits the whole says `recorded=False`."""
    stored = texts_of(row)
    mine = {name: values[name] for name in values if name in stored}
    wanted, clashed = mine, False
    if base_version is not None and base_version < row.version:
        wanted, clashed = join(
            at_version(row, base_version),
            stored,
            mine,
            their_office=last_author(row),
            my_office=by.post_title,
        )
    merged = wanted != mine
    agencies = sorted(set(speaking)) if speaking is not None else None
    same_agencies = agencies is None or agencies == sorted(row.speaking)
    if all(stored[name] == text for name, text in wanted.items()) and same_agencies:
        return Saved(row, merged, clashed)
    for name, text in wanted.items():
        setattr(row, name, text[: row._meta.get_field(name).max_length])
    names = [*wanted, "version"]
    if agencies is not None and not same_agencies:
        row.speaking = agencies
        names.append("speaking")
    row.version += 1
    if isinstance(row, Minutes):
        row.updated_at = at
        names.append("updated_at")
    row.save(update_fields=names)
    if merged and origin == RevisionOrigin.SAVED:
        origin = RevisionOrigin.MERGED
    keep_revision(row, by=by, at=at, origin=origin)
    if not recorded:
        return Saved(row, merged, clashed)
    minutes = row if isinstance(row, Minutes) else row.minutes
    # The words themselves are in the revision; the trail says which passage, and how much.
    record(
        "minutes.passage",
        minutes,
        by=by,
        at=at,
        after={
            "section": None if isinstance(row, Minutes) else row.pk,
            "version": row.version,
            "origin": origin,
            "characters": sum(map(len, texts_of(row).values())),
        },
    )
    return Saved(row, merged, clashed)


def still_draft(minutes: Minutes) -> None:
    """Raises Refused unless the text may be written freely."""
    if minutes.state == MinutesState.PUBLISHED:
        raise Refused(_("Notula yang sudah terbit tidak dapat diubah."))
    if minutes.state == MinutesState.SIGNED:
        raise Refused(
            _("Notula sudah disahkan. Kembalikan ke draf dengan alasan sebelum mengubahnya.")
        )
    if minutes.state == MinutesState.CIRCULATED:
        raise Refused(
            _("Notula sedang diedarkan; naskah berubah hanya lewat jawaban atas keberatan.")
        )


def lines_of(values: Mapping[str, str]) -> dict[str, str]:
    """Line ends as one kind: browsers send two characters, and every line would seem changed."""
    return {name: text.replace("\r\n", "\n") for name, text in values.items()}
