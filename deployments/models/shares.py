from datetime import datetime
from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DistrictShareQuerySet(models.QuerySet):
    def visible_to(self, actor) -> Self:
        """How a unit is spread is in every figure by district, and no secret."""
        return self if actor else self.none()

    def declared(self, at: datetime) -> Self:
        """The shares that held at that moment."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at), since__lte=at)


class DistrictShare(models.Model):
    """What part of a unit's people stands in one of the districts it covers, as its agency says.

    A unit that covers several districts is split by it; what no share accounts for, and a unit
    without shares, is shown undistributed. `UnitDistrict.share` is another thing: which part of a
    district the unit guards. A row is closed and never changed, so the past keeps its split.
    """

    unit = models.ForeignKey(
        "registry.Unit", models.PROTECT, related_name="+", verbose_name=_("Satuan")
    )
    district = models.ForeignKey(
        "registry.Region", models.PROTECT, related_name="+", verbose_name=_("Kecamatan")
    )
    share = models.DecimalField(
        _("Bagian"),
        max_digits=5,
        decimal_places=4,
        validators=[MinValueValidator(Decimal("0.0001")), MaxValueValidator(1)],
    )
    source = models.CharField(_("Sumber"), max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    declared_by = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")

    objects = DistrictShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("bagian satuan per kecamatan")
        verbose_name_plural = _("bagian satuan per kecamatan")
        ordering = ["district_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "district"],
                condition=Q(until__isnull=True),
                name="district_share_one_open",
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1), name="district_share_within_whole"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="district_share_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.district_id}: {self.share}"
