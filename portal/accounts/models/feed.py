import hashlib

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def feed_digest(token: str) -> str:
    """What is kept of a secret of 256 random bits: nobody can go back from it."""
    return hashlib.sha256(token.encode()).hexdigest()


class CalendarFeed(models.Model):
    """A person's private calendar address. Only a digest of its secret is kept; what it shows is
    decided by the posts held at the moment it is fetched."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed"
    )
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("Dibuat"))

    class Meta:
        verbose_name = _("langganan kalender")
        verbose_name_plural = _("langganan kalender")

    def __str__(self) -> str:
        # Not the digest: this text goes to the audit.
        return f"#{self.pk}"
