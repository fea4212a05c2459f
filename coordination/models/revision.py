from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.enums import RevisionOrigin
from coordination.models.minutes import Minutes, MinutesSection


class SectionRevision(models.Model):
    """The text of a passage as one save left it; without a section, that of the head. What a
    writer saved within two minutes is folded into its last one, and only a base for joining texts
    until the minutes are signed."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="revisions")
    section = models.ForeignKey(
        MinutesSection, models.SET_NULL, null=True, blank=True, related_name="revisions"
    )
    of_head = models.BooleanField(_("Kepala dan kaki"), default=False)
    number = models.PositiveIntegerField(_("Versi"))
    values = models.JSONField(_("Isi"))
    origin = models.CharField(
        _("Asal"), max_length=10, choices=RevisionOrigin.choices, default=RevisionOrigin.SAVED
    )
    author = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")
    author_office = models.CharField(_("Oleh"), max_length=200)
    began_at = models.DateTimeField(_("Mulai"))
    at = models.DateTimeField(_("Waktu"))
    folded = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("revisi notula")
        verbose_name_plural = _("revisi notula")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["minutes", "section", "-id"], name="revision_of_passage")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(origin__in=RevisionOrigin.values), name="revision_origin_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.minutes_id}/{self.section_id}: {self.number}"


class SectionPresence(models.Model):
    """Who was last seen writing a passage. It holds nobody back; it only lets one be warned."""

    section = models.ForeignKey(MinutesSection, models.CASCADE, related_name="presence")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    office = models.CharField(_("Jabatan"), max_length=200)
    at = models.DateTimeField(_("Terakhir terlihat"))

    class Meta:
        verbose_name = _("penulis bagian")
        verbose_name_plural = _("penulis bagian")
        constraints = [
            models.UniqueConstraint(fields=["section", "user"], name="presence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.section_id}: {self.office}"
