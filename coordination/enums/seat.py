"""A seat at the table: what was answered, who came."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Answer(models.TextChoices):
    """What an invited agency said. No answer is no answer, never a yes."""

    PENDING = "belum", _("Belum menjawab")
    ATTENDING = "hadir", _("Hadir")
    REPRESENTED = "diwakili", _("Diwakili")
    ABSENT = "tidak_hadir", _("Tidak hadir")


ANSWER_BADGES: dict[str, str] = {
    Answer.PENDING: "silent",
    Answer.ATTENDING: "success",
    Answer.REPRESENTED: "info",
    Answer.ABSENT: "danger",
}


class Presence(models.TextChoices):
    """Who really sat on a seat."""

    PRESENT = "hadir", _("Hadir")
    REPRESENTED = "diwakili", _("Diwakili")
    ABSENT = "tidak_hadir", _("Tidak hadir")


PRESENCE_BADGES: dict[str, str] = {
    Presence.PRESENT: "success",
    Presence.REPRESENTED: "info",
    Presence.ABSENT: "danger",
}


class CheckIn(models.TextChoices):
    """How a line came onto the daftar hadir."""

    LIST = "daftar", _("Daftar tuan rumah")
    DESK = "meja", _("Meja penerimaan")
    CODE = "qr", _("Kode QR")
    LATE = "terlambat", _("Mandiri, terlambat")
