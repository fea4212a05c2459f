"""The map as one SVG for paper: the scene's classes over the same outlines as on the screen."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import product
from typing import Any

from deployments.maps.scene import UNSAID, Area, Scene

# As in static/css/map.css and tokens.css by day; a test keeps the two alike.
FILLS = {
    "none": "#d7d9dc",
    "amount-1": "#e4eefa", "amount-2": "#b5d2ef", "amount-3": "#78aedd", "amount-4": "#3b7fbf",
    "amount-5": "#164d8c",
    "concern-1": "#fdf3d0", "concern-2": "#f8d489", "concern-3": "#ec9f45", "concern-4": "#bf5f1d",
    "concern-5": "#7a2f0d",
    "short-2": "#c8590a", "short-1": "#f7b56a", "enough-1": "#d9d3ea", "enough-2": "#8a77b8",
    "light-ready": "#4fb3a1", "light-conditional": "#f3cf63", "light-not_ready": "#d9603b",
    "light-silent": "#efedf4", "light-held": "#c3cad4",
    "absent-0": "#d7e8e3", "absent-1": "#f6d9a8", "absent-2": "#ec9d55", "absent-3": "#c5531b",
}  # fmt: skip
DARK = {
    "amount-4", "amount-5", "concern-4", "concern-5", "short-2", "enough-2", "light-not_ready",
    "absent-3",
}  # fmt: skip
"""Fills on which words stand in white."""
MAINLAND = (114.3, -4.25, 116.75, -1.25)
WIDTH, HEIGHT = 1000, 1440
FONT = "Libertinus Serif"
NAME_SIZE, FIGURE_SIZE = 21, 27
HATCH = (
    '<pattern id="arsir" patternUnits="userSpaceOnUse" width="14" height="14" '
    'patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="14" stroke="#16202e" '
    'stroke-width="3.4" stroke-opacity="0.72"/></pattern>'
)


Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
SIDES = ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, 1), (-1, -1), (1, 1), (1, -1))


@dataclass(frozen=True)
class Frame:
    """Degrees to points: equal distances at the middle latitude, the whole frame filled."""

    west: float
    north: float
    scale: float
    squeeze: float
    left: float
    top: float

    @classmethod
    def around(cls, box: Sequence[float]) -> "Frame":
        west, south, east, north = box
        squeeze = math.cos(math.radians((south + north) / 2))
        scale = min(WIDTH / ((east - west) * squeeze), HEIGHT / (north - south))
        left = (WIDTH - (east - west) * squeeze * scale) / 2
        top = (HEIGHT - (north - south) * scale) / 2
        return cls(west, north, scale, squeeze, left, top)

    def point(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = self.left + (longitude - self.west) * self.squeeze * self.scale
        return round(x, 1), round(self.top + (self.north - latitude) * self.scale, 1)

    def path(self, geometry: Mapping[str, Any]) -> str:
        return "".join(
            "M" + "L".join(f"{x} {y}" for x, y in (self.point(*at[:2]) for at in ring)) + "Z"
            for polygon in _polygons(geometry)
            for ring in polygon
        )


def _polygons(geometry: Mapping[str, Any]) -> Iterable[Any]:
    parts = geometry["coordinates"]
    return [parts] if geometry["type"] == "Polygon" else parts


def bounds(geometries: Iterable[Mapping[str, Any]]) -> tuple[float, float, float, float]:
    points = [
        at
        for geometry in geometries
        for polygon in _polygons(geometry)
        for ring in polygon
        for at in ring
    ]
    if not points:
        return MAINLAND
    lons, lats = [at[0] for at in points], [at[1] for at in points]
    pad = max(max(lons) - min(lons), max(lats) - min(lats)) * 0.03
    return min(lons) - pad, min(lats) - pad, max(lons) + pad, max(lats) + pad


def svg(
    scene: Scene,
    outlines: Mapping[str, Mapping[str, Any]],
    labels: Mapping[str, tuple[float, float]],
    *,
    land: Iterable[Mapping[str, Any]] = (),
    box: Sequence[float] | None = None,
) -> str:
    """The drawing, 1000 by 1440. `outlines` and `labels` (longitude, latitude) by region code;
    `box`: west, south, east, north in degrees, else what the outlines need."""
    frame = Frame.around(box or bounds(outlines.values()))
    parts = [f'<path d="{frame.path(each)}" fill="#eceae3" stroke="#a9b3bd"/>' for each in land]
    for area in scene.areas:
        if area.code not in outlines:
            continue
        look = scene.shades.get(area.code, UNSAID)
        path = frame.path(outlines[area.code])
        parts.append(
            f'<path d="{path}" fill="{FILLS[look.style]}" stroke="#ffffff" stroke-width="2.5"/>'
        )
        if look.hatched:
            parts.append(f'<path d="{path}" fill="url(#arsir)"/>')
    parts += _labels(scene, frame, labels)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}"><defs>{HATCH}</defs>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#dbe7f1"/>{"".join(parts)}</svg>'
    )


def _labels(scene: Scene, frame: Frame, labels: Mapping[str, tuple[float, float]]) -> Iterable[str]:
    """Name and figure of each region, a short name where two would overlap. A regency without room
    is named beside itself with a line to it; a district keeps its figure alone."""
    taken: list[Box] = []
    late: list[Area] = []
    for area in scene.areas:
        if area.code not in labels:
            continue
        look = scene.shades.get(area.code, UNSAID)
        x, y = frame.point(*labels[area.code])
        for name in _names(area):
            edges = _box(name, look.text, x, y)
            if all(_apart(edges, other) for other in taken):
                taken.append(edges)
                yield _words(name, look.text, x, y, dark=look.style in DARK)
                break
        else:
            late.append(area)
    for area in late:
        figure = scene.shades.get(area.code, UNSAID).text
        x, y = frame.point(*labels[area.code])
        yield _beside(area.name_on_map, figure, x, y, taken)


def _names(area: Area) -> tuple[str, ...]:
    names = (area.name_on_map, area.short)
    return names if area.code.count(".") == 1 else (*names, "")


def _box(name: str, figure: str, x: float, y: float) -> Box:
    width = max(len(name) * NAME_SIZE, len(figure) * FIGURE_SIZE) * 0.5
    return x - width / 2, y - 26, x + width / 2, y + 26


def _beside(name: str, figure: str, x: float, y: float, taken: list[Box]) -> str:
    """A label with a line to its region, at the nearest free place on the sheet; else nothing."""
    left, top, right, bottom = _box(name, figure, x, y)
    across, down = (right - left) / 2 + 20, (bottom - top) / 2 + 20
    for far, (side, over) in product((1, 1.6, 2.4, 3.2), SIDES):
        at_x, at_y = round(x + side * across * far, 1), round(y + over * down * far, 1)
        edges = _box(name, figure, at_x, at_y)
        inside = edges[0] > 4 and edges[1] > 4 and edges[2] < WIDTH - 4 and edges[3] < HEIGHT - 4
        if inside and all(_apart(edges, other) for other in taken):
            taken.append(edges)
            line = f'<path d="M{x} {y}L{at_x} {at_y}" stroke="#16202e" stroke-width="2.5"/>'
            width, height = edges[2] - edges[0] + 8, edges[3] - edges[1] + 2
            card = (
                f'<rect x="{edges[0] - 4:.1f}" y="{edges[1] - 1:.1f}" width="{width:.1f}" '
                f'height="{height:.1f}" rx="6" fill="#ffffff" stroke="#44566b" stroke-width="2"/>'
            )
            return line + card + _words(name, figure, at_x, at_y, dark=False)
    return ""


def _apart(a: Sequence[float], b: Sequence[float]) -> bool:
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def _words(name: str, figure: str, x: float, y: float, *, dark: bool) -> str:
    ink, halo = ("#ffffff", "#0d2b4d") if dark else ("#10202f", "#ffffff")
    common = f'font-family="{FONT}" text-anchor="middle" font-weight="bold" x="{x}"'
    texts = [(name, y - 5, NAME_SIZE), (figure, y + 20, FIGURE_SIZE)]
    # The halo lies under the letters: first every outline, then every fill.
    return "".join(
        f'<text {common} y="{round(at, 1)}" font-size="{size}" {paint}>{escape(text)}</text>'
        for paint in (
            f'fill="{halo}" stroke="{halo}" stroke-width="5" stroke-linejoin="round"',
            f'fill="{ink}"',
        )
        for text, at, size in texts
        if text
    )
