from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.models.directive import Directive
from coordination.models.meeting import Meeting
from coordination.models.obligation import Obligation
from portal.access.actor import Actor


class FollowingQuerySet(models.QuerySet["Following"]):
    def visible_to(self, actor: Actor | None) -> "FollowingQuerySet":
        """The choices of one's own post."""
        if actor is None or actor.post_id is None:
            return self.none()
        return self.filter(post_id=actor.post_id)


class Following(models.Model):
    """A post's choice to hear of one record, or to hear no more of what it follows by its office.

    No row: the posts that are obliged and those that issued follow, everyone else does not.
    """

    post = models.ForeignKey("accounts.Post", models.CASCADE, related_name="+")
    obligation = models.ForeignKey(
        Obligation, models.CASCADE, null=True, blank=True, related_name="followings"
    )
    directive = models.ForeignKey(
        Directive, models.CASCADE, null=True, blank=True, related_name="followings"
    )
    meeting = models.ForeignKey(
        Meeting, models.CASCADE, null=True, blank=True, related_name="followings"
    )
    is_on = models.BooleanField(_("Diikuti"), default=True)
    at = models.DateTimeField(_("Waktu"))

    objects = FollowingQuerySet.as_manager()

    class Meta:
        verbose_name = _("yang diikuti")
        verbose_name_plural = _("yang diikuti")
        constraints = [
            models.CheckConstraint(
                condition=Q(obligation__isnull=False, directive=None, meeting=None)
                | Q(obligation=None, directive__isnull=False, meeting=None)
                | Q(obligation=None, directive=None, meeting__isnull=False),
                name="following_one_thing",
            ),
            models.UniqueConstraint(fields=["post", "obligation"], name="following_obligation"),
            models.UniqueConstraint(fields=["post", "directive"], name="following_directive"),
            models.UniqueConstraint(fields=["post", "meeting"], name="following_meeting"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.obligation_id or self.directive_id or self.meeting_id}"
