"""A rakor: its kinds and its way from draft to publication."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingKind(models.TextChoices):
    CROSS_SECTOR = "lintas_sektoral", _("Lintas sektoral")
    INTERNAL = "internal", _("Internal")
    EVALUATION = "anev", _("Analisis dan evaluasi (anev)")
    EMERGENCY = "darurat", _("Darurat")


class MeetingState(models.TextChoices):
    DRAFT = "draft", _("Draf")
    SCHEDULED = "scheduled", _("Terjadwal")
    IN_SESSION = "in_session", _("Berlangsung")
    HELD = "held", _("Selesai, notula disusun")
    PUBLISHED = "published", _("Notula terbit")
    POSTPONED = "postponed", _("Ditunda")
    CANCELLED = "cancelled", _("Dibatalkan")


MEETING_MOVES: dict[str, frozenset[str]] = {
    MeetingState.DRAFT: frozenset({MeetingState.SCHEDULED, MeetingState.CANCELLED}),
    MeetingState.SCHEDULED: frozenset(
        {MeetingState.IN_SESSION, MeetingState.POSTPONED, MeetingState.CANCELLED}
    ),
    MeetingState.POSTPONED: frozenset({MeetingState.SCHEDULED, MeetingState.CANCELLED}),
    MeetingState.IN_SESSION: frozenset({MeetingState.HELD}),
    MeetingState.HELD: frozenset({MeetingState.PUBLISHED}),
    MeetingState.PUBLISHED: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}
MEETING_EDITABLE = frozenset({MeetingState.DRAFT, MeetingState.SCHEDULED, MeetingState.POSTPONED})
AGENDA_OPEN = MEETING_EDITABLE | {MeetingState.IN_SESSION}
"""States in which the running order can be changed: also while one sits."""
MEETING_BADGES: dict[str, str] = {
    MeetingState.DRAFT: "neutral",
    MeetingState.SCHEDULED: "info",
    MeetingState.IN_SESSION: "warning",
    MeetingState.HELD: "warning",
    MeetingState.PUBLISHED: "success",
    MeetingState.POSTPONED: "warning",
    MeetingState.CANCELLED: "neutral",
}
