from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotencyRecord(models.Model):
    """The answer to one POST, kept so that the same POST again has no second effect."""

    owner = models.CharField(_("Pengirim"), max_length=80)
    path = models.CharField(_("Alamat"), max_length=300)
    key = models.CharField(_("Kunci"), max_length=100)
    fingerprint = models.CharField(_("Sidik isi"), max_length=64)
    # Empty until the effect is recorded; both are committed together.
    status = models.PositiveSmallIntegerField(_("Status"), null=True)
    headers = models.JSONField(_("Kepala"), default=dict)
    body = models.BinaryField(_("Isi"), default=b"")
    created_at = models.DateTimeField(_("Dibuat"))

    class Meta:
        verbose_name = _("kunci kiriman")
        verbose_name_plural = _("kunci kiriman")
        constraints = [
            models.UniqueConstraint(fields=["owner", "path", "key"], name="idempotency_key_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_created")]

    def __str__(self) -> str:
        return f"{self.path} {self.key}"
