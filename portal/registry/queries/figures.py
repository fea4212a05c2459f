"""ONE selector per number about a region: page, map, export and API read it here."""

from collections.abc import Iterable
from datetime import date

from portal.registry.enums import Quality
from portal.registry.models import Figure, Operation, Region

TRUST = list(Quality.values)  # most trusted first


def figures(
    codes: Iterable[str],
    kinds: Iterable[str] | None = None,
    *,
    operation: Operation | None = None,
) -> dict[tuple[str, str], Figure]:
    """The figure to use per (region code, kind).

    A final one before a provisional one, then the newest, then the most trusted: a counted list
    that was decided upon is not undone by a later newspaper.
    """
    found = Figure.objects.filter(region__in=list(codes))
    if kinds is not None:
        found = found.filter(kind__in=list(kinds))
    if operation is not None:
        found = found.filter(operation=operation)
    chosen: dict[tuple[str, str], Figure] = {}
    for figure in found:
        key = (figure.region_id, figure.kind)
        if key not in chosen or _rank(figure) > _rank(chosen[key]):
            chosen[key] = figure
    return chosen


def _rank(figure: Figure) -> tuple[bool, date, int]:
    return figure.final, figure.as_of, -TRUST.index(figure.quality)


def figure(code: str, kind: str) -> Figure | None:
    """The figure of a region to use, or None where nothing was published."""
    return figures([code], [kind]).get((code, kind))


def figure_total(kind: str, within: str) -> int:
    """The sum of a kind over the regencies inside a region; persons or stations."""
    codes = Region.objects.within(within).regencies().values_list("code", flat=True)
    return sum(each.value for each in figures(codes, [kind]).values())
