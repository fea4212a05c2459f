from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class StrengthDeclarationQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "StrengthDeclarationQuerySet":
        """Announced totals are shared with everyone at the table."""
        return self if actor else self.none()

    def newest(self, operation, at: datetime) -> "StrengthDeclarationQuerySet":
        """Per agency the total that counted at that moment."""
        return (
            self.filter(operation=operation, as_of__lte=at, created_at__lte=at)
            .order_by("agency_id", "-as_of", "-pk")
            .distinct("agency_id")
        )


class StrengthDeclaration(models.Model):
    """The total an agency announced for an operation. The newest counts; older ones stay."""

    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi")
    )
    operation = models.ForeignKey(
        "registry.Operation", models.PROTECT, related_name="+", verbose_name=_("Operasi")
    )
    total = models.PositiveIntegerField(_("Jumlah personel"))
    source = models.CharField(_("Sumber"), max_length=200)
    as_of = models.DateTimeField(_("Data per"))
    final = models.BooleanField(_("Final"), default=False)
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    created_at = models.DateTimeField(_("Dicatat"))

    objects = StrengthDeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("kekuatan yang dinyatakan")
        verbose_name_plural = _("kekuatan yang dinyatakan")
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "agency", "as_of"], name="declaration_once_per_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.total}"
