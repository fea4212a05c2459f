from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.registry.enums import FigureKind, Quality
from portal.registry.models.operation import Operation
from portal.registry.models.region import ReferenceQuerySet, Region


class Figure(models.Model):
    """One number about a region, with where it comes from and how far it can be trusted.

    Published figures contradict one another; all are kept, `queries.figures` chooses which to use.
    """

    region = models.ForeignKey(Region, models.CASCADE, related_name="figures")
    kind = models.CharField(_("Angka"), max_length=24, choices=FigureKind.choices)
    value = models.PositiveIntegerField(_("Nilai"))
    # Population belongs to no operation. The source tells two operations' figures apart.
    operation = models.ForeignKey(
        Operation, models.PROTECT, null=True, related_name="figures", verbose_name=_("Operasi")
    )
    as_of = models.DateField(_("Per tanggal"))
    source = models.CharField(_("Sumber"), max_length=200)
    quality = models.CharField(_("Mutu"), max_length=12, choices=Quality.choices)
    final = models.BooleanField(_("Tetap"), default=False)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("angka wilayah")
        verbose_name_plural = _("angka wilayah")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "kind", "as_of", "source"], name="figure_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.region_id}: {self.value}"
