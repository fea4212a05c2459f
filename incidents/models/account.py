"""What is told of an event, in the order of 5W1H: the shape of field reports and incidents."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incidents.enums import Disturbance, Occurrence, Severity
from incidents.models.taxonomy import IncidentType
from portal.access.classification import Classification

# The frame of the province in degrees (WGS 84); where exactly a point lies, the outlines say.
SOUTH, NORTH, WEST, EAST = -5.3, -1.2, 114.2, 117.2


class RegionalQuerySet(models.QuerySet):
    def in_region(self, code: str) -> Self:
        """In the region of that code or inside it; the code is the path."""
        return self.filter(Q(region_id=code) | Q(region__code__startswith=code + "."))


class Account(models.Model):
    """Who tells what of an event: type, words in the order of 5W1H, place, and how grave it is."""

    number = models.CharField(_("Nomor"), max_length=20, unique=True)
    type = models.ForeignKey(
        IncidentType, models.PROTECT, related_name="+", verbose_name=_("Jenis")
    )
    title = models.CharField(_("Apa yang terjadi"), max_length=160)
    involved = models.CharField(_("Siapa yang terlibat"), max_length=300, blank=True)
    occurrence = models.CharField(
        _("Saat dilaporkan"),
        max_length=12,
        choices=Occurrence.choices,
        default=Occurrence.OVER,
    )
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
    classification = models.PositiveSmallIntegerField(
        _("Klasifikasi"), choices=Classification.choices, default=Classification.TERBATAS
    )
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


TOLD = (
    "type", "title", "involved", "occurrence", "occurred_at", "region", "place", "latitude",
    "longitude", "cause", "chronology", "casualties", "loss", "action_taken", "disturbance",
    "severity", "at_kpps_request",
)  # fmt: skip
"""The fields that tell of the event itself."""


def account_constraints(prefix: str) -> list[models.BaseConstraint]:
    """The checks of one table, by names that begin with `prefix`. That the region is a
    kabupaten/kota or kecamatan is checked by SQL in the migration: Django has no check over a
    foreign key's value."""
    known = {
        "occurrence": Occurrence, "severity": Severity, "disturbance": Disturbance,
        "classification": Classification,
    }  # fmt: skip
    return [
        *(
            models.CheckConstraint(
                condition=Q(**{f"{field}__in": choices.values}),
                name=f"{prefix}_{'class' if field == 'classification' else field}_known",
            )
            for field, choices in known.items()
        ),
        models.CheckConstraint(
            condition=~Q(title="") & ~Q(chronology="") & ~Q(place=""),
            name=f"{prefix}_says_something",
        ),
        models.CheckConstraint(
            condition=Q(occurrence=Occurrence.EXPECTED) | Q(occurred_at__lte=F("reported_at")),
            name=f"{prefix}_reported_after_it_happened",
        ),
        models.CheckConstraint(
            condition=Q(latitude__isnull=True, longitude__isnull=True)
            | Q(
                latitude__isnull=False,
                longitude__isnull=False,
                latitude__range=(SOUTH, NORTH),
                longitude__range=(WEST, EAST),
            ),
            name=f"{prefix}_point_in_frame",
        ),
    ]
