from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.access.actor import Actor
from portal.imports.enums import WORKING, ImportState, Mode, RowOutcome, RowVerdict, Source

SILENT_AFTER = timedelta(minutes=1)
"""A worker that has not moved its job on for so long is dead: another may go on with it."""


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def visible_to(self, actor: Actor | None) -> Self:
        """What the post itself sent."""
        if actor is None or actor.post_id is None:
            return self.none()
        return self.filter(post_id=actor.post_id)

    def free(self, waiting: str, running: str, at: datetime) -> Self:
        """Waiting for a worker, or left behind by one that died."""
        left = Q(state=running, touched_at__lt=at - SILENT_AFTER)
        return self.filter(Q(state=waiting, run="") | Q(state=running, run="") | left)

    def working(self) -> Self:
        return self.filter(state__in=sorted(WORKING))


class ImportJob(models.Model):
    """A file that a post sent, and what became of it."""

    post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(_("Isi"), max_length=40)
    name = models.CharField(_("Nama berkas"), max_length=200)
    source = models.CharField(_("Jenis berkas"), max_length=4, choices=Source.choices)
    path = models.CharField(max_length=80, blank=True)
    size = models.PositiveIntegerField(_("Ukuran"))
    sha256 = models.CharField("SHA-256", max_length=64)
    language = models.CharField(_("Bahasa"), max_length=5, default="id")
    state = models.CharField(
        _("Keadaan"), max_length=9, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    mode = models.CharField(_("Cara"), max_length=4, choices=Mode.choices, blank=True)
    run = models.CharField(max_length=32, blank=True)
    """Of the worker that has it; one that finds another's lets go."""
    done = models.PositiveIntegerField(_("Baris selesai"), default=0)
    total = models.PositiveIntegerField(_("Seluruh baris"), default=0)
    new = models.PositiveIntegerField(pgettext_lazy("baris", "Baru"), default=0)
    changed = models.PositiveIntegerField(pgettext_lazy("baris", "Berubah"), default=0)
    same = models.PositiveIntegerField(pgettext_lazy("baris", "Sama"), default=0)
    refused = models.PositiveIntegerField(pgettext_lazy("baris", "Ditolak"), default=0)
    applied = models.PositiveIntegerField(pgettext_lazy("baris", "Diterapkan"), default=0)
    left_out = models.PositiveIntegerField(_("Ditolak saat diterapkan"), default=0)
    undone = models.PositiveIntegerField(pgettext_lazy("baris", "Dibatalkan"), default=0)
    kept = models.PositiveIntegerField(pgettext_lazy("baris", "Tetap"), default=0)
    notices = models.JSONField(_("Catatan pembacaan"), default=list, blank=True)
    error = models.CharField(_("Sebab kegagalan"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("Dikirim"))
    touched_at = models.DateTimeField(_("Bergerak"))
    finished_at = models.DateTimeField(pgettext_lazy("waktu", "Selesai"), null=True, blank=True)
    expires_at = models.DateTimeField(_("Dihapus"))

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("impor")
        verbose_name_plural = _("impor")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="import_state_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=Source.values), name="import_source_known"
            ),
            models.CheckConstraint(
                condition=Q(mode="") | Q(mode__in=Mode.values), name="import_mode_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["applying", "applied", "undoing", "undone"]) | ~Q(mode=""),
                name="import_applied_in_a_mode",
            ),
            models.CheckConstraint(
                condition=~Q(state=ImportState.FAILED) | ~Q(error=""),
                name="import_failed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["uploaded", "checking"]) | ~Q(path=""),
                name="import_checked_from_a_file",
            ),
        ]
        indexes = [models.Index(fields=["post", "-created_at"], name="import_of_post")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def visible_to(self, actor: Actor | None) -> Self:
        """The rows of the jobs in sight."""
        return self.filter(job__in=ImportJob.objects.visible_to(actor))

    def pending(self) -> Self:
        """Good, and not yet written."""
        return self.filter(verdict__in=[RowVerdict.NEW, RowVerdict.CHANGED], outcome="")

    def rejected(self) -> Self:
        """What the sender has to mend."""
        return self.filter(Q(verdict=RowVerdict.REFUSED) | Q(outcome=RowOutcome.LEFT_OUT))


class ImportRow(models.Model):
    """One row of a file: as it came, as it was read, and what it would do or did."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("Baris"))
    key = models.CharField(max_length=300, blank=True)
    raw = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    verdict = models.CharField(max_length=7, choices=RowVerdict.choices)
    reasons = models.JSONField(default=list)
    """Each with `column`, `cell` and `text`."""
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    object_id = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=8, choices=RowOutcome.choices, blank=True)
    outcome_reason = models.CharField(max_length=500, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("baris impor")
        verbose_name_plural = _("baris impor")
        ordering = ["job", "line"]
        constraints = [
            models.UniqueConstraint(fields=["job", "line"], name="import_row_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=RowVerdict.values), name="import_row_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(outcome__in=RowOutcome.values),
                name="import_row_outcome_known",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=RowVerdict.REFUSED) | ~Q(reasons=[]),
                name="import_row_refused_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(verdict__in=["new", "changed"]),
                name="import_row_only_good_ones_written",
            ),
        ]
        indexes = [
            models.Index(fields=["job", "key"], name="import_row_key"),
            models.Index(fields=["job", "verdict", "line"], name="import_row_verdict"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}:{self.line}"
