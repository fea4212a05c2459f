from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.models.obligation import Obligation
from portal.access.actor import Actor
from portal.web.searching import stored_stems


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, actor: Actor | None) -> "CommentQuerySet":
        """Of obligations that one sees; an internal one only inside the agency that wrote it,
        whoever oversees the province."""
        rows = self.filter(obligation__in=Obligation.objects.visible_to(actor))
        if actor is None or actor.is_system:
            return rows
        return rows.filter(Q(is_internal=False) | Q(agency_id=actor.agency_id))


class Comment(models.Model):
    """What a post says about an obligation. Added, never changed: its author may strike it out,
    with a reason, and the struck words stay in the record."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="comments")
    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="+")
    post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+")
    body = models.TextField(_("Komentar"))
    is_internal = models.BooleanField(_("Internal instansi"), default=True)
    at = models.DateTimeField(_("Waktu"))
    struck_at = models.DateTimeField(_("Dicoret"), null=True, blank=True)
    strike_reason = models.CharField(_("Alasan pencoretan"), max_length=300, blank=True)
    stems = stored_stems(body="B")

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("komentar")
        verbose_name_plural = _("komentar")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True, strike_reason="")
                | (Q(struck_at__isnull=False) & ~Q(strike_reason="")),
                name="comment_struck_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["obligation", "at"], name="comment_of_obligation"),
            GinIndex(fields=["stems"], name="comment_stems"),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id}: {self.pk}"

    @property
    def classification(self) -> int:
        return self.obligation.classification


class Mention(models.Model):
    """A post that a comment calls on, itself or with the liaisons of its agency."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="mentions")
    post = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey("registry.Agency", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("sebutan")
        verbose_name_plural = _("sebutan")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, agency__isnull=True)
                | Q(post__isnull=True, agency__isnull=False),
                name="mention_of_one",
            ),
            models.UniqueConstraint(fields=["comment", "post"], name="mention_post_once"),
            models.UniqueConstraint(fields=["comment", "agency"], name="mention_agency_once"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.post_id or self.agency_id}"
