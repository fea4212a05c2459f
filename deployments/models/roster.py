from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deployments.models.deployment import Deployment
from deployments.models.scope import WATCHES_ALL
from portal.access import scope
from portal.access.permissions import Permission
from portal.accounts.enums import Role


class RosterQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "RosterQuerySet":
        """The owning agency's own people, for posts that may read rosters, and of these a unit sees
        its own and those below it. No watch over the province and no control (BKO) opens another
        agency's names."""
        if actor is None or not (actor.is_system or Permission.ROSTER_VIEW in actor.permissions):
            return self.none()
        own = self.filter(scope.own_agency(actor, "deployment__agency"))
        if actor.is_system or actor.roles & {Role.LIAISON, *WATCHES_ALL}:
            return own
        return own.filter(scope.in_unit(actor, "deployment__unit"))


class RosterMember(models.Model):
    """One person of a placement, by name. Personal data: leaves the owning agency nowhere."""

    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="roster")
    name = models.CharField(_("Nama"), max_length=120)
    rank = models.CharField(_("Pangkat"), max_length=60)
    nrp = models.CharField(_("NRP"), max_length=18)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("Dicatat"))

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = _("anggota daftar nama")
        verbose_name_plural = _("anggota daftar nama")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["deployment", "nrp"], name="roster_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(rank=""), name="roster_whole"),
            models.CheckConstraint(
                condition=Q(nrp__regex=r"^[0-9]{5,18}$"), name="roster_nrp_digits"
            ),
        ]

    def __str__(self) -> str:
        # Never the name: this text reaches logs and the audit.
        return f"{self.deployment_id}/{self.pk}"
