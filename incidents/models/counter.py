from django.db import models
from django.utils.translation import gettext_lazy as _


class NumberSeries(models.Model):
    """The last number of one kind of record in a year. Its row stays locked until the number is
    used, so numbers have neither gaps nor twins."""

    prefix = models.CharField(_("Awalan"), max_length=4)
    year = models.PositiveSmallIntegerField(_("Tahun"))
    last = models.PositiveIntegerField(_("Nomor terakhir"))

    class Meta:
        verbose_name = _("deret nomor")
        verbose_name_plural = _("deret nomor")
        constraints = [
            models.UniqueConstraint(fields=["prefix", "year"], name="one_series_per_year")
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.year}: {self.last}"
