"""The lights of many reports: of each group of the form, and of the place as a whole."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deployments.enums import THRESHOLDS, Light, Tally, light_for, light_of_many, worst
from deployments.models import FormGroup
from deployments.queries.lights import Scale, thresholds
from portal import clock

PERSONNEL = "personnel"
"""The group whose thresholds judge the people of a place."""
COUNTS = ("ready", "conditional", "not_ready", "silent", "mandatory")

Groups = Mapping[str, Mapping[str, int]]
"""Per group of the form the number of its reports by light, and of those that had to answer it."""
Scales = Mapping[str, Scale]


@dataclass(frozen=True)
class NamedGroup:
    """A group that is judged, with its thresholds in per cent and where they come from."""

    key: str
    label: str
    mandatory: bool
    ready: int
    conditional: int
    source: str
    illustrative: bool


def add_groups(parts: Iterable[Groups]) -> dict[str, dict[str, int]]:
    """The counts of several places, group by group."""
    found: dict[str, Counter[str]] = {}
    for groups in parts:
        for key, counts in groups.items():
            found.setdefault(key, Counter()).update(counts)
    return {key: {name: counts[name] for name in COUNTS} for key, counts in found.items()}


def group_light(
    key: str, groups: Groups, *, expected: int, received: int, by: Scales, held: int = 0
) -> Light | None:
    """The light of one group of a place. None where no report is expected; silent while none of
    those that came answers it, unless all were `held` in quarantine."""
    if not expected and not received:
        return None
    counts = groups.get(key)
    if counts is None:
        return Light.HELD if 0 < held == expected else Light.SILENT
    return light_of_many(
        counts["ready"],
        counts["conditional"],
        counts["not_ready"],
        silent=counts["silent"] > 0 or received < expected,
        thresholds=by.get(key, THRESHOLDS),
    )


def held_of(states: Mapping[str, int] | None) -> int:
    """Reports that came and are held in quarantine, of those counted by Tally; none while they were
    not counted apart."""
    return states[Tally.QUARANTINED] if states else 0


def place_light(
    counts: Mapping[str, Any],
    groups: Groups,
    by: Scales,
    states: Mapping[str, int] | None = None,
) -> str:
    """The light of a place: its people by the thresholds of the personnel, and no better than its
    worst mandatory group; one that nobody answered bars the green light. "" where no report is
    expected. `counts` has expected, received, present and total; `states` the same reports by
    Tally."""
    light = light_for(
        **{name: counts[name] for name in ("expected", "received", "present", "total")},
        held=held_of(states),
        thresholds=by.get(PERSONNEL, THRESHOLDS),
    )
    if light in (None, Light.SILENT, Light.HELD):
        return light.value if light else ""
    judged = [
        group_light(key, groups, expected=counts["expected"], received=counts["received"], by=by)
        for key, group in groups.items()
        if group["mandatory"]
    ]
    answered = [Light.CONDITIONAL if one == Light.SILENT else one for one in judged if one]
    return worst(light, *answered).value


def named_groups(at: datetime) -> list[NamedGroup]:
    """Every group of the forms that are published by then, in the order of the thresholds that
    held; one
    without a threshold of its own comes last and is judged by the common ones."""
    published = FormGroup.objects.filter(
        form__published_at__isnull=False, form__valid_from__lte=clock.local(at).date()
    )
    names: dict[str, FormGroup] = {}
    must = set()
    for group in published.order_by("form__valid_from", "form__number", "form", "position"):
        names[group.key] = group
        if group.mandatory:
            must.add(group.key)
    rows = thresholds(at)
    order = [key for key in rows if key in names] + [key for key in names if key not in rows]
    return [
        NamedGroup(
            key=key,
            label=names[key].label,
            mandatory=key in must,
            ready=rows[key].ready if key in rows else THRESHOLDS[0][0],
            conditional=rows[key].conditional if key in rows else THRESHOLDS[1][0],
            source=rows[key].source if key in rows else "",
            illustrative=rows[key].illustrative if key in rows else True,
        )
        for key in order
    ]
