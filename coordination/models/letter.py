from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.enums import Priority
from coordination.models.meeting import Meeting


class Letter(models.Model):
    """What the letters of invitation of a rakor have in common; number, date and Yth. stand at
    each seat. It is written before the letters go out."""

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="letter")
    urgency = models.CharField(
        _("Derajat"), max_length=12, choices=Priority.choices, default=Priority.ORDINARY
    )
    enclosures = models.CharField(_("Lampiran"), max_length=80, default="–")
    subject = models.CharField(_("Hal"), max_length=200)
    issued_in = models.CharField(_("Tempat surat dibuat"), max_length=60, default="Banjarbaru")
    opening = models.TextField(_("Pembuka"), max_length=1000, blank=True)
    copies = ArrayField(
        models.CharField(max_length=160), verbose_name=_("Tembusan"), default=list, blank=True
    )
    signatory_office = models.CharField(_("Jabatan penanda tangan"), max_length=120)
    signatory_name = models.CharField(_("Nama penanda tangan"), max_length=120, blank=True)
    signatory_rank = models.CharField(_("Pangkat dan NRP/NIP"), max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("surat undangan")
        verbose_name_plural = _("surat undangan")
        constraints = [
            models.CheckConstraint(
                condition=Q(urgency__in=Priority.values), name="letter_urgency_known"
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def classification(self) -> int:
        return self.meeting.classification
