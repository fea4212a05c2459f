from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.registry.enums import AgencyKind, Quality, UnitKind
from portal.registry.models.region import ReferenceQuerySet, Region


class Agency(models.Model):
    """An institution that sits at the rakor."""

    slug = models.SlugField(_("Kode"), max_length=40, unique=True)
    name = models.CharField(_("Nama"), max_length=160)
    short_name = models.CharField(_("Nama pendek"), max_length=40)
    name_en = models.CharField(_("Nama (Inggris)"), max_length=160)
    kind = models.CharField(_("Jenis"), max_length=24, choices=AgencyKind.choices)
    head_title = models.CharField(_("Sebutan pimpinan"), max_length=80)
    position = models.PositiveSmallIntegerField(_("Urutan"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("instansi")
        verbose_name_plural = _("instansi")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.short_name


class UnitQuerySet(ReferenceQuerySet):
    def under(self, path: str) -> Self:
        """The unit of that path and every unit below it."""
        return self.filter(Q(path=path) | Q(path__startswith=path + "/"))


class Unit(models.Model):
    """A unit in an agency's tree; `path` joins the slugs from the root down."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    slug = models.SlugField(_("Kode"), max_length=80, unique=True)
    name = models.CharField(_("Nama"), max_length=160)
    short_name = models.CharField(_("Nama pendek"), max_length=60)
    kind = models.CharField(_("Jenis"), max_length=24, choices=UnitKind.choices)
    seat = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("Kedudukan"))
    path = models.CharField(max_length=300, unique=True)
    is_active = models.BooleanField(_("Aktif"), default=True)
    source = models.CharField(_("Sumber"), max_length=200, blank=True)
    quality = models.CharField(
        _("Mutu"), max_length=12, choices=Quality.choices, default=Quality.REPORTED
    )
    districts = models.ManyToManyField(Region, through="UnitDistrict", related_name="units")

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("satuan")
        verbose_name_plural = _("satuan")
        ordering = ["path"]
        indexes = [
            models.Index(fields=["path"], name="unit_prefix", opclasses=["varchar_pattern_ops"])
        ]

    def __str__(self) -> str:
        return self.name


class UnitDistrict(models.Model):
    """A unit works in a district. Jurisdictions do not follow regency borders: one Polres polices
    two districts of the next regency, one Kodim covers two regencies."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="coverage")
    district = models.ForeignKey(Region, models.PROTECT, related_name="coverage")
    share = models.DecimalField(_("Bagian"), max_digits=5, decimal_places=4, default=1)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("wilayah kerja")
        verbose_name_plural = _("wilayah kerja")
        constraints = [
            models.UniqueConstraint(fields=["unit", "district"], name="unit_district_unique"),
            models.CheckConstraint(
                condition=Q(share__gt=0) & Q(share__lte=1),
                name="unit_district_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.district_id}"
