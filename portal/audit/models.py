from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Permission
from portal.audit.words import said

ID_LENGTH = 40
"""Longer keys (digests of tokens) are kept by their beginning."""


class EntryQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "EntryQuerySet":
        """Everything for auditors, nothing for others."""
        allowed = actor and (actor.is_system or Permission.AUDIT_VIEW in actor.permissions)
        return self if allowed else self.none()

    def about(self, obj) -> "EntryQuerySet":
        return self.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk)[:ID_LENGTH])


class Entry(models.Model):
    """One act: who (person and post), what, on which record, before and after, when, from where.

    Written only by `portal.audit.record`. Rows are never changed: triggers and missing rights
    refuse it, and the seal chain shows it.
    """

    at = models.DateTimeField(_("Waktu"), help_text=_("Waktu domain (waktu demo dalam demo)"))
    true_at = models.DateTimeField(_("Waktu mesin"))
    verb = models.CharField(_("Tindakan"), max_length=60)
    object_type = models.CharField(_("Jenis data"), max_length=60)
    object_id = models.CharField(_("Nomor data"), max_length=ID_LENGTH)
    object_label = models.CharField(_("Data"), max_length=200, blank=True)
    user_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    post_title = models.CharField(_("Jabatan"), max_length=200)
    agency_id = models.BigIntegerField(null=True)
    before = models.JSONField(_("Sebelum"), null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("Sesudah"), null=True, encoder=DjangoJSONEncoder)
    note = models.CharField(_("Catatan"), max_length=500, blank=True)
    channel = models.CharField(_("Saluran"), max_length=20)
    request_id = models.CharField(max_length=40, blank=True)
    address = models.CharField(_("Alamat jaringan"), max_length=45, blank=True)

    objects = EntryQuerySet.as_manager()

    withheld = False
    """Something was left out for this reader (portal.audit.sight)."""

    class Meta:
        verbose_name = _("catatan audit")
        verbose_name_plural = _("catatan audit")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_entry_object"),
            models.Index(fields=["post_id", "-id"], name="audit_entry_post"),
            models.Index(fields=["verb", "-id"], name="audit_entry_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type}:{self.object_id}"

    @property
    def act(self) -> str:
        """The verb in the reader's words."""
        return said(self.verb)


class Seal(models.Model):
    """One link of the hash chain: written by a trigger at commit, never by the application."""

    seq = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.DO_NOTHING, related_name="seal", db_constraint=False)
    previous = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        verbose_name = _("segel audit")
        verbose_name_plural = _("segel audit")

    def __str__(self) -> str:
        return f"{self.seq}"


class Chain(models.Model):
    """The head of the chain: a single row that serialises the sealing of commits."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    digest = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_chain_single")]

    def __str__(self) -> str:
        return f"{self.seq}"
