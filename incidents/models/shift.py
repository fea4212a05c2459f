from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incidents.enums import IncidentState, Severity
from incidents.models.incident import Incident, reads_by_region
from portal.access import scope
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission


class ShiftQuerySet(models.QuerySet["ShiftHandover"]):
    def visible_to(self, actor: Actor | None) -> "ShiftQuerySet":
        """Of the own unit and those below it, and of the region that the post watches."""
        if actor is None or not (actor.is_system or Permission.INCIDENT_VIEW in actor.permissions):
            return self.none()
        if actor.is_system:
            return self.all()
        reach = scope.in_unit(actor)
        if reads_by_region(actor):
            reach |= scope.in_region(actor)
        return self.filter(reach)

    def standing(self) -> "ShiftQuerySet":
        """Neither signed nor replaced by a later one of the same officer."""
        return self.filter(signed_at=None, replaced_at=None)


class ShiftHandover(models.Model):
    """Serah terima piket: what the outgoing officer of a posko leaves, as it stood at `written_at`,
    and who took it over. Fixed from the writing on; the signature adds who, when and how, once."""

    unit = models.ForeignKey(
        "registry.Unit", models.PROTECT, related_name="+", verbose_name=_("Posko")
    )
    region = models.ForeignKey(
        "registry.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Wilayah"),
    )
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi")
    )
    out_post = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Diserahkan oleh")
    )
    out_user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    to_post = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Diterima oleh")
    )
    notes = models.TextField(_("Hal yang perlu diperhatikan"), blank=True)
    equipment = models.TextField(_("Perlengkapan dan kunci"), blank=True)
    field_waiting = models.PositiveIntegerField(_("Laporan lapangan menunggu"), default=0)
    public_waiting = models.PositiveIntegerField(_("Laporan warga menunggu"), default=0)
    written_at = models.DateTimeField(_("Ditulis"))
    replaced_at = models.DateTimeField(_("Diganti"), null=True, blank=True)
    in_user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(_("Ditandatangani"), null=True, blank=True)
    signed_with = models.CharField(max_length=10, blank=True)
    remark = models.TextField(_("Catatan penerima"), blank=True)
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)

    objects = ShiftQuerySet.as_manager()

    classification = Classification.TERBATAS
    """Of the paper: an incident above it stands in it as a number only."""

    class Meta:
        verbose_name = _("serah terima piket")
        verbose_name_plural = _("serah terima piket")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at=None, in_user=None, signed_with="", remark="")
                | Q(signed_at__isnull=False, in_user__isnull=False) & ~Q(signed_with=""),
                name="shift_signed_whole",
            ),
            models.CheckConstraint(
                condition=Q(in_user=None) | ~Q(in_user=F("out_user")),
                name="shift_taken_by_another",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(replaced_at=None), name="shift_signed_or_replaced"
            ),
            models.UniqueConstraint(
                fields=["out_user", "unit"],
                condition=Q(signed_at=None, replaced_at=None),
                name="shift_one_unsigned",
            ),
        ]
        indexes = [models.Index(fields=["unit", "-written_at"], name="shift_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.written_at:%Y-%m-%d %H:%M}"


class ShiftLine(models.Model):
    """An incident that was open when the shift was handed over, as it stood then; `title` is empty
    of what was Rahasia, `target` is the time that ran, empty when none did. A reader sees the lines
    of incidents in his sight."""

    handover = models.ForeignKey(ShiftHandover, models.PROTECT, related_name="lines")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    title = models.CharField(_("Apa yang terjadi"), max_length=160, blank=True)
    state = models.CharField(_("Keadaan"), max_length=16, choices=IncidentState.choices)
    severity = models.PositiveSmallIntegerField(_("Keparahan"), choices=Severity.choices)
    target = models.CharField(_("Target berjalan"), max_length=40, blank=True)
    due_at = models.DateTimeField(_("Paling lambat"), null=True, blank=True)

    class Meta:
        verbose_name = _("kejadian dalam serah terima")
        verbose_name_plural = _("kejadian dalam serah terima")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "incident"], name="shift_line_once"),
            models.CheckConstraint(
                condition=Q(state__in=IncidentState.values), name="shift_line_state_known"
            ),
            models.CheckConstraint(
                condition=Q(target="", due_at=None) | ~Q(target="") & Q(due_at__isnull=False),
                name="shift_line_target_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handover_id}: {self.incident_id}"
