"""What is numbered."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Series(models.TextChoices):
    """What is numbered without gaps, anew each year."""

    MEETING = "meeting", _("Rakor")
    LETTER = "letter", _("Surat undangan")
    MINUTES = "minutes", _("Notula")
    DIRECTIVE = "directive", _("Arahan")
