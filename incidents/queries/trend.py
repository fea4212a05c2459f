"""The weeks as bars: where each stands in a drawing as wide as a page, `HEIGHT` points high; many
weeks make it wider, for none is narrower than `NARROWEST`."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from incidents.queries.statistics import WeekTally
from portal.web.templatetags.portal import angka, tanggal_pendek

PAGE, NARROWEST, WIDEST = 1060, 44, 96
HEIGHT, GAP = 150, 8
STEPS = (1, 2, 5)
LINES = 4
"""At most so many lines across."""


@dataclass(frozen=True)
class Part:
    """The incidents of one severity in a bar."""

    severity: int
    y: str
    height: str


@dataclass(frozen=True)
class Bar:
    """A week: its parts from the lowest severity up, its number above, its sentence."""

    x: int
    middle: int
    top: str
    text: str
    label: str
    say: str
    parts: list[Part]


@dataclass(frozen=True)
class Trend:
    width: int
    height: int
    bar: int
    bars: list[Bar]
    lines: list[tuple[str, str]]


def trend(weeks: Sequence[WeekTally]) -> Trend:
    """Every second week is named when there are many."""
    width = max(NARROWEST, min(WIDEST, PAGE // max(1, len(weeks))))
    top = ceiling(max((week.total for week in weeks), default=0))
    every = 1 if len(weeks) <= 12 else 2
    return Trend(
        width=width * len(weeks),
        height=HEIGHT,
        bar=width - GAP,
        bars=[_bar(number, week, top, every, width) for number, week in enumerate(weeks)],
        lines=[
            (_said(_height(value, top)), angka(value)) for value in range(0, top + 1, step(top))
        ],
    )


def step(top: int) -> int:
    """The distance of the lines: 1, 2 or 5 times a power of ten."""
    scale = 1
    while True:
        for factor in STEPS:
            if top <= LINES * factor * scale:
                return factor * scale
        scale *= 10


def ceiling(most: int) -> int:
    """The least value at or above the greatest on which a line stands."""
    distance = step(max(most, 1))
    return -(-max(most, 1) // distance) * distance


def _height(value: float, top: int) -> float:
    """The distance from the upper edge."""
    return HEIGHT - value * HEIGHT / top


def _said(length: float) -> str:
    """As a drawing wants it, whatever the language."""
    return f"{length:.1f}"


def _bar(number: int, week: WeekTally, top: int, every: int, width: int) -> Bar:
    parts, below = [], 0
    for severity, n in enumerate(week.severities, start=1):
        if n:
            upper = _height(below + n, top)
            parts.append(Part(severity, _said(upper), _said(_height(below, top) - upper)))
            below += n
    day = tanggal_pendek(week.monday)
    x = number * width + GAP // 2
    return Bar(
        x=x,
        middle=x + (width - GAP) // 2,
        top=_said(_height(week.total, top) - 4),
        text=angka(week.total) if week.total else "",
        label=day.rpartition(" ")[0] if number % every == 0 else "",
        say=_("Pekan %(day)s: %(number)s kejadian") % {"day": day, "number": angka(week.total)},
        parts=parts,
    )
