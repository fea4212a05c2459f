from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.registry.enums import Quality, StageTrack
from portal.registry.models.region import ReferenceQuerySet, Region


class OperationQuerySet(ReferenceQuerySet):
    def current(self, at: datetime) -> "Operation | None":
        """The operation that runs on that day, else the next to start, else the last."""
        day = clock.local(at).date()
        running = self.filter(starts_on__lte=day, ends_on__gte=day).order_by("-starts_on").first()
        coming = running or self.filter(starts_on__gt=day).order_by("starts_on").first()
        return coming or self.order_by("-ends_on").first()


class Operation(models.Model):
    """A security operation; which one runs, and its stages, are data."""

    slug = models.SlugField(_("Kode"), unique=True)
    name = models.CharField(_("Nama"), max_length=120)
    code_name = models.CharField(_("Sandi"), max_length=80)
    kind = models.CharField(_("Jenis"), max_length=80)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    starts_on = models.DateField(_("Mulai"))
    ends_on = models.DateField(pgettext_lazy("waktu", "Selesai"))
    description = models.TextField(_("Uraian"), blank=True)
    source = models.CharField(_("Sumber"), max_length=200)

    objects = OperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("operasi")
        verbose_name_plural = _("operasi")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="operation_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.name


class StageQuerySet(ReferenceQuerySet):
    def running(self, at: datetime) -> Self:
        return self.filter(starts_at__lte=at, ends_at__gt=at)


class Stage(models.Model):
    """A row of the calendar (tahapan), from its first moment to its end, exclusive."""

    operation = models.ForeignKey(Operation, models.CASCADE, related_name="stages")
    key = models.SlugField(_("Kode"), max_length=40)
    name = models.CharField(_("Nama"), max_length=120)
    name_en = models.CharField(_("Nama (Inggris)"), max_length=120)
    starts_at = models.DateTimeField(_("Mulai"))
    ends_at = models.DateTimeField(pgettext_lazy("waktu", "Selesai"))
    security_focus = models.CharField(_("Fokus pengamanan"), max_length=160, blank=True)
    track = models.CharField(
        _("Jalur"), max_length=12, choices=StageTrack.choices, default=StageTrack.ELECTION
    )
    source = models.CharField(_("Sumber"), max_length=200)
    quality = models.CharField(
        _("Mutu"), max_length=12, choices=Quality.choices, default=Quality.REPORTED
    )
    position = models.PositiveSmallIntegerField(_("Urutan"))

    objects = StageQuerySet.as_manager()

    class Meta:
        verbose_name = _("tahapan")
        verbose_name_plural = _("tahapan")
        ordering = ["operation", "starts_at", "position"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "key"], name="stage_key_unique"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="stage_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" else self.name
