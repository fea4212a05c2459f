"""Named classes: those that mean something by themselves and are never cut anew."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from deployments.enums import Light
from deployments.maps.shading import Band

COVERAGE_STEPS = (75, 100, 125)
"""Per cent of the need at which the next class of the gap begins."""
MISSING_STEPS = (1, 2, 4)
"""Number of missing or late reports at which the next class begins."""
LIGHT_ORDER = tuple(Light)
"""From the best to what is not known; the value of a region is its place in it."""


def gap_bands() -> list[Band]:
    low, even, high = COVERAGE_STEPS
    return [
        Band("short-2", f"< {low}%", 0),
        Band("short-1", f"{low}–{even - 1}%", low),
        Band("enough-1", f"{even}–{high - 1}%", even),
        Band("enough-2", f"≥ {high}%", high),
    ]


def missing_bands() -> list[Band]:
    return [Band("absent-0", _("Lengkap"), 0), *_counted()]


def late_bands() -> list[Band]:
    return [Band("absent-0", pgettext("laporan", "Tidak ada yang terlambat"), 0), *_counted()]


def _counted() -> list[Band]:
    one, some, many = MISSING_STEPS
    return [
        Band("absent-1", str(one) if some == one + 1 else f"{one}–{some - 1}", one),
        Band("absent-2", f"{some}–{many - 1}", some),
        Band("absent-3", f"≥ {many}", many),
    ]


def light_bands(ready: int | None = None, conditional: int | None = None) -> list[Band]:
    """The lights; with thresholds, from how many per cent of the reports each holds."""
    floors = {Light.READY: ready, Light.CONDITIONAL: conditional}
    bands = []
    for place, light in enumerate(LIGHT_ORDER):
        floor = floors.get(light)
        label = f"{light.label} (≥ {floor}%)" if floor else str(light.label)
        rare = light == Light.HELD
        bands.append(Band(f"light-{light.value}", label, place, rare=rare))
    return bands
