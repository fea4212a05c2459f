"""What should be reached within a time after the report, and who is told when it is not."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.enums import IncidentState


class Goal(models.TextChoices):
    """In the order in which they are reached."""

    RECEIVE = "terima", pgettext_lazy("target", "Diterima")
    VERIFY = "verifikasi", _("Verifikasi")
    RESPOND = "penanganan", _("Penanganan")
    CONTROL = "terkendali", _("Terkendali")


_ENDED = (IncidentState.CLOSED, IncidentState.UNPROVEN)
_CONTROLLED = (IncidentState.CONTROLLED, *_ENDED)
_RESPONDED = (IncidentState.HANDLING, IncidentState.REFERRED, *_CONTROLLED)
_VERIFIED = (IncidentState.VERIFIED, *_RESPONDED)
REACHED_BY: dict[str, tuple[str, ...]] = {
    Goal.RECEIVE: _VERIFIED,
    Goal.VERIFY: _VERIFIED,
    Goal.RESPOND: _RESPONDED,
    Goal.CONTROL: _CONTROLLED,
}
"""The states that reach a goal; a receipt by the lead alone reaches the first."""
ANEW = frozenset({Goal.RESPOND, Goal.CONTROL})
"""The goals that run again when an incident is reopened: it is known and verified already, and has
to be taken up and brought under control once more."""


class TargetRecipient(models.TextChoices):
    """Whom a rung tells, from below to above."""

    POSKO = "posko", _("Posko penanggung jawab")
    COORDINATOR = "koordinator", _("Koordinator penanggung jawab")
    COMMANDER = "pimpinan", _("Pimpinan di atasnya")


RISING = tuple(TargetRecipient.values)
