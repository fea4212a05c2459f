"""Classes of the map: which shade a region has under a measure, and what the legend says."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from deployments.maps import words
from portal.registry.models import Region

NONE = "none"
SHADES = 5
FEW = (2, 4, 5)
"""Few classes take shades that lie far apart."""
LOWEST = float("-inf")


class Classes(StrEnum):
    """How the classes of a measure are cut."""

    QUANTILE = "quantile"
    FIXED = "fixed"


CLASS_LABELS: dict[Classes, str | Promise] = {
    Classes.QUANTILE: gettext_lazy("Sama banyak wilayah"),
    Classes.FIXED: gettext_lazy("Batas tetap"),
}


@dataclass(frozen=True)
class Fact:
    """One region under one measure: the value that sets its class (None: not known), the figure
    that is printed, the sentence behind it, and whether reports are still missing."""

    value: float | None
    text: str
    say: str
    waiting: bool = False


@dataclass(frozen=True)
class Band:
    """One class: its style, its words, and the least value in it. `rare`: named in the legend only
    when a region is in it."""

    style: str
    label: str
    floor: float = LOWEST
    rare: bool = False


@dataclass(frozen=True)
class Shade:
    """One region's look: style, the figure on the label, the sentence behind it, and whether it is
    hatched because reports are missing."""

    style: str
    text: str
    say: str
    hatched: bool


@dataclass(frozen=True)
class Scale:
    """How the values of a measure become classes: by named classes that are what they are, or by a
    ramp of five shades, cut by quantiles or at fixed `steps` per level of region. `signed`: the
    values lie on both sides of nothing, and their classes are said with the sign."""

    none: str | Promise
    named: Callable[[], list[Band]] | None = None
    ramp: str = "amount"
    steps: Mapping[str, Sequence[float]] = field(default_factory=dict)
    say: Callable[[float], str] = words.amount
    signed: bool = False

    @property
    def choosable(self) -> bool:
        return self.named is None

    def bands(self, values: Iterable[float], classes: Classes, level: str) -> list[Band]:
        missing = Band(NONE, str(self.none), rare=True)
        if self.named is not None:
            return [missing, *self.named()]
        if classes == Classes.FIXED:
            return [missing, *self._fixed(level)]
        return [missing, *self._quantiles(sorted(values))]

    def _quantiles(self, values: Sequence[float]) -> list[Band]:
        groups = quantiles(values, SHADES)
        shades = range(1, SHADES + 1) if len(groups) > len(FEW) else FEW
        bands = []
        dash = " – " if self.signed else "–"
        for shade, group in zip(shades, groups, strict=False):
            low, high = self._said(group[0]), self._said(group[-1])
            label = low if low == high else f"{low}{dash}{high}"
            bands.append(Band(f"{self.ramp}-{shade}", label, group[0]))
        return bands

    def _said(self, value: float) -> str:
        return words.signed(value, self.say) if self.signed else self.say(value)

    def _fixed(self, level: str) -> list[Band]:
        steps = self.steps.get(level) or self.steps[Region.Level.REGENCY]
        bands = [Band(f"{self.ramp}-1", f"< {self.say(steps[0])}")]
        for shade, floor in enumerate(steps, start=2):
            after = steps[shade - 1] if shade <= len(steps) else None
            below = f"{self.say(floor)}–<{self.say(after)}" if after is not None else ""
            label = below or f"≥ {self.say(floor)}"
            bands.append(Band(f"{self.ramp}-{shade}", label, floor))
        return bands


def shade_all(
    scale: Scale, facts: Mapping[str, Fact], classes: Classes = Classes.QUANTILE, level: str = ""
) -> tuple[dict[str, Shade], list[tuple[Band, int]]]:
    """Each region's look by code, and the legend: every class with the number of its regions."""
    values = [fact.value for fact in facts.values() if fact.value is not None]
    bands = scale.bands(values, classes, level)
    shades = {
        code: Shade(band_of(fact.value, bands).style, fact.text, fact.say, fact.waiting)
        for code, fact in facts.items()
    }
    used = [shade.style for shade in shades.values()]
    counted = [(band, used.count(band.style)) for band in bands]
    return shades, [(band, count) for band, count in counted if count or not band.rare]


def band_of(value: float | None, bands: Sequence[Band]) -> Band:
    """The class of a value; the first of the bands is that of what is not known."""
    if value is None:
        return bands[0]
    return next(band for band in reversed(bands) if value >= band.floor)


def quantiles(values: Sequence[float], classes: int) -> list[list[float]]:
    """Sorted values in at most `classes` groups of like size; equal values are never parted."""
    groups: list[list[float]] = []
    for index, value in enumerate(values):
        filled = index * classes // len(values) < len(groups)
        if groups and (filled or groups[-1][-1] == value):
            groups[-1].append(value)
        else:
            groups.append([value])
    return groups
