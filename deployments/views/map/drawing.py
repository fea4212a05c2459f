"""From a choice to the scene, and the words around it: the same for page, data, wall and files."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from deployments import queries
from deployments.maps.measure import Asked
from deployments.maps.scene import FIGURE, Area, Scene, compose
from deployments.maps.words import age, gap_rule
from deployments.queries.strength import StrengthRow, combine, grouped
from deployments.views.map.choice import Choice
from portal import clock
from portal.registry.models import Operation, Region
from portal.web.templatetags.portal import jam, tanggal, wita


@dataclass(frozen=True)
class Drawn:
    """A scene at its moment. `now` is the reader's clock, `at` the moment of the figures."""

    choice: Choice
    operation: Operation
    scene: Scene
    now: datetime
    at: datetime

    @property
    def whole(self) -> StrengthRow | None:
        return self.scene.whole


def draw(request: HttpRequest, choice: Choice, operation: Operation, now: datetime) -> Drawn:
    """The scene and the region as a whole, out of one reading."""
    at = choice.at or now
    within, level = choice.within, choice.level
    levels = queries.rollup_levels(
        operation,
        levels=[within.level, level],
        agency_slug=choice.agency.slug if choice.agency else None,
        at=at,
        within=within.code,
    )
    areas = [
        Area(region.code, region.name, name_on_map(region), region.short_name)
        for region in within.children.order_by("code")
    ]
    whole = [row for row in levels[within.level] if row.region == within.code]
    parts = grouped(levels[level])
    rows = {row.region: row for row in parts if not row.undistributed}
    if whole:
        rows[within.code] = combine(whole)
    asked = Asked(
        actor=request.actor,
        operation=operation,
        at=at,
        within=within.code,
        codes=[*(area.code for area in areas), within.code],
        rows=rows,
        agency=choice.agency.slug if choice.agency else "",
        controller=choice.controller.slug if choice.controller else "",
        task_force=choice.task_force,
        function=choice.function,
    )
    scene = compose(choice.measure, choice.cut, areas, parts, asked, level)
    return Drawn(choice, operation, scene, now, at)


def name_on_map(region: Region) -> str:
    """The name without its kind, unless that is too long to stand on a map."""
    bare = region.name.removeprefix("Kabupaten ").removeprefix("Kota ")
    return bare if len(bare) < 14 else region.short_name


def texts(drawn: Drawn) -> dict[str, str]:
    """Words around the map that change with the figures."""
    whole, as_of = drawn.whole, drawn.scene.as_of
    return {
        "moment": moment_text(drawn),
        "as_of": wita(as_of) or _("belum ada data"),
        "age": age(int((drawn.at - as_of).total_seconds() // 60)) if as_of else "",
        "cut_off": wita(drawn.scene.cut_off_at) or _("belum ada"),
        "reports": _("%(received)s dari %(expected)s")
        % {"received": whole.received if whole else 0, "expected": whole.expected if whole else 0},
    }


def moment_text(drawn: Drawn) -> str:
    """Which moment is shown, if it is not now; a moment to come is a plan."""
    if drawn.choice.at is None:
        return ""
    words = {"time": jam(drawn.at), "day": tanggal(clock.local(drawn.at))}
    if drawn.at > drawn.now:
        return _("Rencana untuk pukul %(time)s, %(day)s") % words
    return _("Angka pukul %(time)s, %(day)s") % words


def heads(choice: Choice) -> list[dict]:
    """The sortable heads of the table: figures begin with the greatest, the gap with the region
    that lacks most."""
    labels = {
        "name": _("Wilayah"),
        **({FIGURE: str(choice.measure.legend)} if own_column(choice) else {}),
        "declared": _("Tercatat"),
        "need": _("Kebutuhan"),
        "gap": _("Selisih"),
        "reports": _("Laporan"),
        "present": _("Hadir"),
    }
    made = []
    for key, label in labels.items():
        rises = key in ("name", "gap")
        first, second = (key, f"-{key}") if rises else (f"-{key}", key)
        order = second if choice.sort == first else first
        direction = {key: "ascending", f"-{key}": "descending"}
        made.append(
            {
                "label": label,
                "order": order,
                "url": f"{reverse('deployments:map')}?{choice.query(sort=order)}",
                "direction": direction.get(choice.sort, ""),
                "number": key not in ("name",),
            }
        )
    return made


def own_column(choice: Choice) -> bool:
    """Whether the measure's figure stands in none of the table's usual columns."""
    chosen = bool(choice.controller or choice.narrowed)
    return choice.measure.column or (choice.measure.key == "strength" and chosen)


def rules(drawn: Drawn) -> list[str]:
    """What a reader must know before he adds up or compares the table's figures."""
    rules = [gap_rule(drawn.whole)] if drawn.whole else []
    if drawn.choice.level == Region.Level.DISTRICT:
        rules.append(
            _(
                "Kebutuhan kecamatan dibulatkan sendiri-sendiri, jadi jumlahnya dapat lebih besar "
                "daripada kebutuhan kabupaten/kota."
            )
        )
    if drawn.at > drawn.now:
        rules.append(
            _(
                "Dalam rencana, yang diperintahkan dan belum di tempat dihitung siaga, belum "
                "terlibat."
            )
        )
    return [rule for rule in rules if rule]


def table_context(drawn: Drawn) -> dict:
    """What the table twin prints."""
    choice, scene = drawn.choice, drawn.scene
    column = own_column(choice)
    return {
        "choice": choice,
        "lines": scene.lines(choice.sort),
        "rests": scene.rest_lines(),
        "total": scene.total_line(),
        "heads": heads(choice),
        "column": str(choice.measure.legend) if column else "",
        "width": 7 if column else 6,
        "moment": moment_text(drawn),
        "rules": rules(drawn),
        "source": str(choice.measure.source),
        "query": choice.query(),
    }
