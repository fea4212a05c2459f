from django.db import models
from django.utils.translation import gettext_lazy as _


class EndRung(models.IntegerChoices):
    """So many hours before a placement ends its unit is asked who follows."""

    TWO_DAYS = 48, _("48 jam sebelum berakhir")
    ONE_DAY = 24, _("24 jam sebelum berakhir")
