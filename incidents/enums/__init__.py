"""States, kinds, and which state may follow which. Three axes stay apart: how far a disturbance
has come, how severe it is, and how its handling stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Disturbance(models.TextChoices):
    """Polri's ladder: a latent condition, a situation about to turn, a disturbance that happens."""

    POTENTIAL = "PG", _("Potensi gangguan (PG)")
    THRESHOLD = "AG", _("Ambang gangguan (AG)")
    REAL = "GN", _("Gangguan nyata (GN)")


class Severity(models.IntegerChoices):
    LOW = 1, _("Rendah")
    MEDIUM = 2, _("Sedang")
    HIGH = 3, _("Tinggi")
    CRITICAL = 4, _("Kritis")


SEVERITY_BADGES: dict[int, str] = {
    Severity.LOW: "neutral",
    Severity.MEDIUM: "info",
    Severity.HIGH: "warning",
    Severity.CRITICAL: "danger",
}
URGENT = Severity.HIGH
"""From this severity on, those concerned are told the moment it is reported."""


class IncidentState(models.TextChoices):
    REPORTED = "dilaporkan", _("Dilaporkan")
    VERIFIED = "diverifikasi", _("Diverifikasi")
    HANDLING = "ditangani", _("Ditangani")
    CONTROLLED = "terkendali", _("Terkendali")
    CLOSED = "selesai", pgettext_lazy("kejadian", "Selesai")
    UNPROVEN = "tidak_terbukti", _("Tidak terbukti")
    REFERRED = "dilimpahkan", _("Dilimpahkan")
    REOPENED = "dibuka_kembali", _("Dibuka kembali")


INCIDENT_MOVES: dict[str, frozenset[str]] = {
    IncidentState.REPORTED: frozenset(
        {IncidentState.VERIFIED, IncidentState.UNPROVEN, IncidentState.REFERRED}
    ),
    IncidentState.VERIFIED: frozenset(
        {IncidentState.HANDLING, IncidentState.UNPROVEN, IncidentState.REFERRED}
    ),
    IncidentState.HANDLING: frozenset({IncidentState.CONTROLLED, IncidentState.REFERRED}),
    IncidentState.CONTROLLED: frozenset({IncidentState.HANDLING, IncidentState.CLOSED}),
    IncidentState.REFERRED: frozenset(
        {IncidentState.HANDLING, IncidentState.UNPROVEN, IncidentState.CLOSED}
    ),
    IncidentState.CLOSED: frozenset({IncidentState.REOPENED}),
    IncidentState.UNPROVEN: frozenset({IncidentState.REOPENED}),
    IncidentState.REOPENED: frozenset(
        {IncidentState.HANDLING, IncidentState.UNPROVEN, IncidentState.REFERRED}
    ),
}
OPEN = frozenset(IncidentState.values) - {IncidentState.CLOSED, IncidentState.UNPROVEN}
"""Somebody still has work with it."""
REASONED = frozenset({IncidentState.UNPROVEN, IncidentState.REFERRED, IncidentState.REOPENED})
"""Moves that say why."""
STATE_BADGES: dict[str, str] = {
    IncidentState.REPORTED: "danger",
    IncidentState.VERIFIED: "warning",
    IncidentState.HANDLING: "warning",
    IncidentState.CONTROLLED: "info",
    IncidentState.CLOSED: "success",
    IncidentState.UNPROVEN: "neutral",
    IncidentState.REFERRED: "info",
    IncidentState.REOPENED: "warning",
}


class UpdateKind(models.TextChoices):
    """What an entry of the timeline tells."""

    REPORT = "report", _("Laporan pertama")
    SITUATION = "situation", _("Perkembangan situasi")
    ACTION = "action", _("Tindakan diambil")
    CORRECTION = "correction", _("Ralat")
    MOVE = "move", _("Perubahan keadaan")
    REFERRAL = "referral", _("Pelimpahan")


WRITTEN = (UpdateKind.SITUATION, UpdateKind.ACTION, UpdateKind.CORRECTION)
"""Kinds that a person writes; the others come with an act."""


class Audience(models.TextChoices):
    """Who reads an entry of the timeline."""

    AGENCIES = "agencies", _("Antarinstansi")
    INTERNAL = "internal", _("Internal instansi penulis")
