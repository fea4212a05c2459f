from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.models.visibility import holds
from portal.access.actor import Actor
from portal.access.permissions import Permission


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, actor: Actor | None) -> "SavedViewQuerySet":
        """The post's own, and those that a colleague of the same agency shares."""
        if not holds(actor, Permission.OBLIGATION_VIEW):
            return self.none()
        return self.filter(
            Q(post_id=actor.post_id) | Q(post__unit__agency_id=actor.agency_id, is_shared=True)
        )

    def editable_by(self, actor: Actor | None) -> "SavedViewQuerySet":
        return self.visible_to(actor).filter(post_id=actor.post_id) if actor else self.none()


class SavedView(models.Model):
    """A filter of the matrix under a name. It holds what was asked, never what was found: each
    reader sees through it only what he may see anyway."""

    post = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Jabatan")
    )
    name = models.CharField(_("Nama tampilan"), max_length=60)
    query = models.CharField(_("Saringan"), max_length=1000, blank=True)
    is_shared = models.BooleanField(_("Bagikan kepada instansi sendiri"), default=False)
    is_default = models.BooleanField(_("Jadikan tampilan awal"), default=False)
    created_at = models.DateTimeField(_("Dibuat"))

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("tampilan tersimpan")
        verbose_name_plural = _("tampilan tersimpan")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["post", "name"], name="saved_view_name_once"),
            models.UniqueConstraint(
                fields=["post"], condition=Q(is_default=True), name="saved_view_one_default"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
