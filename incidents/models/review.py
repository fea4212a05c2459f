from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident
from portal.access.actor import Actor


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, actor: Actor | None) -> "ReviewQuerySet":
        """Of incidents in sight."""
        return self.filter(incident__in=Incident.objects.visible_to(actor))


class Review(models.Model):
    """After-action: what a closed incident taught. What must change becomes directives, which are
    followed to their end where all directives are."""

    incident = models.OneToOneField(
        Incident, models.PROTECT, related_name="review", verbose_name=_("Kejadian")
    )
    happened = models.TextField(_("Yang terjadi"))
    expected = models.TextField(_("Yang seharusnya terjadi"))
    went_well = models.TextField(_("Yang berjalan baik"), blank=True)
    must_change = models.TextField(_("Yang harus berubah"))
    post = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Ditulis oleh")
    )
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi")
    )
    written_at = models.DateTimeField(_("Ditulis"))
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(_("Diubah"))

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("kaji ulang kejadian")
        verbose_name_plural = _("kaji ulang kejadian")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(happened="") & ~Q(expected="") & ~Q(must_change=""),
                name="incident_review_says_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.written_at:%Y-%m-%d}"

    @property
    def classification(self) -> int:
        return self.incident.classification


class ReviewItem(models.Model):
    """A directive that a review led to: whom it speaks to, by when and with which proof it was
    done, coordination keeps."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="items")
    directive = models.OneToOneField(
        "coordination.Directive", models.PROTECT, related_name="+", verbose_name=_("Arahan")
    )

    class Meta:
        verbose_name = _("tindakan perbaikan")
        verbose_name_plural = _("tindakan perbaikan")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.directive_id}"
