from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.registry.enums import HolidayKind
from portal.registry.models.region import ReferenceQuerySet


class HolidayQuerySet(ReferenceQuerySet):
    def in_use(self) -> Self:
        """Without the entries that somebody took out."""
        return self.filter(removal_reason="")

    def of_year(self, year: int) -> Self:
        return self.filter(date__range=(date(year, 1, 1), date(year, 12, 31)))


class Holiday(models.Model):
    """A day that the plain week would get wrong: no working day, or, as an exception, one.

    An entry that was taken out stays, with the reason, so that loading does not bring it back.
    """

    date = models.DateField(_("Tanggal"), unique=True)
    name = models.CharField(_("Nama"), max_length=120)
    kind = models.CharField(_("Jenis"), max_length=12, choices=HolidayKind.choices)
    is_working = models.BooleanField(_("Tetap hari kerja"), default=False)
    source = models.CharField(_("Sumber"), max_length=200)
    by_hand = models.BooleanField(_("Diubah administrator"), default=False)
    removal_reason = models.CharField(_("Alasan dihapus"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("hari libur")
        verbose_name_plural = _("hari libur")
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=HolidayKind.values), name="holiday_kind_known"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="holiday_has_name"),
            models.CheckConstraint(
                condition=Q(removal_reason="") | Q(by_hand=True), name="holiday_removed_by_hand"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d-%m-%Y} {self.name}"
