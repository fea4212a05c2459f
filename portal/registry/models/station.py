from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from portal.registry.enums import Quality
from portal.registry.models.operation import Operation
from portal.registry.models.region import ReferenceQuerySet, Region

DISTRICT_CODE = 8
"""Characters of a district's code; a village's code begins with them."""


class PollingStationQuerySet(ReferenceQuerySet):
    def of(self, operation: Operation) -> Self:
        """The operation's stations that are in use."""
        return self.filter(operation=operation, is_active=True)

    def within(self, code: str) -> Self:
        """Stations in the region or in one inside it; a district's code is its path."""
        return self.filter(Q(district=code) | Q(district__code__startswith=f"{code}."))


class PollingStation(models.Model):
    """A polling station (TPS) of one operation; the next election has its own.

    What the police and the supervisors think of it stands with them, not here.
    """

    operation = models.ForeignKey(
        Operation, models.PROTECT, related_name="stations", verbose_name=_("Operasi")
    )
    code = models.CharField(_("Kode TPS"), max_length=24)
    number = models.PositiveSmallIntegerField(_("Nomor"))
    district = models.ForeignKey(
        Region, models.PROTECT, related_name="stations", verbose_name=_("Kecamatan")
    )
    village = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Desa/kelurahan"),
    )
    name = models.CharField(_("Nama"), max_length=120)
    latitude = models.FloatField(_("Lintang"), null=True, blank=True)
    longitude = models.FloatField(_("Bujur"), null=True, blank=True)
    voters = models.PositiveIntegerField(_("Pemilih"), null=True, blank=True)
    is_active = models.BooleanField(_("Dipakai"), default=True)
    source = models.CharField(_("Sumber"), max_length=200)
    as_of = models.DateField(_("Per tanggal"))
    quality = models.CharField(
        _("Mutu"), max_length=12, choices=Quality.choices, default=Quality.REPORTED
    )
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)

    objects = PollingStationQuerySet.as_manager()

    class Meta:
        verbose_name = _("TPS")
        verbose_name_plural = _("TPS")
        ordering = ["operation", "code"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "code"], name="station_code_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="station_number_positive"),
            models.CheckConstraint(
                condition=Q(village=None) | Exact(Left("village_id", DISTRICT_CODE), F("district")),
                name="station_village_in_district",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="station_point_whole",
            ),
        ]
        indexes = [models.Index(fields=["operation", "district"], name="station_place")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
