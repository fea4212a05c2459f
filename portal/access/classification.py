from django.db import models
from django.utils.translation import gettext_lazy as _


class Classification(models.IntegerChoices):
    """How far a record may travel. Sangat Rahasia is never stored here, only its number."""

    BIASA = 1, _("Biasa")
    TERBATAS = 2, _("Terbatas")
    RAHASIA = 3, _("Rahasia")


def highest(*classes: int) -> Classification:
    """A whole takes the highest class of its parts."""
    return Classification(max(classes, default=Classification.TERBATAS))
