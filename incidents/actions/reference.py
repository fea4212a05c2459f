"""Reference rows that hands may change and that a loader must not overwrite."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.access.actor import Actor
from portal.access.errors import Stale
from portal.audit.record import record


def load_rows(
    model: type[models.Model],
    rows: Iterable[Mapping[str, Any]],
    *,
    verb: str,
    by: Actor,
    at: datetime,
) -> int:
    """Bring the rows, each with its `code`, to what is given and in that order; returns how many
    changed. What was changed by hand is left as it is, and no row is removed."""
    manager: Any = model._default_manager
    changed = 0
    with transaction.atomic():
        for position, row in enumerate(rows, start=1):
            wanted = {name: value for name, value in row.items() if name != "code"}
            wanted["position"] = position
            known = manager.select_for_update().filter(pk=row["code"]).first()
            same = known and all(getattr(known, name) == value for name, value in wanted.items())
            if known and (same or known.by_hand):
                continue
            loaded, _new = manager.update_or_create(code=row["code"], defaults=wanted)
            record(verb, loaded, by=by, at=at, after=dict(row))
            changed += 1
    return changed


def change_row(
    row: Any,
    names: Iterable[str],
    given: Mapping[str, Any],
    *,
    checked: Callable[[dict[str, Any]], dict[str, Any]],
    verb: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
    note: str = "",
    **marks: Any,
) -> Any:
    """Set what is given of `names`, and `marks` beside it; what is not given stays as it is.

    `checked` takes all of `names` as they would be and returns them, or raises Refused. Raises
    Stale where somebody else changed the row since `version`. Where nothing differs nothing is
    written."""
    with transaction.atomic():
        current = type(row)._default_manager.select_for_update().get(pk=row.pk)
        if version is not None and current.version != version:
            raise Stale(
                _("Data ini sudah diubah orang lain sejak Anda membukanya. Periksa perubahannya."),
                current=current,
            )
        wanted = checked({name: getattr(current, name) for name in names} | dict(given))
        after = {name: value for name, value in wanted.items() if getattr(current, name) != value}
        if not after:
            return current
        before = {name: getattr(current, name) for name in after}
        for name, value in (after | marks).items():
            setattr(current, name, value)
        current.version += 1
        current.save()
        record(verb, current, by=by, at=at, before=before, after=after, note=note)
    return current
