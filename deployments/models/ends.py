from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deployments.enums import EndRung
from deployments.models.deployment import Deployment


class EndReminder(models.Model):
    """That it was asked who follows a placement which then ended on that day; once per rung. A
    lengthened placement is asked about anew."""

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="end_reminders")
    ends_on = models.DateField(_("Sampai dengan"))
    rung = models.PositiveSmallIntegerField(_("Anak tangga"), choices=EndRung.choices)
    sent_at = models.DateTimeField(_("Dikirim"))

    class Meta:
        verbose_name = _("pengingat akhir penempatan")
        verbose_name_plural = _("pengingat akhir penempatan")
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "ends_on", "rung"], name="end_reminder_once"
            ),
            models.CheckConstraint(
                condition=Q(rung__in=EndRung.values), name="end_reminder_rung_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deployment_id} {self.ends_on} {self.rung}"
