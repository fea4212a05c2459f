from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, IntegerRangeField
from django.contrib.postgres.fields.ranges import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from deployments.enums import (
    BINDING,
    FINISHED,
    UNBOUND,
    DeploymentState,
    DeploymentStatus,
    Quality,
    TaskForce,
)
from deployments.models.scope import own_forces, sees_all


class DeploymentQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "DeploymentQuerySet":
        """The own forces, and those that others put under the own agency's control."""
        if actor is None:
            return self.none()
        if sees_all(actor):
            return self
        return self.filter(own_forces(actor) | Q(controller_id=actor.agency_id))

    def on(self, day: date) -> "DeploymentQuerySet":
        """Binding on that day; what is only asked for or called off stands in no sum."""
        return self.overlapping(day, day).exclude(state__in=UNBOUND)

    def overlapping(self, starts: date, ends: date | None) -> "DeploymentQuerySet":
        """At least one day in common; no end is for ever."""
        rows = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts))
        return rows if ends is None else rows.filter(starts_on__lte=ends)

    def binding(self) -> "DeploymentQuerySet":
        """Those that hold people."""
        return self.filter(state__in=BINDING)

    def within(self, code: str) -> "DeploymentQuerySet":
        """Placed in the region or in one inside it; the code is the path."""
        return self.filter(Q(region_id=code) | Q(region__code__startswith=f"{code}."))


def _one(field: str) -> Func:
    """The range of one number: ranges need no extension of the database to exclude each other."""
    return Func(
        F(field), F(field), Value("[]"), function="int8range", output_field=IntegerRangeField()
    )


def _days() -> Func:
    return Func(
        F("starts_on"),
        F("ends_on"),
        Value("[]"),
        function="daterange",
        output_field=DateRangeField(),
    )


class Deployment(models.Model):
    """People of one unit at one place with one task. The owner is its agency; another agency may
    have the control (BKO). A part that spans several regencies is not split: it stands at the
    province as "tidak terperinci per kabupaten"."""

    operation = models.ForeignKey(
        "registry.Operation", models.PROTECT, related_name="+", verbose_name=_("Operasi")
    )
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi pemilik")
    )
    unit = models.ForeignKey(
        "registry.Unit", models.PROTECT, related_name="deployments", verbose_name=_("Satuan")
    )
    region = models.ForeignKey(
        "registry.Region",
        models.PROTECT,
        related_name="+",
        verbose_name=_("Wilayah"),
        help_text=_("Provinsi bila tidak terperinci per kabupaten/kota."),
    )
    personnel = models.PositiveIntegerField(_("Jumlah personel"))
    status = models.CharField(_("Status"), max_length=10, choices=DeploymentStatus.choices)
    controller = models.ForeignKey(
        "registry.Agency",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Instansi pengendali (BKO)"),
    )
    state = models.CharField(
        _("Keadaan"),
        max_length=10,
        choices=DeploymentState.choices,
        default=DeploymentState.REQUESTED,
    )
    place = models.ForeignKey(
        "registry.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Tempat"),
        help_text=_("Posko, kelompok TPS, gudang, atau kantor."),
    )
    task_force = models.CharField(
        _("Satuan tugas"), max_length=20, choices=TaskForce.choices, blank=True
    )
    function = models.CharField(_("Fungsi"), max_length=80, blank=True)
    stage = models.ForeignKey(
        "registry.Stage",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Tahapan"),
    )
    task = models.CharField(_("Tugas"), max_length=160)
    in_charge = models.ForeignKey(
        "accounts.Post",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Penanggung jawab (jabatan)"),
    )
    contact = models.CharField(_("Kontak"), max_length=120, blank=True)
    sprin_number = models.CharField(_("Nomor Sprin"), max_length=80, blank=True)
    sprin_date = models.DateField(_("Tanggal Sprin"), null=True, blank=True)
    starts_on = models.DateField(_("Mulai"))
    ends_on = models.DateField(_("Sampai dengan"), null=True, blank=True)
    source = models.CharField(_("Sumber"), max_length=200)
    as_of = models.DateTimeField(_("Data per"))
    quality = models.CharField(
        _("Mutu data"), max_length=12, choices=Quality.choices, default=Quality.REPORTED
    )
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("Dicatat"))
    updated_at = models.DateTimeField(_("Diubah"))

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("penempatan")
        verbose_name_plural = _("penempatan")
        constraints = [
            models.CheckConstraint(condition=Q(personnel__gt=0), name="deployment_has_people"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="deployment_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(status__in=DeploymentStatus.values), name="deployment_status_known"
            ),
            models.CheckConstraint(
                condition=Q(controller__isnull=True) | ~Q(controller=F("agency")),
                name="deployment_controller_is_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DeploymentState.values), name="deployment_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["moving", "in_place"]) | Q(status="engaged"),
                name="deployment_engaged_when_there",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ordered", "standby", "relieved"]) | ~Q(status="engaged"),
                name="deployment_not_engaged_before",
            ),
            models.CheckConstraint(
                condition=Q(task_force="") | Q(task_force__in=TaskForce.values),
                name="deployment_task_force_known",
            ),
            ExclusionConstraint(
                name="deployment_once_per_place_and_day",
                expressions=[
                    (_one("unit_id"), RangeOperators.OVERLAPS),
                    (_one("place_id"), RangeOperators.OVERLAPS),
                    (_days(), RangeOperators.OVERLAPS),
                ],
                condition=Q(place__isnull=False, state__in=[str(state) for state in BINDING]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["operation", "agency", "region", "status"], name="deployment_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.personnel}"

    def never_began(self, today: date) -> bool:
        """Over before its first day: nobody served on any day."""
        return self.state in FINISHED and today < self.starts_on


class DeploymentMoveQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "DeploymentMoveQuerySet":
        """The moves of the deployments in sight."""
        return self.filter(deployment__in=Deployment.objects.visible_to(actor))


class DeploymentMove(models.Model):
    """One step in the life of a deployment, kept for ever."""

    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="moves")
    from_state = models.CharField(max_length=10, choices=DeploymentState.choices, blank=True)
    to_state = models.CharField(max_length=10, choices=DeploymentState.choices)
    moved_at = models.DateTimeField(_("Waktu"))
    by = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")
    note = models.TextField(_("Catatan"), blank=True)

    objects = DeploymentMoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("langkah penempatan")
        verbose_name_plural = _("langkah penempatan")
        ordering = ["moved_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_state=F("to_state")), name="deployment_move_goes_somewhere"
            ),
            models.CheckConstraint(
                condition=~Q(to_state="cancelled") | ~Q(note=""),
                name="deployment_cancelled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"
