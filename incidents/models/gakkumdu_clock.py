from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from incidents.enums.gakkumdu import Effect, StepCode, TimeUnit
from incidents.models.taxonomy import ReferenceQuerySet


class ClockStep(models.Model):
    """What the law sets for a step: who acts, within which time, how much longer at most once, and
    what lapses after. Loaded from data/gakkumdu.json; an administrator's correction stays."""

    code = models.CharField(_("Langkah"), max_length=16, primary_key=True, choices=StepCode.choices)
    position = models.PositiveSmallIntegerField(_("Urutan"))
    actor = models.CharField(_("Pelaku"), max_length=120)
    actor_en = models.CharField(_("Pelaku (Inggris)"), max_length=120)
    limit = models.PositiveSmallIntegerField(
        pgettext_lazy("jam hukum", "Batas waktu"), null=True, blank=True
    )
    unit = models.CharField(
        _("Satuan waktu"), max_length=12, choices=TimeUnit.choices, default=TimeUnit.DAY
    )
    extension = models.PositiveSmallIntegerField(_("Perpanjangan satu kali"), default=0)
    effect = models.CharField(
        _("Akibat lewat waktu"), max_length=12, choices=Effect.choices, default=Effect.ENDS
    )
    lapse = models.CharField(_("Yang gugur"), max_length=200)
    lapse_en = models.CharField(_("Yang gugur (Inggris)"), max_length=200)
    remind_hours = models.PositiveSmallIntegerField(_("Pengingat sebelum habis (jam)"), default=24)
    source = models.CharField(_("Sumber"), max_length=200)
    by_hand = models.BooleanField(_("Diubah administrator"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("batas waktu Gakkumdu")
        verbose_name_plural = _("batas waktu Gakkumdu")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__in=StepCode.values), name="clock_step_code_known"
            ),
            models.CheckConstraint(
                condition=Q(unit__in=TimeUnit.values), name="clock_step_unit_known"
            ),
            models.CheckConstraint(
                condition=Q(effect__in=Effect.values), name="clock_step_effect_known"
            ),
            models.CheckConstraint(
                condition=Q(limit__isnull=True, extension=0) | Q(limit__gt=0),
                name="clock_step_limit_counts",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="clock_step_has_source"),
        ]

    def __str__(self) -> str:
        return self.get_code_display()

    @property
    def who(self) -> str:
        """Who acts, in the reader's language."""
        return self.actor_en if get_language() == "en" else self.actor

    @property
    def lapses(self) -> str:
        """What lapses when the time is over, in the reader's language."""
        return self.lapse_en if get_language() == "en" else self.lapse
