from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.models.meeting import Meeting
from coordination.models.obligation import Obligation
from portal.access.actor import Actor


class DroppedQuerySet(models.QuerySet["Dropped"]):
    def visible_to(self, actor: Actor | None) -> "DroppedQuerySet":
        """Whoever sees both the obligation and the meeting that it was taken off."""
        return self.filter(
            obligation__in=Obligation.objects.visible_to(actor),
            meeting__in=Meeting.objects.visible_to(actor),
        )


class Dropped(models.Model):
    """An open obligation that was taken off the agenda of one rakor, and why. It stays off that
    agenda, and comes back onto the next one of the series unless it is closed by then."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="dropped")
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="dropped")
    reason = models.CharField(_("Alasan"), max_length=500)
    post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("Waktu"))

    objects = DroppedQuerySet.as_manager()

    class Meta:
        verbose_name = _("tindak lanjut yang dikeluarkan")
        verbose_name_plural = _("tindak lanjut yang dikeluarkan")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "obligation"], name="dropped_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="dropped_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.obligation_id}"

    @property
    def classification(self) -> int:
        return max(self.obligation.classification, self.meeting.classification)
