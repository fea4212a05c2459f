from django.db import models
from django.utils.translation import gettext_lazy as _


class IncidentCounter(models.Model):
    """The last incident number of a year. Its row stays locked until the number is used, so numbers
    have neither gaps nor twins."""

    year = models.PositiveSmallIntegerField(_("Tahun"), primary_key=True)
    last = models.PositiveIntegerField(_("Nomor terakhir"))

    class Meta:
        verbose_name = _("pencacah nomor kejadian")
        verbose_name_plural = _("pencacah nomor kejadian")

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
