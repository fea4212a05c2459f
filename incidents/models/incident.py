from datetime import datetime

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incidents.enums import OPEN, Disturbance, IncidentState, Severity
from incidents.models.desk import at_desk
from incidents.models.taxonomy import IncidentType
from portal.access import scope
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.accounts.enums import Role
from portal.web.searching import stored_stems

# The frame of the province in degrees (WGS 84); where exactly a point lies, the outlines say.
SOUTH, NORTH, WEST, EAST = -5.3, -1.2, 114.2, 117.2
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


class IncidentQuerySet(models.QuerySet):
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

    def open(self) -> "IncidentQuerySet":
        return self.filter(state__in=OPEN)

    def reported_between(self, since: datetime, until: datetime) -> "IncidentQuerySet":
        """Reported from `since` on and before `until`."""
        return self.filter(reported_at__gte=since, reported_at__lt=until)

    def in_region(self, code: str) -> "IncidentQuerySet":
        """In the region of that code or inside it; the code is the path."""
        return self.filter(Q(region_id=code) | Q(region__code__startswith=code + "."))


class Incident(models.Model):
    """What happened, in the order of 5W1H; how it is handled stands in its updates."""

    number = models.CharField(_("Nomor"), max_length=20, unique=True)
    type = models.ForeignKey(
        IncidentType, models.PROTECT, related_name="incidents", verbose_name=_("Jenis")
    )
    title = models.CharField(_("Apa yang terjadi"), max_length=160)
    involved = models.CharField(_("Siapa yang terlibat"), max_length=300, blank=True)
    occurred_at = models.DateTimeField(_("Waktu kejadian"))
    region = models.ForeignKey(
        "registry.Region", models.PROTECT, related_name="+", verbose_name=_("Wilayah")
    )
    place = models.CharField(_("Tempat"), max_length=200)
    latitude = models.FloatField(_("Lintang"), null=True, blank=True)
    longitude = models.FloatField(_("Bujur"), null=True, blank=True)
    cause = models.CharField(_("Mengapa"), max_length=300, blank=True)
    chronology = models.TextField(_("Bagaimana (kronologi)"))
    casualties = models.CharField(_("Korban"), max_length=300, blank=True)
    loss = models.CharField(_("Kerugian"), max_length=300, blank=True)
    action_taken = models.CharField(_("Tindakan yang sudah diambil"), max_length=500, blank=True)
    disturbance = models.CharField(
        _("Tingkat gangguan"), max_length=2, choices=Disturbance.choices, default=Disturbance.REAL
    )
    severity = models.PositiveSmallIntegerField(_("Keparahan"), choices=Severity.choices)
    state = models.CharField(
        _("Keadaan"),
        max_length=16,
        choices=IncidentState.choices,
        default=IncidentState.REPORTED,
    )
    at_kpps_request = models.BooleanField(_("Atas permintaan KPPS"), default=False)
    reported_at = models.DateTimeField(_("Dilaporkan"))
    reporter_post = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Pelapor")
    )
    unit = models.ForeignKey(
        "registry.Unit", models.PROTECT, related_name="+", verbose_name=_("Satuan pelapor")
    )
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi pelapor")
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
    classification = models.PositiveSmallIntegerField(
        _("Klasifikasi"), choices=Classification.choices, default=Classification.TERBATAS
    )
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
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
            models.CheckConstraint(
                condition=Q(state__in=IncidentState.values), name="incident_state_known"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=Severity.values), name="incident_severity_known"
            ),
            models.CheckConstraint(
                condition=Q(disturbance__in=Disturbance.values), name="incident_disturbance_known"
            ),
            models.CheckConstraint(
                condition=Q(classification__in=Classification.values), name="incident_class_known"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(chronology="") & ~Q(place=""),
                name="incident_says_something",
            ),
            models.CheckConstraint(
                condition=Q(occurred_at__lte=F("reported_at")),
                name="incident_reported_after_it_happened",
            ),
            # That the region is a kabupaten/kota or kecamatan is in migration 0002: Django has no
            # check over a foreign key's value.
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(SOUTH, NORTH),
                    longitude__range=(WEST, EAST),
                ),
                name="incident_point_in_frame",
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

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
