"""What the colours of the map can say. A measure is one entry; other apps bring theirs by
setting."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deployments.enums import AccountPart, Light
from deployments.maps import words
from deployments.maps.bands import LIGHT_ORDER, gap_bands, late_bands, light_bands, missing_bands
from deployments.maps.measure import Asked, Measure
from deployments.maps.shading import Fact, Scale
from deployments.queries.station_counts import tag_counts, tags_version
from deployments.queries.strength import StrengthRow
from portal.access.actor import Actor
from portal.registry.enums import FigureKind
from portal.registry.models import Region
from portal.registry.queries import figures

REGENCY, DISTRICT = Region.Level.REGENCY, Region.Level.DISTRICT
CLASS_KINDS = (
    FigureKind.TPS_KURANG_RAWAN,
    FigureKind.TPS_RAWAN,
    FigureKind.TPS_SANGAT_RAWAN,
    FigureKind.TPS_KHUSUS,
)
GRAVE_KINDS = (FigureKind.TPS_SANGAT_RAWAN, FigureKind.TPS_KHUSUS)
INDEX_KIND = "ikp"
INDEX_PARTS = 100
"""The supervisors' index is kept in hundredths of a point."""


def unknown() -> Fact:
    return Fact(None, "–", _("belum ada data"))


def missing(row: StrengthRow) -> int:
    """Reports that stand in no total: those that did not come, and those held in quarantine."""
    return max(0, row.expected - row.received)


def coverage(row: StrengthRow) -> float | None:
    """Who is engaged, in per cent of the need."""
    if not row.need or row.gap is None:
        return None
    return (row.need - row.gap) * 100 / row.need


def _strength(row: StrengthRow) -> Fact:
    return Fact(row.declared or None, words.people(row), words.say_strength(row))


def _read_strength(asked: Asked) -> dict[str, Fact]:
    narrowed = asked.task_force or asked.function
    if not (asked.controller or narrowed):
        return {code: _strength(row) for code, row in asked.rows.items()}
    found = asked.people()
    said = _("%(people)s dalam saringan") if narrowed else _("%(people)s di bawah kendali")
    return {
        code: Fact(
            found.get(code),
            words.figure(found.get(code)),
            said % {"people": words.count_people(found.get(code, 0))},
        )
        for code in asked.codes
    }


def _per_station(asked: Asked) -> dict[str, Fact]:
    kind = FigureKind.POLLING_STATIONS
    stations = {
        code: figure.value for (code, _kind), figure in figures(asked.codes, [kind]).items()
    }
    engaged = {code: row.engaged for code, row in asked.rows.items()}
    if asked.task_force or asked.function:
        found = asked.people(AccountPart.ENGAGED)
        engaged = {code: found.get(code, 0) for code in engaged}
    facts = {}
    for code, people in engaged.items():
        number = stations.get(code)
        if not number:
            facts[code] = Fact(None, "–", _("jumlah TPS belum diketahui"))
            continue
        value = round(people / number, 2)
        said = _("%(people)s terlibat untuk %(stations)s TPS") % {
            "people": words.count_people(people),
            "stations": words.figure(number),
        }
        facts[code] = Fact(value, words.amount(value), said)
    return facts


def _gap(row: StrengthRow) -> Fact:
    return Fact(coverage(row), words.balance(row), words.say_gap(row))


def _balance(row: StrengthRow) -> Fact:
    value = row.difference if row.need is not None else None
    return Fact(value, words.balance(row), words.say_gap(row))


def _readiness(row: StrengthRow) -> Fact:
    value = LIGHT_ORDER.index(Light(row.light)) if row.light else None
    return Fact(value, words.present(row), words.say_readiness(row), missing(row) > 0)


def _missing(row: StrengthRow) -> Fact:
    value = missing(row) if row.expected else None
    return Fact(value, words.reports(row), words.say_reports(row), missing(row) > 0)


def _late(row: StrengthRow) -> Fact:
    value = row.came_late if row.expected else None
    text = words.figure(row.came_late) if row.expected else "–"
    return Fact(value, text, words.say_late(row), missing(row) > 0)


Counts = Mapping[str, tuple[int, int]]


def share(
    key: str,
    label: str | Promise,
    selector: Callable[[Asked], Counts],
    *,
    source: str | Promise = "",
    version: Callable[[Actor, datetime], str] | None = None,
    steps: tuple[float, ...] = (2, 5, 10, 20),
) -> Measure:
    """A part of the polling stations in per cent. The selector gives (part, whole) by code."""

    def read(asked: Asked) -> dict[str, Fact]:
        facts = {}
        for code, (part, whole) in selector(asked).items():
            value = round(part * 100 / whole, 1) if whole else None
            text = words.percent(value) if value is not None else "–"
            said = _("%(part)s dari %(whole)s TPS") % {
                "part": words.figure(part),
                "whole": words.figure(whole),
            }
            facts[code] = Fact(value, text, said)
        return facts

    scale = Scale(
        gettext_lazy("Belum ada data"),
        ramp="concern",
        steps={REGENCY: steps},
        say=words.percent,
    )
    return Measure(key, label, label, scale, read=read, source=source, version=version)


def lights(
    key: str,
    label: str | Promise,
    selector: Callable[[Asked], Mapping[str, str]],
    version: Callable[[Actor, datetime], str] | None = None,
) -> Measure:
    """A traffic light per region, as for the readiness of one group. The selector gives lights."""

    def read(asked: Asked) -> dict[str, Fact]:
        return {
            code: Fact(
                LIGHT_ORDER.index(Light(light)),
                str(Light(light).label),
                str(Light(light).label),
                light == Light.SILENT or code in asked.rows and missing(asked.rows[code]) > 0,
            )
            for code, light in selector(asked).items()
            if light
        }

    scale = Scale(gettext_lazy("Tidak ada yang ditunggu"), named=light_bands)
    return Measure(key, label, label, scale, read=read, counted=False, version=version)


def _grave_stations(asked: Asked) -> Counts:
    found = figures(asked.codes, CLASS_KINDS)
    counts: dict[str, tuple[int, int]] = {}
    for code in asked.codes:
        known = {kind: found[code, kind].value for kind in CLASS_KINDS if (code, kind) in found}
        if known:
            grave = sum(known.get(kind, 0) for kind in GRAVE_KINDS)
            counts[code] = (grave, sum(known.values()))
    return counts


def _index(asked: Asked) -> dict[str, Fact]:
    facts = {}
    for (code, _kind), figure in figures(asked.codes, [INDEX_KIND]).items():
        value = figure.value / INDEX_PARTS
        said = _("IKP %(value)s, %(quality)s") % {
            "value": words.amount(value),
            "quality": figure.get_quality_display().lower(),
        }
        facts[code] = Fact(value, words.amount(value), said)
    return facts


OWN = (
    Measure(
        "strength",
        gettext_lazy("Kuat personel"),
        gettext_lazy("Personel tercatat"),
        Scale(
            gettext_lazy("Tidak terperinci atau belum ada"),
            steps={REGENCY: (200, 400, 600, 800), DISTRICT: (10, 25, 50, 100)},
        ),
        read=_read_strength,
        column=False,
        narrows=True,
    ),
    Measure(
        "per_station",
        gettext_lazy("Personel terlibat per TPS"),
        gettext_lazy("Terlibat per TPS"),
        Scale(gettext_lazy("Jumlah TPS belum diketahui"), steps={REGENCY: (0.5, 0.75, 1, 1.5)}),
        read=_per_station,
        narrows=True,
    ),
    Measure(
        "gap",
        gettext_lazy("Kekuatan terhadap kebutuhan"),
        gettext_lazy("Terlibat per kebutuhan"),
        Scale(
            gettext_lazy("Kebutuhan atau yang terlibat belum diketahui"),
            named=gap_bands,
            say=words.percent,
        ),
        of_row=_gap,
        column=False,
        ranked=Measure(
            "gap",
            gettext_lazy("Kekuatan terhadap kebutuhan"),
            gettext_lazy("Terlibat dikurangi kebutuhan"),
            Scale(gettext_lazy("Kebutuhan atau yang terlibat belum diketahui"), signed=True),
            of_row=_balance,
            column=False,
        ),
    ),
    Measure(
        "readiness",
        gettext_lazy("Kesiapan"),
        gettext_lazy("Kesiapan (hadir)"),
        Scale(gettext_lazy("Tidak ada yang ditunggu"), named=light_bands),
        of_row=_readiness,
        column=False,
        counted=False,
        source=gettext_lazy(
            "Personel menurut ambangnya, dan tidak lebih baik dari bagian wajib yang terburuk."
        ),
    ),
    Measure(
        "missing",
        gettext_lazy("Laporan yang belum masuk atau dikarantina"),
        gettext_lazy("Belum masuk"),
        Scale(gettext_lazy("Tidak ada yang ditunggu"), named=missing_bands),
        of_row=_missing,
        column=False,
    ),
    Measure(
        "late",
        gettext_lazy("Laporan yang terlambat"),
        gettext_lazy("Terlambat"),
        Scale(gettext_lazy("Tidak ada yang ditunggu"), named=late_bands),
        of_row=_late,
    ),
    share(
        "tps_class",
        gettext_lazy("TPS sangat rawan dan khusus (Polri)"),
        _grave_stations,
        source=gettext_lazy("Kelas TPS menurut Polri; bukan penilaian Bawaslu."),
    ),
    share(
        "tps_tags",
        gettext_lazy("TPS rawan (Bawaslu)"),
        lambda asked: tag_counts(asked.operation, asked.at, asked.codes),
        source=gettext_lazy(
            "TPS dengan sedikitnya satu tanda rawan Bawaslu; bukan kelas TPS menurut Polri."
        ),
        version=lambda actor, at: tags_version(actor),
        # A station may carry many of the 28 tags; most carry one.
        steps=(20, 40, 60, 80),
    ),
    Measure(
        "ikp",
        gettext_lazy("Indeks kerawanan (Bawaslu)"),
        gettext_lazy("IKP, 0–100"),
        Scale(
            gettext_lazy("Belum ada data"),
            ramp="concern",
            steps={REGENCY: (21.7, 40, 55, 68.5)},
        ),
        read=_index,
        source=gettext_lazy("Indeks Kerawanan Pemilu menurut Bawaslu; bukan kelas TPS Polri."),
    ),
)
"""In the order of the choice. A measure of this app is one more entry."""


@lru_cache(maxsize=1)
def measures() -> dict[str, Measure]:
    """All measures by key: this app's, and those that the setting MAP_MEASURES names."""
    return {one.key: one for one in (*OWN, *map(import_string, settings.MAP_MEASURES))}
