from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deployments.enums import EventKind, EventResult, EventState
from deployments.models.scope import sees_all


class CertifyingEventQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "CertifyingEventQuerySet":
        """Who holds it, whose people take part, and who watches all forces."""
        if not actor:
            return self.none()
        if sees_all(actor):
            return self
        invited = EventParticipant.objects.filter(agency=actor.agency_id).values("event")
        return self.filter(Q(agency=actor.agency_id) | Q(pk__in=invited))


class CertifyingEvent(models.Model):
    """An exercise or parade at which forces show that they are ready."""

    operation = models.ForeignKey("registry.Operation", models.PROTECT, related_name="+")
    kind = models.CharField(_("Jenis"), max_length=12, choices=EventKind.choices)
    title = models.CharField(_("Judul"), max_length=160)
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Penyelenggara")
    )
    unit = models.ForeignKey(
        "registry.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Satuan penyelenggara"),
    )
    starts_at = models.DateTimeField(_("Waktu"))
    place = models.CharField(_("Tempat"), max_length=160)
    region = models.ForeignKey(
        "registry.Region", models.PROTECT, related_name="+", verbose_name=_("Wilayah")
    )
    materials = models.TextField(_("Materi dan skenario"), blank=True)
    state = models.CharField(
        _("Status"), max_length=10, choices=EventState.choices, default=EventState.PLANNED
    )
    result = models.CharField(_("Hasil"), max_length=8, choices=EventResult.choices, blank=True)
    summary = models.TextField(_("Uraian hasil"), blank=True)
    closed_at = models.DateTimeField(null=True)
    source = models.CharField(_("Sumber"), max_length=200, blank=True)
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = CertifyingEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("kegiatan kesiapan")
        verbose_name_plural = _("kegiatan kesiapan")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=EventKind.values, state__in=EventState.values),
                name="event_known",
            ),
            models.CheckConstraint(
                condition=(Q(state=EventState.DONE) & ~Q(result=""))
                | (~Q(state=EventState.DONE) & Q(result="")),
                name="event_done_has_result",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EventParticipant(models.Model):
    """How many people of an agency, or of one unit of it, take part."""

    event = models.ForeignKey(CertifyingEvent, models.CASCADE, related_name="participants")
    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="+")
    unit = models.ForeignKey("registry.Unit", models.PROTECT, null=True, related_name="+")
    planned = models.PositiveIntegerField(_("Direncanakan"))
    attended = models.PositiveIntegerField(_("Hadir"), null=True)

    class Meta:
        verbose_name = _("peserta kegiatan")
        verbose_name_plural = _("peserta kegiatan")
        ordering = ["agency__position", "unit__path"]
        constraints = [
            models.UniqueConstraint(fields=["event", "unit"], name="participant_unit_once"),
            models.UniqueConstraint(
                fields=["event", "agency"],
                condition=Q(unit__isnull=True),
                name="participant_agency_once",
            ),
            models.CheckConstraint(condition=Q(planned__gte=1), name="participant_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.planned}"


class EventFinding(models.Model):
    """What was found wanting; as a directive it becomes an obligation of its agency."""

    event = models.ForeignKey(CertifyingEvent, models.CASCADE, related_name="findings")
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi")
    )
    text = models.TextField(_("Temuan"))
    due_at = models.DateTimeField(_("Tenggat"))
    directive = models.OneToOneField(
        "coordination.Directive", models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("temuan")
        verbose_name_plural = _("temuan")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="finding_says_something")]

    def __str__(self) -> str:
        return self.text[:80]
