"""The table twin as a sheet, and the page for the briefing: the scene's lines, nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from deployments.enums import Light
from deployments.maps.picture import FILLS
from deployments.maps.scene import Line, Scene
from deployments.maps.words import is_told
from deployments.queries.strength import StrengthRow
from portal.documents.xlsx import Sheet

ROOMY, CLOSE, TIGHT = (9, 4), (8, 2.6), (7, 1.7)
"""Size of letters and distance in a cell, in points, for short, longer and long tables."""


def _heads(column: str) -> list[str]:
    own = [column] if column else []
    return [
        _("Wilayah"),
        *own,
        _("Tercatat"),
        _("Kebutuhan"),
        _("Selisih"),
        _("Laporan"),
        _("Hadir"),
    ]


def table_sheet(scene: Scene, sort: str, column: str, notes: Sequence[str]) -> Sheet:
    """Numbers stay numbers: persons, reports, and the measure's own value."""
    own = [column] if column else []
    rows = [_cells(scene, line, bool(own)) for line in scene.lines(sort)]
    rows += [
        ["", name, *([None] if own else []), *_numbers(row)] for name, row in scene.rest_rows()
    ]
    total: list[Any] = []
    if scene.whole is not None:
        value = scene.facts.get(scene.whole.region)
        name = _("Jumlah %(name)s") % {"name": scene.whole.region_name}
        head = [scene.whole.region, name]
        total = [*head, *([value.value if value else None] if own else []), *_numbers(scene.whole)]
    return Sheet(
        title=str(scene.measure.label),
        notes=list(notes),
        headers=[
            _("Kode"),
            _("Wilayah"),
            *own,
            _("Tercatat"),
            _("Terlibat"),
            _("Tidak terperinci"),
            _("Kebutuhan"),
            _("Selisih"),
            _("Laporan ditunggu"),
            _("Laporan masuk"),
            _("Masuk terlambat"),
            _("Kuat yang dilaporkan"),
            _("Hadir"),
            _("Kesiapan"),
        ],
        rows=rows,
        total=total,
    )


def _cells(scene: Scene, line: Line, own: bool) -> list[Any]:
    row = scene.rows[line.code]
    fact = scene.facts.get(line.code)
    return [line.code, line.name, *([fact.value if fact else None] if own else []), *_numbers(row)]


def _numbers(row: StrengthRow) -> list[Any]:
    return [
        row.declared,
        row.engaged,
        row.not_itemised,
        row.need,
        row.difference,
        row.expected,
        row.received,
        row.came_late,
        row.total if is_told(row) else None,
        row.present if is_told(row) else None,
        str(Light(row.light).label) if row.light else "",
    ]


def briefing_values(
    scene: Scene, sort: str, column: str, words: Mapping[str, Any]
) -> dict[str, Any]:
    """What templates/documents/peta.typ prints; `words` are the texts around the figures."""
    lines: list[Line] = scene.lines(sort)
    total = scene.total_line()
    lines += scene.rest_lines()
    names = [line.name for line in lines]
    if total:
        lines.append(total)
        names.append(_("Jumlah"))
    rows = [
        [
            name,
            *([line.figure] if column else []),
            line.declared,
            line.need,
            line.gap,
            line.reports,
            f"{line.present} {line.light[1]}" if line.light else line.present,
        ]
        for name, line in zip(names, lines, strict=True)
    ]
    size, inset = _spacing(len(rows), bool(column))
    return {
        "own": bool(column),
        "size": size,
        "inset": inset,
        "heads": _heads(column),
        "rows": rows,
        "fills": [FILLS.get(line.style, "") for line in lines],
        "legend": {"title": str(scene.measure.legend), "bands": _legend(scene)},
        **words,
    }


def _spacing(rows: int, column: bool) -> tuple[float, float]:
    """So that the table stays on the sheet; with one more column names break into two lines."""
    if rows <= 16:
        return CLOSE if column else ROOMY
    return TIGHT if column or rows > 22 else CLOSE


def _legend(scene: Scene) -> list[dict[str, Any]]:
    bands = [
        {
            "fill": FILLS[band["style"]],
            "label": str(band["label"]),
            "count": str(band["count"]),
            "hatched": False,
        }
        for band in scene.legend
    ]
    hatched = sum(look.hatched for look in scene.shades.values())
    if hatched:
        label = _("Laporan belum lengkap")
        bands.append({"fill": "#ffffff", "label": label, "count": str(hatched), "hatched": True})
    return bands
