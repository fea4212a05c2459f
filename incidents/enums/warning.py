"""Early warning: what a rule looks at, how a warning ends, and the words of CAP 1.2."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ThreatLevel(models.IntegerChoices):
    LOW = 1, pgettext_lazy("tingkat ancaman", "Rendah")
    MEDIUM = 2, pgettext_lazy("tingkat ancaman", "Sedang")
    HIGH = 3, pgettext_lazy("tingkat ancaman", "Tinggi")
    CRITICAL = 4, pgettext_lazy("tingkat ancaman", "Kritis")


class RuleKind(models.TextChoices):
    COUNT = "jumlah", _("Beberapa kejadian dalam satu waktu")
    RISE = "kenaikan", _("Kenaikan terhadap minggu-minggu sebelumnya")
    EXPECTED = "akan_terjadi", _("Laporan lapangan: akan terjadi")
    SILENT = "posko_diam", _("Posko tidak melapor")
    OVERLAP = "tps_rawan", _("Kejadian di kecamatan dengan TPS sangat rawan")


FROM_INCIDENTS = (RuleKind.COUNT, RuleKind.RISE, RuleKind.OVERLAP)
"""Kinds that rest on incidents and are looked at when one is written."""


class RuleArea(models.TextChoices):
    """The level of the area that a rule looks at."""

    REGENCY = "regency", _("Kabupaten/kota")
    DISTRICT = "district", _("Kecamatan")


class Urgency(models.TextChoices):
    """CAP 1.2, as far as a rule may say it."""

    IMMEDIATE = "Immediate", _("Segera")
    EXPECTED = "Expected", _("Dalam waktu dekat")
    FUTURE = "Future", _("Mendatang")


class Certainty(models.TextChoices):
    """CAP 1.2, as far as a rule may say it."""

    OBSERVED = "Observed", _("Teramati")
    LIKELY = "Likely", _("Besar kemungkinan")
    POSSIBLE = "Possible", _("Mungkin")


class WarningState(models.TextChoices):
    RUNNING = "berlaku", pgettext_lazy("peringatan", "Berlaku")
    EXPIRED = "berakhir", pgettext_lazy("peringatan", "Berakhir")
    CANCELLED = "dibatalkan", pgettext_lazy("peringatan", "Dibatalkan")
    FALSE_ALARM = "keliru", pgettext_lazy("peringatan", "Peringatan keliru")
    CONFIRMED = "terbukti", pgettext_lazy("peringatan", "Terbukti")


WARNING_MOVES: dict[str, frozenset[str]] = {
    WarningState.RUNNING: frozenset(
        {
            WarningState.EXPIRED,
            WarningState.CANCELLED,
            WarningState.FALSE_ALARM,
            WarningState.CONFIRMED,
        }
    ),
    WarningState.EXPIRED: frozenset({WarningState.FALSE_ALARM, WarningState.CONFIRMED}),
    WarningState.CANCELLED: frozenset(),
    WarningState.FALSE_ALARM: frozenset(),
    WarningState.CONFIRMED: frozenset(),
}
"""What came true, or did not, may still be said of a warning whose time is over."""
BY_HAND = (WarningState.CONFIRMED, WarningState.CANCELLED, WarningState.FALSE_ALARM)
"""Ends that a person sets, each with a reason; the clock alone lets a warning expire."""
WARNING_BADGES: dict[str, str] = {
    WarningState.RUNNING: "danger",
    WarningState.EXPIRED: "neutral",
    WarningState.CANCELLED: "neutral",
    WarningState.FALSE_ALARM: "warning",
    WarningState.CONFIRMED: "success",
}


class WarningStep(models.TextChoices):
    """What an entry of a warning's history tells."""

    RAISED = "raised", _("Peringatan terbit")
    EXTENDED = "extended", _("Dasar bertambah, peringatan diperpanjang")
    ACKNOWLEDGED = "acknowledged", _("Diterima instansi")
    EXPIRED = "expired", _("Masa berlaku habis")
    CANCELLED = "cancelled", _("Peringatan dibatalkan")
    FALSE_ALARM = "false_alarm", _("Dinyatakan keliru")
    CONFIRMED = "confirmed", _("Dinyatakan terbukti")


STEP_OF: dict[str, WarningStep] = {
    WarningState.EXPIRED: WarningStep.EXPIRED,
    WarningState.CANCELLED: WarningStep.CANCELLED,
    WarningState.FALSE_ALARM: WarningStep.FALSE_ALARM,
    WarningState.CONFIRMED: WarningStep.CONFIRMED,
}
