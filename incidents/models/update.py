from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.enums import Audience, IncidentState, UpdateKind
from incidents.models.incident import Incident
from portal.access.actor import Actor
from portal.accounts.enums import Role

MOVES = (UpdateKind.MOVE, UpdateKind.REFERRAL)


class IncidentUpdateQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor | None) -> "IncidentUpdateQuerySet":
        """Of incidents in sight; internal entries only for the writer's agency and auditors."""
        rows = self.filter(incident__in=Incident.objects.visible_to(actor))
        if actor is None or actor.is_system or Role.AUDITOR in actor.roles:
            return rows
        return rows.filter(
            Q(audience__in=[Audience.AGENCIES, Audience.PUBLIC]) | Q(agency_id=actor.agency_id)
        )


class IncidentUpdate(models.Model):
    """One entry of an incident's timeline: added, never changed (a trigger refuses it)."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="updates")
    kind = models.CharField(_("Jenis"), max_length=12, choices=UpdateKind.choices)
    text = models.TextField(_("Isi"), blank=True)
    state = models.CharField(
        _("Keadaan baru"), max_length=16, choices=IncidentState.choices, blank=True
    )
    to_agency = models.ForeignKey(
        "registry.Agency",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Dilimpahkan kepada"),
    )
    audience = models.CharField(
        _("Pembaca"), max_length=10, choices=Audience.choices, default=Audience.AGENCIES
    )
    post = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Ditulis oleh")
    )
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi penulis")
    )
    at = models.DateTimeField(_("Waktu"))

    objects = IncidentUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("perkembangan kejadian")
        verbose_name_plural = _("perkembangan kejadian")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=UpdateKind.values), name="update_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="update_audience_known"
            ),
            models.CheckConstraint(
                condition=(Q(kind__in=MOVES) & ~Q(state=""))
                | (Q(kind=UpdateKind.MERGE) & ~Q(text=""))
                | (~Q(kind__in=[*MOVES, UpdateKind.MERGE]) & Q(state="") & ~Q(text="")),
                name="update_moves_or_speaks",
            ),
            models.CheckConstraint(
                condition=Q(kind=UpdateKind.REFERRAL, to_agency__isnull=False)
                | (~Q(kind=UpdateKind.REFERRAL) & Q(to_agency__isnull=True)),
                name="update_referral_names_agency",
            ),
        ]
        indexes = [models.Index(fields=["incident", "at", "id"], name="update_timeline")]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.kind}"


class Strike(models.Model):
    """An entry of a timeline that its own agency struck out, and why: it stays readable."""

    update = models.OneToOneField(IncidentUpdate, models.PROTECT, related_name="strike")
    reason = models.CharField(_("Alasan"), max_length=300)
    post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("Waktu"))

    class Meta:
        verbose_name = _("coretan")
        verbose_name_plural = _("coretan")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="strike_has_reason")]

    def __str__(self) -> str:
        return f"{self.update_id}: {self.reason}"
