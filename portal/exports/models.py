from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.exports.enums import OPEN, ExportState, Format

SILENT_AFTER = timedelta(minutes=1)
"""A worker that has not moved its job on for so long is dead: another may begin it anew."""


class ExportJobQuerySet(models.QuerySet["ExportJob"]):
    def visible_to(self, actor: Actor | None) -> "ExportJobQuerySet":
        """What the post itself asked for, up to its clearance."""
        if actor is None or actor.post_id is None:
            return self.none()
        return self.filter(post_id=actor.post_id, classification__lte=actor.clearance)

    def free(self, at: datetime) -> "ExportJobQuerySet":
        """Waiting for a worker, or left behind by one that died."""
        return self.filter(
            Q(state=ExportState.QUEUED)
            | Q(state=ExportState.RUNNING, touched_at__lt=at - SILENT_AFTER)
        )

    def open(self) -> "ExportJobQuerySet":
        return self.filter(state__in=sorted(OPEN))


class ExportJob(models.Model):
    """A file that a post asked for. It holds what was asked; the rows are looked up when it is
    made, with the rights of that moment."""

    post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(_("Isi"), max_length=40)
    format = models.CharField(_("Format"), max_length=4, choices=Format.choices)
    query = models.CharField(_("Saringan"), max_length=1000, blank=True)
    language = models.CharField(_("Bahasa"), max_length=5, default="id")
    state = models.CharField(
        _("Keadaan"), max_length=8, choices=ExportState.choices, default=ExportState.QUEUED
    )
    done = models.PositiveIntegerField(_("Baris selesai"), default=0)
    total = models.PositiveIntegerField(_("Seluruh baris"), default=0)
    error = models.CharField(_("Sebab kegagalan"), max_length=300, blank=True)
    path = models.CharField(max_length=80, blank=True)
    size = models.PositiveIntegerField(_("Ukuran"), default=0)
    classification = models.PositiveSmallIntegerField(
        _("Klasifikasi"), choices=Classification.choices, default=Classification.TERBATAS
    )
    created_at = models.DateTimeField(_("Diminta"))
    touched_at = models.DateTimeField(_("Bergerak"))
    finished_at = models.DateTimeField(_("Selesai disusun"), null=True, blank=True)
    expires_at = models.DateTimeField(_("Dihapus"), null=True, blank=True)

    objects = ExportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("ekspor")
        verbose_name_plural = _("ekspor")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ExportState.values), name="export_state_known"
            ),
            models.CheckConstraint(
                condition=Q(format__in=Format.values), name="export_format_known"
            ),
            models.CheckConstraint(
                condition=Q(classification__in=Classification.values), name="export_class_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.DONE)
                | (~Q(path="") & Q(finished_at__isnull=False, expires_at__isnull=False)),
                name="export_done_has_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.FAILED) | ~Q(error=""),
                name="export_failed_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["post", "-created_at"], name="export_of_post")]

    def __str__(self) -> str:
        return f"{self.kind}.{self.format} #{self.pk}"
