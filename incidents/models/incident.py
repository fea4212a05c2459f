from datetime import datetime

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incidents.enums import OPEN, IncidentState
from incidents.models.account import Account, RegionalQuerySet, account_constraints
from incidents.models.desk import at_desk
from incidents.models.taxonomy import IncidentType
from portal.access import scope
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts.enums import Role
from portal.web.searching import stored_stems

BY_REGION = frozenset({Role.COORDINATOR, Role.COMMANDER, Role.AUDITOR, Role.POSKO_OPERATOR})
"""Roles that see what happens in their region, whoever's it is."""


def reads_by_region(actor: Actor) -> bool:
    return actor.is_system or bool(BY_REGION & actor.roles)


HANDED_OVER = Q(gakkumdu__isnull=False)
"""At Sentra Gakkumdu: a case stands beside the incident."""


def within_reach(actor: Actor) -> Q:
    """Reported, led or supported by the own agency, or in the region that the post watches."""
    supported = Incident.supporting.through.objects.filter(agency_id=actor.agency_id)
    reach = (
        scope.own_agency(actor)
        | scope.own_agency(actor, "lead_agency")
        | Q(pk__in=supported.values("incident"))
    )
    if reads_by_region(actor):
        reach |= scope.in_region(actor)
    return reach


class IncidentQuerySet(RegionalQuerySet):
    def visible_to(self, actor: Actor | None) -> "IncidentQuerySet":
        """Reported, led or supported by the own agency, or in the region that the post watches;
        once it is handed to Sentra Gakkumdu, only the desk."""
        if actor is None or not (actor.is_system or Permission.INCIDENT_VIEW in actor.permissions):
            return self.none()
        rows = self.filter(scope.cleared(actor))
        if actor.is_system:
            return rows
        return rows.filter(HANDED_OVER & at_desk(actor) | ~HANDED_OVER & within_reach(actor))

    def narrowed_for(self, actor: Actor | None) -> "IncidentQuerySet":
        """What the post would see, were it not at Sentra Gakkumdu. Of these it may be told number,
        type and region, nothing else."""
        if actor is None or Permission.INCIDENT_VIEW not in actor.permissions:
            return self.none()
        rows = self.filter(scope.cleared(actor), HANDED_OVER)
        return rows.filter(within_reach(actor) & ~at_desk(actor))

    def judged_by(self, actor: Actor) -> "IncidentQuerySet":
        """Without complaints about the actor's own agency: those others judge."""
        accusing = IncidentType.complained_of.through.objects.filter(agency_id=actor.agency_id)
        return self.exclude(type__in=accusing.values("incidenttype"))

    def apart(self) -> "IncidentQuerySet":
        """Without those that were merged into another: they are counted there."""
        return self.filter(merged_into__isnull=True)

    def open(self) -> "IncidentQuerySet":
        return self.filter(state__in=OPEN)

    def reported_between(self, since: datetime, until: datetime) -> "IncidentQuerySet":
        """Reported from `since` on and before `until`."""
        return self.filter(reported_at__gte=since, reported_at__lt=until)


class Incident(Account):
    """What happened, as those who handle it hold it to be; how it is handled stands in its updates
    and who told of it in its field reports."""

    state = models.CharField(
        _("Keadaan"),
        max_length=16,
        choices=IncidentState.choices,
        default=IncidentState.REPORTED,
    )
    lead_agency = models.ForeignKey(
        "registry.Agency",
        models.PROTECT,
        related_name="+",
        verbose_name=_("Instansi penanggung jawab"),
    )
    supporting = models.ManyToManyField(
        "registry.Agency", related_name="+", verbose_name=_("Instansi pendukung"), blank=True
    )
    public_text = models.TextField(_("Keterangan untuk umum"), blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("Digabung ke"),
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("Dibuat"))
    updated_at = models.DateTimeField(_("Diubah"))

    stems = stored_stems(
        title="A", number="B", place="B", chronology="B", involved="C", cause="C", action_taken="C"
    )

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("kejadian")
        verbose_name_plural = _("kejadian")
        ordering = ["-reported_at", "-pk"]
        constraints = [
            *account_constraints("incident"),
            models.CheckConstraint(
                condition=Q(state__in=IncidentState.values), name="incident_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=IncidentState.MERGED, merged_into__isnull=False)
                | (~Q(state=IncidentState.MERGED) & Q(merged_into__isnull=True)),
                name="incident_merged_into_another",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("pk")), name="incident_not_merged_into_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["-reported_at", "-id"], name="incident_newest"),
            GinIndex(fields=["stems"], name="incident_stems"),
            models.Index(fields=["region", "reported_at"], name="incident_region_time"),
            models.Index(
                fields=["severity", "state"], name="incident_open", condition=Q(state__in=OPEN)
            ),
        ]
