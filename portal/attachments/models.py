from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.access.classification import Classification

# What a browser shows by itself and what can be drawn small.
PICTURE_TYPES = frozenset({"image/jpeg", "image/png"})


class Attachment(models.Model):
    """A file that belongs to a record: its bytes on disk under a random name, its rights those of
    the record it hangs on."""

    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.BigIntegerField()
    owner = GenericForeignKey()
    name = models.CharField(_("Nama berkas"), max_length=200)
    media_type = models.CharField(_("Jenis berkas"), max_length=100)
    size = models.PositiveIntegerField(_("Ukuran"))
    sha256 = models.CharField("SHA-256", max_length=64)
    path = models.CharField(max_length=80, unique=True)
    classification = models.PositiveSmallIntegerField(
        _("Klasifikasi"), choices=Classification.choices, default=Classification.TERBATAS
    )
    added_by = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("Diunggah"))

    class Meta:
        verbose_name = _("lampiran")
        verbose_name_plural = _("lampiran")
        ordering = ["pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="attachment_owner")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(classification__in=Classification.values),
                name="attachment_class_known",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURE_TYPES
