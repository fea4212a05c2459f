"""Events that certify readiness."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EventKind(models.TextChoices):
    """What certifies that forces are ready, in the order in which they come."""

    PRE_OPERATION = "latpraops", _("Latpraops")
    FLOOR_GAME = "tfg", _("TFG (Tactical Floor Game)")
    SIMULATION = "sispamkota", _("Simulasi Sispamkota")
    PARADE = "apel_gelar", _("Apel gelar pasukan")
    DISPATCH = "apel_serpas", _("Apel serpas")


class EventState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("kegiatan", "Direncanakan")
    DONE = "done", pgettext_lazy("kegiatan", "Dilaksanakan")
    CANCELLED = "cancelled", pgettext_lazy("kegiatan", "Dibatalkan")


EVENT_MOVES: dict[str, frozenset[str]] = {
    EventState.PLANNED: frozenset({EventState.DONE, EventState.CANCELLED}),
    EventState.DONE: frozenset(),
    EventState.CANCELLED: frozenset(),
}


EVENT_BADGE = {
    EventState.PLANNED: "info",
    EventState.DONE: "success",
    EventState.CANCELLED: "neutral",
}


class EventResult(models.TextChoices):
    """Whether the forces showed what was asked of them."""

    READY = "ready", _("Siap")
    NOTES = "notes", _("Siap dengan catatan")
    REPEAT = "repeat", _("Perlu diulang")


RESULT_BADGE = {
    EventResult.READY: "success",
    EventResult.NOTES: "warning",
    EventResult.REPEAT: "danger",
}
