from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.enums.targets import Goal, TargetRecipient
from incidents.models.incident import Incident
from portal.access.actor import Actor
from portal.access.permissions import Permission

HIGHEST = 1000
"""No rung lies later than ten times the target."""


class TargetRungQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor | None) -> "TargetRungQuerySet":
        """Whoever sets the ladders."""
        if actor is None or not (actor.is_system or Permission.LADDER_EDIT in actor.permissions):
            return self.none()
        return self

    def active(self) -> "TargetRungQuerySet":
        return self.filter(is_active=True)


class TargetRung(models.Model):
    """A step of the ladder of target times, as administrators set it: when so much of the time is
    over, in per cent, whom it tells. Below 100 it warns, from 100 on the target is missed. Never
    deleted: notices point at it."""

    percent = models.PositiveSmallIntegerField(_("Bagian waktu yang habis (%)"), unique=True)
    recipient = models.CharField(_("Penerima"), max_length=12, choices=TargetRecipient.choices)
    is_active = models.BooleanField(_("Aktif"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = TargetRungQuerySet.as_manager()

    class Meta:
        verbose_name = _("anak tangga target waktu")
        verbose_name_plural = _("anak tangga target waktu")
        ordering = ["percent"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=HIGHEST), name="target_rung_in_time"
            ),
            models.CheckConstraint(
                condition=Q(recipient__in=TargetRecipient.values),
                name="target_rung_recipient_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent}% → {self.recipient}"


class TargetNotice(models.Model):
    """A rung that was decided for a goal of an incident, counted to one due time: once for ever.
    `passed`: a higher rung was due as well, or nobody new was there to be told."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="target_notices")
    goal = models.CharField(_("Target"), max_length=12, choices=Goal.choices)
    due_at = models.DateTimeField(_("Paling lambat"))
    rung = models.ForeignKey(TargetRung, models.PROTECT, related_name="+")
    passed = models.BooleanField(default=False)
    told = ArrayField(
        models.BigIntegerField(), default=list, help_text=_("Jabatan yang diberi tahu.")
    )
    sent_at = models.DateTimeField(_("Dikirim"))

    class Meta:
        verbose_name = _("pemberitahuan target waktu")
        verbose_name_plural = _("pemberitahuan target waktu")
        ordering = ["sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "goal", "due_at", "rung"], name="target_notice_once"
            ),
            models.CheckConstraint(
                condition=Q(goal__in=Goal.values), name="target_notice_goal_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.goal} {self.rung_id}"
