from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.enums.warning import ThreatLevel
from incidents.models.taxonomy import ReferenceQuerySet
from incidents.models.warning import EarlyWarning
from portal.access.actor import Actor


class ThreatQuerySet(ReferenceQuerySet):
    def visible_to(self, actor: Actor | None) -> "ThreatQuerySet":
        """The same for everyone who is signed in."""
        return self if actor else self.none()

    def newest(self) -> "ThreatQuerySet":
        """The level that holds now, one row per kecamatan."""
        return self.order_by("region_id", "-at", "-pk").distinct("region_id")


class Threat(models.Model):
    """The level of threat of a kecamatan from a moment on: added, never changed (a trigger refuses
    it). A kecamatan without a row has not been judged, which is not the same as low."""

    region = models.ForeignKey(
        "registry.Region", models.PROTECT, related_name="+", verbose_name=_("Kecamatan")
    )
    level = models.PositiveSmallIntegerField(_("Tingkat ancaman"), choices=ThreatLevel.choices)
    reason = models.CharField(_("Alasan"), max_length=300)
    warning = models.ForeignKey(
        EarlyWarning,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="threats",
        verbose_name=_("Atas usul peringatan"),
    )
    post = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Ditetapkan oleh")
    )
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi")
    )
    at = models.DateTimeField(_("Sejak"))
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)

    objects = ThreatQuerySet.as_manager()

    class Meta:
        verbose_name = _("tingkat ancaman")
        verbose_name_plural = _("tingkat ancaman")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=ThreatLevel.values), name="threat_level_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="threat_says_why"),
        ]
        indexes = [models.Index(fields=["region", "-at", "-id"], name="threat_newest")]

    def __str__(self) -> str:
        return f"{self.region_id}: {self.level}"
