from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deployments.enums import OPEN, ExpectedState
from deployments.models.judging import OpenQuerySet
from deployments.models.scope import own_forces
from portal.registry.enums import UnitKind
from portal.web.templatetags.portal import pukul


class ReportSchedule(models.Model):
    """At what hour which units report. Every day of the operation has a cut-off at that hour."""

    operation = models.ForeignKey("registry.Operation", models.PROTECT, related_name="+")
    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="+")
    unit_kind = models.CharField(_("Jenis satuan"), max_length=24)
    local_time = models.TimeField(_("Batas waktu (WITA)"))
    opens_before = models.PositiveSmallIntegerField(_("Dibuka sebelumnya (menit)"), default=360)
    grace = models.PositiveSmallIntegerField(_("Tenggang (menit)"), default=0)
    valid_from = models.DateField(_("Berlaku sejak"))
    valid_to = models.DateField(_("Sampai dengan"))
    source = models.CharField(_("Sumber"), max_length=200)
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("jadwal laporan")
        verbose_name_plural = _("jadwal laporan")
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "agency", "unit_kind", "local_time"],
                name="schedule_once_per_hour",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="schedule_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_kind} {self.local_time:%H.%M}"

    @property
    def label(self) -> str:
        """Whose reports are due at what hour."""
        kind = UnitKind(self.unit_kind).label
        return f"{kind} · {self.agency.short_name} · {pukul(self.local_time)} WITA"


class ExpectedReportQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "ExpectedReportQuerySet":
        return self.filter(own_forces(actor)) if actor else self.none()

    def open(self) -> "ExpectedReportQuerySet":
        """Nothing valid has come in yet."""
        return self.filter(state__in=OPEN)

    def within(self, code: str) -> "ExpectedReportQuerySet":
        return self.filter(Q(region_id=code) | Q(region__code__startswith=f"{code}."))


class ExpectedReport(models.Model):
    """A report that is due from a unit at a cut-off, and what became of it. Silence is a row."""

    operation = models.ForeignKey("registry.Operation", models.PROTECT, related_name="+")
    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="+")
    unit = models.ForeignKey("registry.Unit", models.PROTECT, related_name="+")
    region = models.ForeignKey("registry.Region", models.PROTECT, related_name="+")
    cut_off_at = models.DateTimeField(_("Batas waktu"))
    due_at = models.DateTimeField(_("Paling lambat"))
    overdue_at = models.DateTimeField(_("Dianggap terlambat sejak"))
    state = models.CharField(
        _("Keadaan"), max_length=14, choices=ExpectedState.choices, default=ExpectedState.WAITING
    )
    report = models.ForeignKey(
        "deployments.ReadinessReport", models.PROTECT, null=True, related_name="+"
    )
    late = models.BooleanField(_("Masuk setelah batas waktu"), default=False)
    reminded_at = models.DateTimeField(null=True)

    objects = ExpectedReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("laporan yang ditunggu")
        verbose_name_plural = _("laporan yang ditunggu")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "cut_off_at"], name="expected_once_per_cut_off"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ExpectedState.values), name="expected_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN) | Q(report__isnull=False),
                name="expected_received_has_report",
            ),
        ]
        indexes = [
            models.Index(
                fields=["operation", "cut_off_at", "agency", "region"], name="expected_place"
            ),
            models.Index(
                fields=["state", "due_at"], name="expected_open", condition=Q(state__in=OPEN)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.cut_off_at:%Y-%m-%d %H:%M}"
