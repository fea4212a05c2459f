"""Taking a row in hand: locked, and still the one that the user had before him."""

from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from coordination.enums import (
    ADDENDUM_MOVES,
    MEETING_MOVES,
    MINUTES_MOVES,
    OBLIGATION_MOVES,
    AddendumState,
    MeetingState,
    MinutesState,
    ObligationState,
)
from coordination.models import Addendum, Meeting, Minutes, Obligation
from portal.access.errors import Refused, Stale

Row = TypeVar("Row", bound=models.Model)


def lock(row: Row, version: int | None = None, *related: str) -> Row:
    """The row as it stands now, locked. Raises Stale when its version is not the given one.

    `related` names what to load with it; only the row itself is locked.
    """
    rows = type(row)._default_manager.select_for_update(of=("self",))
    fresh: Any = rows.select_related(*related).get(pk=row.pk) if related else rows.get(pk=row.pk)
    if version is not None and fresh.version != version:
        raise Stale(
            _("Data ini sudah diubah orang lain sejak Anda membukanya. Periksa perubahannya."),
            current=fresh,
        )
    return fresh


def save(row: Any, **values: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write the fields that differ and raise the version; returns what they were and are, for the
    audit. Nothing differs: nothing is written, and both are empty."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return {}, {}
    before = {name: plain(getattr(row, name)) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changed, "version"])
    return before, {name: plain(value) for name, value in changed.items()}


def plain(value: Any) -> Any:
    """A value as the audit keeps it: a related record by its id."""
    return value.pk if isinstance(value, models.Model) else value


def move_meeting(meeting: Meeting, state: MeetingState) -> None:
    """Raises Refused unless the table of moves has this one."""
    if state not in MEETING_MOVES[meeting.state]:
        raise Refused(
            _("Rakor berkeadaan “%(state)s” tidak dapat menjadi “%(wanted)s”.")
            % {"state": meeting.get_state_display(), "wanted": state.label}
        )


def move_minutes(minutes: Minutes, state: MinutesState) -> None:
    """Raises Refused unless the table of moves has this one."""
    if state not in MINUTES_MOVES[minutes.state]:
        raise Refused(
            _("Notula berkeadaan “%(state)s” tidak dapat menjadi “%(wanted)s”.")
            % {"state": minutes.get_state_display(), "wanted": state.label}
        )


def move_addendum(addendum: Addendum, state: AddendumState) -> None:
    """Raises Refused unless the table of moves has this one."""
    if state not in ADDENDUM_MOVES[addendum.state]:
        raise Refused(
            _("Adendum berkeadaan “%(state)s” tidak dapat menjadi “%(wanted)s”.")
            % {"state": addendum.get_state_display(), "wanted": state.label}
        )


def move_obligation(obligation: Obligation, state: ObligationState) -> None:
    """Raises Refused unless the table of moves has this one."""
    if state not in OBLIGATION_MOVES[obligation.state]:
        raise Refused(
            _("Tindak lanjut berkeadaan “%(state)s” tidak dapat menjadi “%(wanted)s”.")
            % {"state": obligation.get_state_display(), "wanted": state.label}
        )
