"""One view of the map: the table's rows and the drawing's payload, out of the same figures."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from deployments.enums import LIGHT_BADGE, Light
from deployments.maps import words
from deployments.maps.measure import Asked, Measure
from deployments.maps.measures import missing, unknown
from deployments.maps.shading import Classes, Fact, Shade, band_of, shade_all
from deployments.queries.strength import StrengthRow
from portal.registry.enums import PROVINCE

SORTS: dict[str, Callable[[StrengthRow], Any]] = {
    "name": lambda row: row.region_name,
    "declared": lambda row: row.declared,
    "need": lambda row: row.need,
    "gap": lambda row: row.difference,
    "reports": missing,
    "present": lambda row: row.present / max(1, row.total),
}
FIGURE = "figure"
"""The column of the measure itself, where it has none of its own in the table."""
UNSAID = Shade("none", "–", "–", False)


@dataclass(frozen=True)
class Area:
    """A region as the map names it: code, full name, name without its kind, short name."""

    code: str
    name: str
    name_on_map: str
    short: str


@dataclass(frozen=True)
class Line:
    """A line of the table, ready to print. `code` is empty for the rest and for the total."""

    code: str
    name: str
    figure: str
    declared: str
    need: str
    gap: str
    short: bool
    reports: str
    late: int
    present: str
    light: tuple[str, str] | None
    style: str = ""


@dataclass(frozen=True)
class Scene:
    """Every region of one level inside a region, under one measure. `rest`: what stands in the
    region as a whole and in none of its parts. `whole`: the region itself."""

    measure: Measure
    areas: Sequence[Area]
    rows: dict[str, StrengthRow]
    rest: StrengthRow | None
    whole: StrengthRow | None
    facts: Mapping[str, Fact]
    shades: dict[str, Shade]
    legend: Sequence[dict[str, Any]]

    def lines(self, sort: str = "") -> list[Line]:
        """The regions in the order asked for; `-gap` is the reverse of `gap`. What is not known
        comes last in either."""
        rows = list(self.rows.values())
        name = sort.removeprefix("-")
        key: Callable[[StrengthRow], Any] | None = (
            self.value_of if name == FIGURE else SORTS.get(name)
        )
        if key:
            known = [row for row in rows if key(row) is not None]
            unsaid = [row for row in rows if key(row) is None]
            rows = sorted(known, key=key, reverse=sort.startswith("-")) + unsaid
        return [
            line_of(row, row.region, self.shades[row.region].style, self.text_of(row.region))
            for row in rows
        ]

    def value_of(self, row: StrengthRow) -> float | None:
        return self.facts.get(row.region, unknown()).value

    def text_of(self, code: str) -> str:
        return self.facts.get(code, unknown()).text

    def change(self, later: "Scene", code: str) -> str:
        """What the other scene of the same measure has more or less: +12, 0; for what is not
        counted the two classes; a dash if either is not known."""
        before, after = (one.facts.get(code, unknown()).value for one in (self, later))
        if before is None or after is None:
            return "–"
        if not self.measure.counted:
            names = [one.class_of(code) for one in (self, later)]
            return _("tetap") if before == after else " → ".join(names)
        return words.signed(after - before, self.measure.scale.say)

    def class_of(self, code: str) -> str:
        """The name that the legend has for the region's class; the whole region has no shade."""
        fact = self.facts.get(code, unknown())
        bands = self.measure.scale.bands([], Classes.FIXED, "")
        return band_of(fact.value, bands).label

    def rest_rows(self) -> list[tuple[str, StrengthRow]]:
        """What stands in none of the parts, each with its name: who is kept for the region as a
        whole, and who of those announced is itemised nowhere."""
        rest = self.rest
        if rest is None:
            return []
        if rest.region != PROVINCE:
            return [(_("Tidak terperinci per kecamatan"), rest)]
        number = rest.not_itemised
        kept = replace(rest, declared=rest.declared - number, not_itemised=0)
        rows = [(_("Tingkat provinsi, tidak terperinci per kabupaten/kota"), kept)]
        if number:
            rows.append((_("Tidak terperinci"), only_not_itemised(rest)))
        return rows

    def rest_lines(self) -> list[Line]:
        return [replace(line_of(row), name=name) for name, row in self.rest_rows()]

    def total_line(self) -> Line | None:
        if self.whole is None:
            return None
        return line_of(self.whole, figure=self.text_of(self.whole.region))

    def payload(self, address_of: Callable[[str], str]) -> dict[str, Any]:
        """What the drawing needs; `address_of` gives the panel of a region."""
        looks = {area.code: self.shades.get(area.code, UNSAID) for area in self.areas}
        return {
            "measure": self.measure.key,
            "regions": [
                {
                    "code": area.code,
                    "name": area.name,
                    "name_on_map": area.name_on_map,
                    "short": area.short,
                    "style": looks[area.code].style,
                    "text": looks[area.code].text,
                    "say": looks[area.code].say,
                    "hatched": looks[area.code].hatched,
                    "panel": address_of(area.code),
                }
                for area in self.areas
            ],
            "legend": {
                "title": str(self.measure.legend),
                "bands": list(self.legend),
                "hatch": _("Laporan belum lengkap"),
                "hatched": sum(look.hatched for look in looks.values()),
            },
        }

    @property
    def as_of(self) -> datetime | None:
        """The newest change behind any figure shown."""
        return self.whole.as_of if self.whole else None

    @property
    def cut_off_at(self) -> datetime | None:
        """The cut-off whose readiness reports are counted."""
        parts = [part for row in self.rows.values() for part in row.by_agency.values()]
        return parts[0].cut_off_at if parts else None


def compose(
    measure: Measure,
    classes: Classes,
    areas: Iterable[Area],
    found: Iterable[StrengthRow],
    asked: Asked,
    level: str,
) -> Scene:
    """The scene of the areas out of the roll-up's rows for their level; `asked` has the same rows,
    and the region around them if anybody stands in it."""
    rows: dict[str, StrengthRow] = {}
    rest = None
    for row in found:
        if row.undistributed:
            rest = row
        else:
            rows[row.region] = row
    places = list(areas)
    facts = measure.facts(asked)
    inside = {area.code: facts.get(area.code, unknown()) for area in places}
    shades, legend = shade_all(measure.scale, inside, classes, level)
    return Scene(
        measure=measure,
        areas=places,
        rows=rows,
        rest=rest,
        whole=asked.rows.get(asked.within),
        facts=facts,
        shades=shades,
        legend=[
            {"style": band.style, "label": band.label, "count": count} for band, count in legend
        ],
    )


def only_not_itemised(row: StrengthRow) -> StrengthRow:
    """Of the row those alone who stand nowhere: nothing else is known of them."""
    return replace(
        row,
        by_agency={},
        declared=row.not_itemised,
        engaged=0,
        standby=0,
        reserve=0,
        expected=0,
        received=0,
        late=0,
        total=0,
        present=0,
        need=None,
        gap=None,
        states=None,
        groups={},
        light="",
        silent_since=None,
        conflict=False,
    )


def brief(name: str) -> str:
    """A regency without the word for it; a city keeps it, for there is also a regency Banjar."""
    return name.removeprefix("Kabupaten ")


def line_of(row: StrengthRow, code: str = "", style: str = "", figure: str = "–") -> Line:
    return Line(
        code=code,
        name=brief(row.region_name),
        figure=figure,
        declared=words.people(row) if code.count(".") > 1 else words.figure(row.declared),
        need=words.figure(row.need),
        gap=words.short_or_over(row.gap),
        short=(row.gap or 0) > 0,
        reports=words.reports(row),
        late=row.came_late,
        present=words.present(row),
        light=(LIGHT_BADGE[Light(row.light)], str(Light(row.light).label)) if row.light else None,
        style=style,
    )
