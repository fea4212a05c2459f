from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken


class ApiToken(AbstractAuthToken):
    """A key to the API: stored as a digest, ends by itself, and acts as one post."""

    post = models.ForeignKey(
        "accounts.Post", models.CASCADE, null=True, related_name="+", verbose_name=_("Jabatan")
    )
    label = models.CharField(_("Keperluan"), max_length=80, blank=True)

    class Meta(AbstractAuthToken.Meta):
        abstract = False
        verbose_name = _("token API")
        verbose_name_plural = _("token API")

    def __str__(self) -> str:
        # Not the digest: this text goes to pages and to the audit.
        return self.label or self.token_key
