from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.registry.enums import PlaceKind, Quality
from portal.registry.models.agency import Agency
from portal.registry.models.operation import Operation
from portal.registry.models.region import ReferenceQuerySet, Region


class PlaceQuerySet(ReferenceQuerySet):
    def of(self, operation: Operation) -> Self:
        """The operation's places that are in use."""
        return self.filter(operation=operation, is_active=True)

    def within(self, code: str) -> Self:
        """Places in the region or in one inside it; a district's code is its path."""
        return self.filter(Q(district=code) | Q(district__code__startswith=f"{code}."))


class Place(models.Model):
    """A place smaller than a district at which people are put: a command post, a group of polling
    stations, a warehouse, an office."""

    operation = models.ForeignKey(
        Operation, models.PROTECT, related_name="places", verbose_name=_("Operasi")
    )
    kind = models.CharField(_("Jenis"), max_length=12, choices=PlaceKind.choices)
    name = models.CharField(_("Nama"), max_length=160)
    district = models.ForeignKey(
        Region, models.PROTECT, related_name="places", verbose_name=_("Kecamatan")
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Instansi"),
    )
    latitude = models.FloatField(_("Lintang"), null=True, blank=True)
    longitude = models.FloatField(_("Bujur"), null=True, blank=True)
    is_active = models.BooleanField(_("Dipakai"), default=True)
    source = models.CharField(_("Sumber"), max_length=200)
    as_of = models.DateField(_("Per tanggal"))
    quality = models.CharField(
        _("Mutu"), max_length=12, choices=Quality.choices, default=Quality.REPORTED
    )
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("tempat")
        verbose_name_plural = _("tempat")
        ordering = ["operation", "district", "kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "district", "kind", "name"], name="place_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=PlaceKind.values), name="place_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="place_has_name"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="place_point_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name
