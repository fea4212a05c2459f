from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.models.visibility import holds
from portal.access.actor import Actor
from portal.access.permissions import Permission


class AgencyWithdrawalQuerySet(models.QuerySet["AgencyWithdrawal"]):
    def visible_to(self, actor: Actor | None) -> "AgencyWithdrawalQuerySet":
        """Everyone who goes to rakor knows who takes part in the operation."""
        return self if holds(actor, Permission.MEETING_VIEW) else self.none()

    def standing(self) -> "AgencyWithdrawalQuerySet":
        return self.filter(ended_at=None)


class AgencyWithdrawal(models.Model):
    """An agency no longer takes part in an operation, until it comes back. It is invited to no
    rakor of it meanwhile; what it was to carry out stays its own."""

    operation = models.ForeignKey(
        "registry.Operation", models.PROTECT, related_name="+", verbose_name=_("Operasi")
    )
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi")
    )
    reason = models.CharField(_("Alasan"), max_length=300)
    at = models.DateTimeField(_("Ditarik"))
    by_post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("Kembali"), null=True, blank=True)
    ended_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_reason = models.CharField(_("Alasan kembali"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AgencyWithdrawalQuerySet.as_manager()

    class Meta:
        verbose_name = _("penarikan instansi")
        verbose_name_plural = _("penarikan instansi")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "agency"],
                condition=Q(ended_at=None),
                name="withdrawal_once_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_has_reason"),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="", ended_by=None)
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
                name="withdrawal_ends_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.operation_id}"
