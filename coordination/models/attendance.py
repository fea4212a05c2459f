from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.enums import CheckIn, Presence
from coordination.models.meeting import Meeting
from coordination.models.seat import Invitation


class Attendance(models.Model):
    """A line of the daftar hadir: the office that was invited, who really came, and how the line
    came to be. One line per person; the one with the `invitation` takes the agency's seat."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance")
    invitation = models.OneToOneField(
        Invitation, models.PROTECT, null=True, blank=True, related_name="attendance"
    )
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi")
    )
    position = models.PositiveSmallIntegerField(_("Urutan"), default=0)
    invited_office = models.CharField(_("Jabatan yang diundang"), max_length=160)
    status = models.CharField(_("Status"), max_length=12, choices=Presence.choices)
    attendee_name = models.CharField(_("Nama yang hadir"), max_length=120, blank=True)
    attendee_office = models.CharField(_("Jabatan yang hadir"), max_length=160, blank=True)
    rank = models.CharField(_("Pangkat/Gol."), max_length=60, blank=True)
    service_number = models.CharField(_("NRP/NIP"), max_length=30, blank=True)
    may_commit = models.BooleanField(_("Wakil berwenang mengambil keputusan"), default=False)
    checked_in_at = models.DateTimeField(_("Waktu datang"), null=True, blank=True)
    method = models.CharField(
        _("Cara mencatat"), max_length=10, choices=CheckIn.choices, default=CheckIn.LIST
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Mencatat sendiri"),
    )
    recorded_by = models.ForeignKey(
        "accounts.Post",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Dicatat oleh"),
    )
    recorded_at = models.DateTimeField(_("Dicatat"), null=True, blank=True)

    class Meta:
        verbose_name = _("kehadiran")
        verbose_name_plural = _("daftar hadir")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Presence.values), name="attendance_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=Presence.ABSENT) | Q(checked_in_at__isnull=True),
                name="attendance_absent_has_no_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=Presence.REPRESENTED) | ~Q(attendee_office=""),
                name="attendance_representative_has_office",
            ),
            models.CheckConstraint(
                condition=Q(method__in=CheckIn.values), name="attendance_method_known"
            ),
            models.UniqueConstraint(
                fields=["meeting", "person"],
                condition=Q(person__isnull=False),
                name="attendance_one_line_per_person",
            ),
            models.CheckConstraint(
                condition=Q(method__in=[CheckIn.LIST, CheckIn.DESK])
                | Q(person__isnull=False, recorded_by__isnull=False, recorded_at__isnull=False),
                name="attendance_self_signed_has_trace",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invited_office}: {self.get_status_display()}"


class CodeUse(models.Model):
    """A code from the screen that a person has used: it works once, also when his line was taken
    off the list again."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    slot = models.BigIntegerField()
    used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kode hadir terpakai")
        verbose_name_plural = _("kode hadir terpakai")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person", "slot"], name="check_in_code_once_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}:{self.slot}"
