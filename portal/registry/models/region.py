from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.registry.enums import RegionKind


class ReferenceQuerySet(models.QuerySet):
    def visible_to(self, actor: Any) -> Self:
        """Reference data are the same for everyone who is signed in."""
        return self if actor else self.none()


class RegionQuerySet(ReferenceQuerySet):
    def within(self, code: str) -> Self:
        """The region of that code and every region inside it; the code is the path."""
        return self.filter(Q(code=code) | Q(code__startswith=code + "."))

    def regencies(self) -> Self:
        return self.filter(level=Region.Level.REGENCY)

    def districts(self) -> Self:
        return self.filter(level=Region.Level.DISTRICT)


def parent_code(code: str) -> str | None:
    """`63.03.01` → `63.03`; the province has none."""
    return code.rpartition(".")[0] or None


def regency_code(code: str) -> str | None:
    """`63.03.01.2001` → `63.03`; of the regency itself the same; the province has none."""
    parts = code.split(".")
    return ".".join(parts[:2]) if len(parts) > 1 else None


class Region(models.Model):
    """A region by its Kemendagri code: province `63`, regency `63.03`, district `63.03.01`, village
    `63.03.01.2001`."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("Provinsi")
        REGENCY = "regency", _("Kabupaten/Kota")
        DISTRICT = "district", _("Kecamatan")
        VILLAGE = "village", _("Desa/Kelurahan")

    code = models.CharField(_("Kode"), max_length=13, primary_key=True)
    level = models.CharField(_("Tingkat"), max_length=10, choices=Level.choices)
    kind = models.CharField(_("Jenis"), max_length=12, choices=RegionKind.choices)
    name = models.CharField(_("Nama"), max_length=100)
    short_name = models.CharField(_("Nama pendek"), max_length=40)
    capital = models.CharField(_("Ibu kota"), max_length=60, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    area_km2 = models.DecimalField(_("Luas (km²)"), max_digits=10, decimal_places=3, null=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("wilayah")
        verbose_name_plural = _("wilayah")
        ordering = ["code"]
        indexes = [
            models.Index(fields=["level", "code"], name="region_level"),
            # Subtrees are found by prefix, whatever the database's collation.
            models.Index(fields=["code"], name="region_prefix", opclasses=["varchar_pattern_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(level="province", parent=None, code__regex=r"^\d{2}$")
                | Q(level="regency", parent__isnull=False, code__regex=r"^\d{2}\.\d{2}$")
                | Q(level="district", parent__isnull=False, code__regex=r"^\d{2}(\.\d{2}){2}$")
                | Q(
                    level="village",
                    parent__isnull=False,
                    code__regex=r"^\d{2}(\.\d{2}){2}\.[12]\d{3}$",
                ),
                name="region_code_fits_level",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """A district with its regency, for there are namesakes: Gambut, Kabupaten Banjar."""
        district = self.level == self.Level.DISTRICT and self.parent
        return f"{self.name}, {self.parent.name}" if district else self.name


class Boundary(models.Model):
    """A region's outline, apart from the region so that lists never touch geometry.

    `geometry` answers where a point lies; `drawing` is the same outline thinned out for the map,
    its level simplified as a whole so that neighbours still share their edges.
    """

    region = models.OneToOneField(Region, models.CASCADE, primary_key=True)
    geometry = models.JSONField()
    drawing = models.JSONField()
    digest = models.CharField(max_length=64)
    approximate = models.BooleanField(_("Perkiraan"), default=True)
    source = models.CharField(_("Sumber"), max_length=200)
    credit = models.CharField(_("Hak cipta"), max_length=200, blank=True)
    loaded_at = models.DateTimeField(_("Dimuat"))

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("batas wilayah")
        verbose_name_plural = _("batas wilayah")

    def __str__(self) -> str:
        return self.region_id
