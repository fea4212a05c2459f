from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How news reaches a person. The inbox always has it; mail may come with it."""

    INBOX = "inbox", _("Kotak masuk")
    EMAIL = "email", _("Surel")


class DeliveryState(models.TextChoices):
    PREPARED = "prepared", _("Disiapkan")
    SENDING = "sending", _("Sedang dikirim")
    SENT = "sent", _("Terkirim")
    FAILED = "failed", _("Gagal, dicoba lagi")
    DEAD = "dead", _("Gagal tetap")
    WITHDRAWN = "withdrawn", _("Ditarik")


MOVES: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.PREPARED: frozenset({DeliveryState.SENDING, DeliveryState.WITHDRAWN}),
    # To itself: a worker died while sending, the next one takes the mail over.
    DeliveryState.SENDING: frozenset(
        {
            DeliveryState.SENDING,
            DeliveryState.SENT,
            DeliveryState.FAILED,
            DeliveryState.DEAD,
            DeliveryState.WITHDRAWN,
        }
    ),
    DeliveryState.FAILED: frozenset({DeliveryState.SENDING, DeliveryState.WITHDRAWN}),
    DeliveryState.SENT: frozenset(),
    DeliveryState.DEAD: frozenset(),
    DeliveryState.WITHDRAWN: frozenset(),
}
"""From each state of a mail, the states it may go to."""
