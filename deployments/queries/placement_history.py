"""The past of one placement: its steps, and what was changed of it, by whom and why."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import DateField, DateTimeField, IntegerField
from django.utils.translation import gettext as _

from deployments.enums import DEPLOYMENT_BADGE, DeploymentState
from deployments.models import Deployment
from portal.audit.models import Entry
from portal.audit.queries import acts_on
from portal.web.templatetags.portal import angka, tanggal_pendek, wita

CHANGES = ("deployment.change", "deployment.draw")
NOTHING = "–"

Names = dict[str, dict[Any, str]]
"""By field the names of the rows that it pointed to."""


def placement_events(deployment: Deployment) -> list[dict[str, Any]]:
    """For `ui/timeline.html`, the newest first; `deployment` was looked up in the reader's sight.
    Steps come from the placement itself, changes from the audit trail."""
    changes = acts_on(deployment, *CHANGES).order_by("-pk")
    names = _names(changes)
    events = [*(_change(entry, names) for entry in changes), *_steps(deployment)]
    return sorted(events, key=lambda event: event["at"], reverse=True)


def _steps(deployment: Deployment) -> Iterator[dict[str, Any]]:
    for move in deployment.moves.select_related("by").order_by("-moved_at", "-pk"):
        yield {
            "at": move.moved_at,
            "title": move.get_to_state_display(),
            "by": str(move.by) if move.by else "",
            "text": move.note,
            "kind": DEPLOYMENT_BADGE[DeploymentState(move.to_state)],
        }


def _change(entry: Entry, names: Names) -> dict[str, Any]:
    said = [f"{label}: {was} → {became}" for label, was, became in _differences(entry, names)]
    if entry.note:
        said.append(_("Alasan: %(reason)s") % {"reason": entry.note})
    return {
        "at": entry.at,
        "title": entry.act,
        "by": entry.post_title,
        "text": " · ".join(said),
        "kind": "warning",
    }


def _differences(entry: Entry, names: Names) -> Iterator[tuple[str, str, str]]:
    """Each field that reads otherwise than before, in the order of the model: label, was, is."""
    before, after = entry.before or {}, entry.after or {}
    for field in Deployment._meta.get_fields():
        if field.name not in after or field.name not in before:
            continue
        was, became = (_words(field, values[field.name], names) for values in (before, after))
        if was != became:
            yield str(getattr(field, "verbose_name", field.name)), was, became


def _words(field: Any, value: Any, names: Names) -> str:
    """A value of the trail as the page says it."""
    if value in (None, ""):
        return NOTHING
    if field.is_relation:
        return names[field.name].get(value, str(value))
    if isinstance(field, DateTimeField):
        return wita(datetime.fromisoformat(value))
    if isinstance(field, DateField):
        return tanggal_pendek(date.fromisoformat(value))
    if isinstance(field, IntegerField):
        return angka(value)
    return str(dict(field.flatchoices).get(value, value))


def _names(entries: Iterable[Entry]) -> Names:
    """One query per field that points elsewhere and was changed."""
    wanted: dict[str, set[Any]] = {}
    for entry in entries:
        before, after = entry.before or {}, entry.after or {}
        for name in before.keys() & after.keys():
            wanted.setdefault(name, set())
            if before[name] != after[name]:
                wanted[name] |= {before[name], after[name]} - {None}
    found: Names = {}
    for name, keys in wanted.items():
        target: Any = Deployment._meta.get_field(name).related_model
        if target is not None:
            rows = target.objects.in_bulk(keys) if keys else {}
            found[name] = {key: str(row) for key, row in rows.items()}
    return found
