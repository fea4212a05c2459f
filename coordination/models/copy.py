from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.models.minutes import Minutes


class IssuedCopy(models.Model):
    """A PDF of published minutes as it left the portal. Nothing of it is kept but its SHA-256, by
    which whoever holds the file finds out that it is genuine; who took it stands in the audit."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="copies")
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    issued_at = models.DateTimeField(_("Dikeluarkan"))

    class Meta:
        verbose_name = _("salinan notula")
        verbose_name_plural = _("salinan notula")
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="copy_has_a_sha256"
            )
        ]

    def __str__(self) -> str:
        return self.sha256
