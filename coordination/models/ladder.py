from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.enums import Occasion, Priority, Recipient
from coordination.models.visibility import holds
from portal.access.actor import Actor
from portal.access.permissions import Permission

RECIPIENTS = [choice for choice in Recipient.choices if choice[0] != Recipient.NOBODY]
LIMIT = 60 * 24 * 60
"""No rung lies more than sixty days from the moment it is counted from, in minutes."""


class LadderRungQuerySet(models.QuerySet["LadderRung"]):
    def visible_to(self, actor: Actor | None) -> "LadderRungQuerySet":
        """Whoever sets the ladders."""
        return self if holds(actor, Permission.LADDER_EDIT) else self.none()

    def active(self) -> "LadderRungQuerySet":
        return self.filter(is_active=True)


class LadderRung(models.Model):
    """One step of a reminder ladder, as administrators set it: of a priority and an occasion, so
    many minutes from the counted moment, whom it tells. Never deleted: reminders point at it."""

    priority = models.CharField(_("Derajat"), max_length=12, choices=Priority.choices)
    occasion = models.CharField(_("Peristiwa"), max_length=16, choices=Occasion.choices)
    after = models.IntegerField(_("Menit dari saat yang dihitung"))
    recipient = models.CharField(_("Penerima"), max_length=16, choices=RECIPIENTS)
    working_hours_only = models.BooleanField(_("Hanya pada jam kerja"), default=False)
    is_active = models.BooleanField(_("Aktif"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = LadderRungQuerySet.as_manager()

    class Meta:
        verbose_name = _("anak tangga pengingat")
        verbose_name_plural = _("anak tangga pengingat")
        ordering = ["priority", "occasion", "after", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["priority", "occasion", "after"],
                condition=Q(is_active=True),
                name="ladder_one_rung_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(occasion=Occasion.DUE_SOON, after__lt=0, after__gte=-LIMIT)
                | (~Q(occasion=Occasion.DUE_SOON) & Q(after__gte=0, after__lte=LIMIT)),
                name="ladder_rung_on_its_side",
            ),
            models.CheckConstraint(
                condition=Q(priority__in=Priority.values), name="ladder_priority_known"
            ),
            models.CheckConstraint(
                condition=Q(occasion__in=Occasion.values), name="ladder_occasion_known"
            ),
            models.CheckConstraint(
                condition=Q(recipient__in=[code for code, _label in RECIPIENTS]),
                name="ladder_recipient_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.priority}/{self.occasion} {self.after:+d} → {self.recipient}"

    @property
    def span(self) -> timedelta:
        return timedelta(minutes=self.after)
