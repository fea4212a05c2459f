"""The ladders of reminders: when, whom, and what became of it."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.enums.obligation import ObligationState


class Rung(models.TextChoices):
    """The steps of the reminder ladders; each is climbed once per moment it counts from."""

    MEETING_TOMORROW = "meeting_tomorrow", _("Sehari sebelum rakor")
    MEETING_SOON = "meeting_soon", _("Dua jam sebelum rakor")
    UNACKNOWLEDGED = "unacknowledged", ObligationState.OPEN.label
    DUE_TOMORROW = "due_tomorrow", _("Menjelang tenggat")
    OVERDUE = "overdue", _("Lewat tenggat")
    WAITING = "waiting", _("Menunggu pemberi arahan")


class Occasion(models.TextChoices):
    """Why an obligation is reminded of: the ladders of the rungs that an administrator edits."""

    UNACKNOWLEDGED = "unacknowledged", ObligationState.OPEN.label
    DUE_SOON = "due_tomorrow", _("Menjelang tenggat")
    OVERDUE = "overdue", _("Lewat tenggat")
    WAITING = "waiting", _("Menunggu pemberi arahan")


OCCASION_COUNTS: dict[str, Any] = {
    Occasion.UNACKNOWLEDGED: _("sejak arahan terbit"),
    Occasion.DUE_SOON: _("sebelum tenggat"),
    Occasion.OVERDUE: _("sejak tenggat"),
    Occasion.WAITING: _("sejak diajukan"),
}
"""The moment that an occasion's rungs are counted from, as said after a span."""


class Recipient(models.TextChoices):
    """Whom a rung speaks to: posts of the obliged agency, then of the issuing one."""

    DUTY = "piket", _("Piket posko instansi")
    LIAISON = "penghubung", _("Penghubung instansi")
    HEAD = "pimpinan", _("Pimpinan instansi")
    ISSUER = "pemberi", pgettext_lazy("penerima", "Pemberi arahan")
    ISSUER_HEAD = "pimpinan_pemberi", _("Pimpinan pemberi arahan")
    NOBODY = "tidak_ada", _("Administrator, karena tidak ada pejabat")


RECIPIENT_LEVEL: dict[str, int] = {
    Recipient.DUTY: 1,
    Recipient.LIAISON: 1,
    Recipient.HEAD: 2,
    Recipient.ISSUER: 3,
    Recipient.ISSUER_HEAD: 4,
}
"""How high a rung reaches; a later rung never reaches lower."""
RECIPIENT_FALLBACK: dict[str, tuple[str, ...]] = {
    Recipient.DUTY: (
        Recipient.DUTY,
        Recipient.LIAISON,
        Recipient.HEAD,
        Recipient.ISSUER,
        Recipient.ISSUER_HEAD,
    ),
    Recipient.LIAISON: (
        Recipient.LIAISON,
        Recipient.DUTY,
        Recipient.HEAD,
        Recipient.ISSUER,
        Recipient.ISSUER_HEAD,
    ),
    Recipient.HEAD: (
        Recipient.HEAD,
        Recipient.ISSUER,
        Recipient.ISSUER_HEAD,
        Recipient.LIAISON,
        Recipient.DUTY,
    ),
    Recipient.ISSUER: (Recipient.ISSUER, Recipient.ISSUER_HEAD, Recipient.HEAD, Recipient.LIAISON),
    Recipient.ISSUER_HEAD: (
        Recipient.ISSUER_HEAD,
        Recipient.ISSUER,
        Recipient.HEAD,
        Recipient.LIAISON,
    ),
}
"""Who is told instead when nobody holds a post of that kind: upwards first, in this order."""


class ReminderOutcome(models.TextChoices):
    SENT = "sent", _("Terkirim")
    PASSED = "passed", _("Dilewati")


OUTCOME_BADGES: dict[str, str] = {
    ReminderOutcome.SENT: "success",
    ReminderOutcome.PASSED: "neutral",
}
