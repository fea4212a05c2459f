"""The traffic light of each group of a report, and of the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deployments.enums import CONDITIONS, THRESHOLDS, Light, Score, light_of, worst
from deployments.models import FormField, FormGroup, ThresholdVersion
from deployments.queries.report_forms import FormSpec

Scale = tuple[tuple[int, Light], ...]


@dataclass(frozen=True)
class GroupLight:
    """`percent` is the weakest of what the group is judged by; None where nothing is counted."""

    key: str
    light: Light
    mandatory: bool
    percent: int | None


def scales(at: datetime) -> dict[str, Scale]:
    """The thresholds of each group, as they held at that moment."""
    return {group: row.scale for group, row in thresholds(at).items()}


def thresholds(at: datetime) -> dict[str, ThresholdVersion]:
    """What held at that moment, by group, in the order of the groups."""
    rows = ThresholdVersion.objects.known_at(at).select_related("threshold").order_by("threshold")
    return {row.threshold.group: row for row in rows}


def judge(spec: FormSpec, given: Mapping[str, Any], by: Mapping[str, Scale]) -> list[GroupLight]:
    """Each group of the form with its light; one without an answer is silent, never green."""
    return [
        _group(group, fields, given, by.get(group.key, THRESHOLDS)) for group, fields in spec.groups
    ]


def overall(groups: Sequence[GroupLight]) -> Light:
    """The worst of the mandatory groups; while one of them is unanswered, never green."""
    mandatory = [group.light for group in groups if group.mandatory]
    answered = [light for light in mandatory if light != Light.SILENT]
    if not answered:
        return Light.SILENT
    light = worst(*answered)
    return light if len(answered) == len(mandatory) else worst(light, Light.CONDITIONAL)


def is_partial(groups: Sequence[GroupLight]) -> bool:
    return any(group.mandatory and group.light == Light.SILENT for group in groups)


def _group(
    group: FormGroup, fields: Sequence[FormField], given: Mapping[str, Any], scale: Scale
) -> GroupLight:
    if not any(field.key in given for field in fields):
        return GroupLight(group.key, Light.SILENT, group.mandatory, None)
    parts = [pair for field in fields if (pair := _share(field, given, group.mandatory))]
    good = _conditions(fields, given)
    if good is not None:
        parts.append(good)
    lights = [light_of(part, whole, scale) for part, whole in parts]
    if any(field.score == Score.YES and given.get(field.key) is False for field in fields):
        # What is missing can be made good: it bars the green light, no more.
        lights.append(Light.CONDITIONAL)
    percents = [min(100, part * 100 // whole) if whole > 0 else 0 for part, whole in parts]
    return GroupLight(
        group.key,
        worst(Light.READY, *lights),
        group.mandatory,
        min(percents, default=None),
    )


def _share(field: FormField, given: Mapping[str, Any], mandatory: bool) -> tuple[int, int] | None:
    """(part, whole) by which the field is judged; nothing out of nothing is judged only where the
    group must be answered: there nobody of nobody is not ready."""
    value = given.get(field.key)
    if value is None:
        return None
    if field.score == Score.VALUE:
        return value, 100
    if field.score == Score.RATIO:
        whole = given.get(field.score_of, 0)
        return (value, whole) if whole or mandatory else None
    return None


def _conditions(fields: Sequence[FormField], given: Mapping[str, Any]) -> tuple[int, int] | None:
    """What is in good condition out of all there is, over the whole group."""
    counts = [given[f.key] for f in fields if f.score == Score.CONDITION and f.key in given]
    whole = sum(count.get(name, 0) for count in counts for name in CONDITIONS)
    return (sum(count.get("b", 0) for count in counts), whole) if whole else None
