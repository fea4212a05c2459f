from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.enums import Series


class Counter(models.Model):
    """The last number given in a series and year. Its row is locked until the number is used, so
    numbers have neither gaps nor twins."""

    series = models.CharField(_("Seri"), max_length=20, choices=Series.choices)
    year = models.PositiveSmallIntegerField(_("Tahun"))
    last = models.PositiveIntegerField(_("Nomor terakhir"), default=0)

    class Meta:
        verbose_name = _("pencacah nomor")
        verbose_name_plural = _("pencacah nomor")
        constraints = [
            models.UniqueConstraint(fields=["series", "year"], name="counter_once_per_year"),
            models.CheckConstraint(
                condition=Q(series__in=Series.values), name="counter_series_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"
