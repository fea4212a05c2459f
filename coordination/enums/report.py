"""The entries in the history of an obligation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportKind(models.TextChoices):
    """What an entry in the history of an obligation says."""

    ACKNOWLEDGED = "acknowledged", _("Diterima")
    PROGRESS = "progress", _("Kemajuan dilaporkan")
    BLOCKED = "blocked", _("Terkendala")
    WAITING = "waiting", _("Menunggu tindak lanjut lain")
    RELEASED = "released", _("Tidak lagi menunggu")
    DELEGATED = "delegated", _("Diteruskan kepada satuan")
    EXTENSION_ASKED = "extension_asked", _("Perpanjangan dimohon")
    EXTENSION_GRANTED = "extension_granted", _("Perpanjangan dikabulkan")
    EXTENSION_REFUSED = "extension_refused", _("Perpanjangan ditolak")
    DUE_MOVED = "due_moved", _("Tenggat bergeser mengikuti tahapan")
    DUE_SET = "due_set", _("Tenggat diubah pemberi arahan")
    SUBMITTED = "submitted", _("Diajukan untuk verifikasi")
    DECLARED = "declared", _("Dinyatakan tidak dapat dilaksanakan")
    RETURNED = "returned", _("Dikembalikan untuk perbaikan")
    VERIFIED = "verified", _("Diverifikasi")
    CLOSED = "closed", _("Ditutup, selesai")
    UNFEASIBLE = "unfeasible", _("Ditutup, tidak dapat dilaksanakan")
    CANCELLED = "cancelled", _("Dibatalkan")


ANSWERS = frozenset(
    {
        ReportKind.ACKNOWLEDGED,
        ReportKind.PROGRESS,
        ReportKind.BLOCKED,
        ReportKind.WAITING,
        ReportKind.DELEGATED,
        ReportKind.EXTENSION_ASKED,
        ReportKind.SUBMITTED,
        ReportKind.DECLARED,
    }
)
"""What the doer says of its share: each stops what urges it to."""


REPORT_BADGES: dict[str, str] = {
    ReportKind.ACKNOWLEDGED: "info",
    ReportKind.PROGRESS: "info",
    ReportKind.BLOCKED: "warning",
    ReportKind.WAITING: "warning",
    ReportKind.RELEASED: "info",
    ReportKind.DELEGATED: "info",
    ReportKind.EXTENSION_ASKED: "warning",
    ReportKind.EXTENSION_GRANTED: "success",
    ReportKind.EXTENSION_REFUSED: "danger",
    ReportKind.DUE_MOVED: "neutral",
    ReportKind.DUE_SET: "neutral",
    ReportKind.SUBMITTED: "warning",
    ReportKind.DECLARED: "warning",
    ReportKind.RETURNED: "danger",
    ReportKind.VERIFIED: "success",
    ReportKind.CLOSED: "success",
    ReportKind.UNFEASIBLE: "neutral",
    ReportKind.CANCELLED: "neutral",
}
