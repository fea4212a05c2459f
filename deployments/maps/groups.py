"""Readiness by group of the report form: one measure for each group that the forms have."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from deployments.enums import Light
from deployments.maps import words
from deployments.maps.bands import LIGHT_ORDER, light_bands
from deployments.maps.measure import Measure
from deployments.maps.measures import measures, missing
from deployments.maps.shading import Fact, Scale
from deployments.queries.group_lights import NamedGroup, group_light, held_of, named_groups
from deployments.queries.strength import StrengthRow

PREFIX = "group-"
BEFORE = "missing"
"""The measure before which the groups stand in the choice."""


def group_measures(at: datetime) -> Iterator[Measure]:
    """In the order of the thresholds; the label says which the whole cannot do without."""
    return map(_measure, named_groups(at))


def all_measures(at: datetime) -> dict[str, Measure]:
    """Every measure by key, in the order of the choice."""
    found: dict[str, Measure] = {}
    for key, measure in measures().items():
        if key == BEFORE:
            found |= {one.key: one for one in group_measures(at)}
        found[key] = measure
    return found


def _measure(group: NamedGroup) -> Measure:
    label = _("Kesiapan: %(group)s") % {"group": group.label}
    if group.mandatory:
        label = _("Kesiapan: %(group)s (wajib)") % {"group": group.label}
    said = _(
        "Siap bila %(ready)d%% laporan siap, bersyarat bila %(conditional)d%% setidaknya bersyarat."
    )
    source = [said % {"ready": group.ready, "conditional": group.conditional}]
    if group.source:
        source.append(_("Sumber ambang: %(source)s.") % {"source": group.source})
    bands = partial(light_bands, group.ready, group.conditional)
    return Measure(
        f"{PREFIX}{group.key}",
        label,
        label,
        Scale(_("Tidak ada yang ditunggu"), named=bands),
        of_row=partial(_fact, group.key),
        counted=False,
        source=" ".join(source),
    )


def _fact(key: str, row: StrengthRow) -> Fact:
    """The reports are those of whole units: no district has any of its own."""
    light = group_light(
        key,
        row.groups,
        expected=row.expected,
        received=row.received,
        by=row.scales,
        held=held_of(row.states),
    )
    if light is None:
        return Fact(None, "–", _("tidak ada laporan yang ditunggu"))
    counts = row.groups.get(key)
    ready = counts["ready"] if counts else 0
    said = _("%(light)s: siap %(ready)s dari %(expected)s laporan, %(missing)s belum masuk") % {
        "light": light.label,
        "ready": words.figure(ready),
        "expected": words.figure(row.expected),
        "missing": words.figure(missing(row)),
    }
    silent = light in (Light.SILENT, Light.HELD) or missing(row) > 0
    text = f"{words.figure(ready)}/{words.figure(row.expected)}"
    return Fact(LIGHT_ORDER.index(light), text, said, silent)
