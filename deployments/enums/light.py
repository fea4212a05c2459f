"""The traffic light and its thresholds."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Light(models.TextChoices):
    """The traffic light. SILENT is no report: never to be taken for a good one; HELD: all that is
    due came and is held in quarantine, so that nobody is silent and nothing is counted."""

    READY = "ready", _("Siap")
    CONDITIONAL = "conditional", _("Siap bersyarat")
    NOT_READY = "not_ready", _("Belum siap")
    SILENT = "silent", _("Belum lapor")
    HELD = "held", _("Tidak dihitung")


REPORT_LIGHTS = [choice for choice in Light.choices if choice[0] != Light.HELD]
"""What a report says of itself; whether it counts is said by its state."""


THRESHOLDS = ((90, Light.READY), (75, Light.CONDITIONAL), (0, Light.NOT_READY))
"""Per cent from which each light holds where no threshold of a group says otherwise: the seed of
`ReadinessThreshold`. Illustrative: the operation plan has yet to set them."""


LIGHT_BADGE = {
    Light.READY: "success",
    Light.CONDITIONAL: "warning",
    Light.NOT_READY: "danger",
    Light.SILENT: "silent",
    Light.HELD: "neutral",
}


def light_of(
    part: int, whole: int, thresholds: tuple[tuple[int, Light], ...] = THRESHOLDS
) -> Light:
    """The light of `part` out of `whole`; nobody out of nobody is not ready."""
    if whole <= 0:
        return Light.NOT_READY
    return next(light for floor, light in thresholds if part * 100 >= floor * whole)


def worst(*lights: Light) -> Light:
    """A whole is as ready as its least ready part."""
    return max(lights, key=list(Light).index)


def light_for(
    *,
    expected: int,
    received: int,
    present: int,
    total: int,
    held: int = 0,
    thresholds: tuple[tuple[int, Light], ...] = THRESHOLDS,
) -> Light | None:
    """The light of a place: per cent present of those reported on. None where no report is
    expected; silent while there is none, unless all were `held` in quarantine; and never green
    while anyone is silent."""
    if not expected and not total:
        return None
    if not total or (expected and not received):
        return Light.HELD if 0 < held == expected else Light.SILENT
    light = light_of(present, total, thresholds)
    return worst(light, Light.CONDITIONAL) if received < expected else light


def light_of_many(
    ready: int,
    conditional: int,
    not_ready: int,
    *,
    silent: bool,
    thresholds: tuple[tuple[int, Light], ...] = THRESHOLDS,
) -> Light:
    """The light of one group over many reports: green when as many of them as the threshold asks
    (per cent) are green, yellow when as many as its second asks are at least yellow. The light of a
    single report is its own. `silent`: someone has said nothing, so it is never green."""
    answered = ready + conditional + not_ready
    if not answered:
        return Light.SILENT
    floors = {light: floor for floor, light in thresholds}
    light = Light.NOT_READY
    if ready * 100 >= floors[Light.READY] * answered:
        light = Light.READY
    elif (ready + conditional) * 100 >= floors[Light.CONDITIONAL] * answered:
        light = Light.CONDITIONAL
    return worst(light, Light.CONDITIONAL) if silent else light
