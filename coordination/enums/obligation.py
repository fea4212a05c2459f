"""An agency's share of a directive: its states, its waits and its ways out."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ObligationState(models.TextChoices):
    OPEN = "open", _("Belum ditindaklanjuti")
    ACKNOWLEDGED = "acknowledged", _("Diterima")
    IN_PROGRESS = "in_progress", _("Dalam proses")
    AWAITING = "awaiting_verification", _("Menunggu verifikasi")
    VERIFIED = "verified", _("Terverifikasi, belum ditutup")
    BLOCKED = "blocked", _("Terkendala")
    DECLARED = "declared_unfeasible", _("Dinyatakan tidak dapat dilaksanakan")
    DONE = "done", _("Selesai")
    UNFEASIBLE = "unfeasible", _("Tidak dapat dilaksanakan")
    CANCELLED = "cancelled", _("Dibatalkan")


OBLIGATION_MOVES: dict[str, frozenset[str]] = {
    ObligationState.OPEN: frozenset({ObligationState.ACKNOWLEDGED, ObligationState.CANCELLED}),
    ObligationState.ACKNOWLEDGED: frozenset(
        {
            ObligationState.IN_PROGRESS,
            ObligationState.AWAITING,
            ObligationState.BLOCKED,
            ObligationState.DECLARED,
            ObligationState.CANCELLED,
        }
    ),
    ObligationState.IN_PROGRESS: frozenset(
        {
            ObligationState.AWAITING,
            ObligationState.BLOCKED,
            ObligationState.DECLARED,
            ObligationState.CANCELLED,
        }
    ),
    ObligationState.BLOCKED: frozenset(
        {
            ObligationState.IN_PROGRESS,
            ObligationState.AWAITING,
            ObligationState.DECLARED,
            ObligationState.CANCELLED,
        }
    ),
    ObligationState.AWAITING: frozenset(
        {ObligationState.VERIFIED, ObligationState.IN_PROGRESS, ObligationState.CANCELLED}
    ),
    ObligationState.VERIFIED: frozenset(
        {ObligationState.DONE, ObligationState.IN_PROGRESS, ObligationState.CANCELLED}
    ),
    ObligationState.DECLARED: frozenset(
        {ObligationState.UNFEASIBLE, ObligationState.IN_PROGRESS, ObligationState.CANCELLED}
    ),
    ObligationState.DONE: frozenset(),
    ObligationState.UNFEASIBLE: frozenset(),
    ObligationState.CANCELLED: frozenset(),
}
OBLIGATION_CLOSED = frozenset(
    {ObligationState.DONE, ObligationState.UNFEASIBLE, ObligationState.CANCELLED}
)
OBLIGATION_WITH_AGENCY = frozenset(
    {
        ObligationState.OPEN,
        ObligationState.ACKNOWLEDGED,
        ObligationState.IN_PROGRESS,
        ObligationState.BLOCKED,
    }
)
"""States in which the obliged agency is the one to act: only these can be overdue."""
OBLIGATION_WITH_ISSUER = frozenset(
    {ObligationState.AWAITING, ObligationState.VERIFIED, ObligationState.DECLARED}
)
"""States in which the issuer is the one to act: the due time stands still."""
OBLIGATION_BADGES: dict[str, str] = {
    ObligationState.OPEN: "silent",
    ObligationState.ACKNOWLEDGED: "info",
    ObligationState.IN_PROGRESS: "info",
    ObligationState.AWAITING: "warning",
    ObligationState.VERIFIED: "info",
    ObligationState.BLOCKED: "warning",
    ObligationState.DECLARED: "warning",
    ObligationState.DONE: "success",
    ObligationState.UNFEASIBLE: "neutral",
    ObligationState.CANCELLED: "neutral",
}


class WaitKind(models.TextChoices):
    """For whom an obligation waits; such time is not its doer's."""

    ISSUER = "issuer", _("Menunggu pemberi arahan")
    OBLIGATION = "obligation", _("Menunggu tindak lanjut lain")


class ExtensionState(models.TextChoices):
    ASKED = "asked", _("Menunggu keputusan")
    GRANTED = "granted", _("Dikabulkan")
    REFUSED = "refused", _("Ditolak")
    WITHDRAWN = "withdrawn", _("Tidak diperlukan lagi")
