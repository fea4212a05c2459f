"""The rotation plan as bars over days: places in per cent, so that letters keep their size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from deployments.enums import DeploymentState
from deployments.queries.rotation import Duty, RotationPlan, Span, Stay
from portal import clock
from portal.registry.models import Stage

LABELLED = 7.0
"""Per cent of the width from which a bar carries its number of people."""
NAMED = 0.7
"""Per cent of the width that a letter of a stage's name takes."""
LANES = 6
"""Rows of stages above the bars at most."""
WEEKLY = 62
"""Up to so many days each Monday has its date; beyond, each first and middle of a month."""
TOP, BAR = 8, 18
"""Distance of a bar from the row's upper edge, and its height."""
THIN = frozenset({DeploymentState.RELIEVED, DeploymentState.RETURNED})
"""Drawn at half the height: they no longer stand there."""


@dataclass(frozen=True)
class Scale:
    """Days to per cent of the width."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def at(self, day: date) -> float:
        return (day - self.first).days * 100 / self.days

    def box(self, span: Span) -> dict[str, Any]:
        """Where the span stands, cut off at the edges."""
        left = max(self.at(span.starts), 0.0)
        right = min(self.at(span.ends + timedelta(days=1)), 100.0)
        return {"x": percent(left), "width": percent(right - left), "wide": right - left}


def percent(value: float) -> str:
    return f"{value:.3f}%"


def timeline(plan: RotationPlan, stages: Iterable[Stage], today: date) -> dict[str, Any]:
    """What the chart prints: its head, the line of today, and a group of rows per duty."""
    scale = Scale(plan.first, plan.last)
    inside = plan.first <= today <= plan.last
    return {
        "ticks": ticks(scale),
        "lanes": lanes(scale, stages),
        "today": percent(scale.at(today) + 50 / scale.days) if inside else "",
        "groups": [group(scale, duty) for duty in plan.duties],
    }


def group(scale: Scale, duty: Duty) -> dict[str, Any]:
    return {
        "duty": duty,
        "rows": [{"stay": stay, "bar": bar(scale, stay), "say": say(stay)} for stay in duty.stays],
        "gaps": [{**scale.box(gap), "say": say_gap(gap), "span": gap} for gap in duty.gaps],
        "handovers": [
            {**scale.box(span), "say": say_handover(span), "span": span} for span in duty.handovers
        ],
    }


def bar(scale: Scale, stay: Stay) -> dict[str, Any]:
    box = scale.box(stay.span)
    thin = stay.state in THIN
    right = scale.at(stay.span.ends + timedelta(days=1))
    return {
        **box,
        "state": stay.state,
        "y": TOP + (BAR // 4 if thin else 0),
        "height": BAR // 2 if thin else BAR,
        "text": stay.people if box["wide"] >= LABELLED and not thin else "",
        "middle": percent(float(box["x"][:-1]) + box["wide"] / 2),
        "flag": percent(right) if stay.unrelieved and right <= 100 else "",
    }


def say(stay: Stay) -> str:
    """The bar in words."""
    words = [f"{stay.unit}, {stay.people}", stay.state_label, stay.span.text, stay.relief]
    return ": ".join([words[0], ", ".join(filter(None, words[1:]))])


def say_gap(gap: Span) -> str:
    return _("Kosong %(span)s (%(length)s)") % {"span": gap.text, "length": gap.length}


def say_handover(span: Span) -> str:
    return _("Serah terima %(span)s (%(length)s)") % {"span": span.text, "length": span.length}


def ticks(scale: Scale) -> list[dict[str, str]]:
    made = []
    for number in range(scale.days):
        day = scale.first + timedelta(days=number)
        if scale.days <= WEEKLY:
            marked = day.weekday() == 0
        else:
            marked = day.day in (1, 15)
        if marked:
            made.append({"x": percent(scale.at(day)), "text": date_format(day, "j M")})
    return made


def lanes(scale: Scale, stages: Iterable[Stage]) -> list[list[dict[str, Any]]]:
    """The stages that begin or end within the days shown, none over another. A name may stand
    beside a short stage; where it would leave the chart it is said in the title only."""
    rows: list[list[dict[str, Any]]] = []
    ends: list[float] = []
    for stage, span in _spans(scale, stages):
        box = scale.box(span)
        left, room = float(box["x"][:-1]), len(stage.label) * NAMED
        start = left if room <= box["wide"] else left + box["wide"]
        named = start + room <= 100
        right = max(left + box["wide"], start + room if named else 0)
        lane = next((number for number, end in enumerate(ends) if end <= left), len(rows))
        if lane == LANES:
            continue
        if lane == len(rows):
            rows.append([])
            ends.append(0.0)
        said = _said(stage, span)
        text = stage.label if named else ""
        rows[lane].append({**box, "start": percent(start), "text": text, "say": said})
        ends[lane] = right + 0.4
    return rows


def _spans(scale: Scale, stages: Iterable[Stage]) -> Sequence[tuple[Stage, Span]]:
    found = []
    for stage in stages:
        starts = clock.local(stage.starts_at).date()
        ends = clock.local(stage.ends_at - timedelta(seconds=1)).date()
        whole = starts <= scale.first and ends >= scale.last
        if starts <= scale.last and ends >= scale.first and not whole:
            found.append((stage, Span(starts, ends)))
    return found


def _said(stage: Stage, span: Span) -> str:
    return f"{stage.label}, {span.text}"
