from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.enums import Recipient, ReminderOutcome, Rung
from coordination.models.ladder import LadderRung
from coordination.models.obligation import Obligation
from coordination.models.seat import Invitation


class Reminder(models.Model):
    """A rung that was decided: for this seat or obligation, counted from this moment.

    Of an obligation it says which rung of the ladder, what that was set to then, and who was told;
    `passed`: a higher rung was due as well, so nobody was told of this one.
    """

    rung = models.CharField(_("Anak tangga"), max_length=20, choices=Rung.choices)
    obligation = models.ForeignKey(
        Obligation, models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    invitation = models.ForeignKey(
        Invitation, models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    step = models.ForeignKey(LadderRung, models.PROTECT, null=True, blank=True, related_name="+")
    after = models.IntegerField(_("Menit dari saat yang dihitung"), null=True, blank=True)
    wanted = models.CharField(
        _("Penerima menurut tangga"), max_length=16, choices=Recipient.choices, blank=True
    )
    recipient = models.CharField(
        _("Penerima"), max_length=16, choices=Recipient.choices, blank=True
    )
    told = ArrayField(models.CharField(max_length=180), verbose_name=_("Jabatan"), default=list)
    outcome = models.CharField(
        _("Hasil"),
        max_length=8,
        choices=ReminderOutcome.choices,
        default=ReminderOutcome.SENT,
    )
    counted_from = models.DateTimeField(_("Dihitung dari"))
    sent_at = models.DateTimeField(_("Dikirim"))

    class Meta:
        verbose_name = _("pengingat")
        verbose_name_plural = _("pengingat")
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(obligation__isnull=False, invitation__isnull=True)
                | Q(obligation__isnull=True, invitation__isnull=False),
                name="reminder_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(obligation__isnull=False, step__isnull=False, after__isnull=False)
                | Q(obligation__isnull=True, step__isnull=True),
                name="reminder_of_obligation_has_rung",
            ),
            models.UniqueConstraint(
                fields=["obligation", "step", "counted_from"], name="reminder_obligation_once"
            ),
            models.UniqueConstraint(
                fields=["invitation", "rung", "counted_from"], name="reminder_invitation_once"
            ),
        ]

    def __str__(self) -> str:
        return self.rung
