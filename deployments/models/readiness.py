from datetime import datetime

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deployments.enums import COUNTED, REPORT_LIGHTS, ReportState, Severity
from deployments.models.review import ReportMove, RuleFlag
from deployments.models.scope import own_forces
from portal.access.classification import Classification
from portal.access.scope import cleared

ABSENCES = (
    "on_duty_elsewhere",
    "in_training",
    "on_leave",
    "sick",
    "excused",
    "seconded_out",
    "off_duty",
    "unaccounted",
)
"""Why somebody on the strength is not present, in the order of the form."""


class ReadinessReportQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "ReadinessReportQuerySet":
        return self.filter(own_forces(actor), cleared(actor)) if actor else self.none()

    def current(self) -> "ReadinessReportQuerySet":
        """The version that stands, whether accepted or sent back."""
        return self.exclude(state=ReportState.SUPERSEDED)

    def counted(self) -> "ReadinessReportQuerySet":
        """What the totals are made of."""
        return self.filter(state__in=COUNTED)

    def standing_at(self, at: datetime) -> "ReadinessReportQuerySet":
        """Versions that had come in by then and had not been sent back."""
        returned = ReportMove.objects.filter(
            report=OuterRef("pk"), state=ReportState.RETURNED, at__lte=at
        )
        # Most were never looked at: only of the rest is it asked what was made of them.
        kept = Q(reviewed_at__isnull=True) | ~Exists(returned)
        return self.filter(kept, submitted_at__lte=at)

    def told(self, at: datetime) -> "ReadinessReportQuerySet":
        """With `then`, what each version was called at that moment, newer versions left aside."""
        moves = ReportMove.objects.filter(report=OuterRef("pk"), at__lte=at).order_by("-pk")
        grave = RuleFlag.objects.filter(report=OuterRef("pk"), severity=Severity.QUARANTINE)
        first = Case(
            When(Exists(grave), then=Value(ReportState.QUARANTINED.value)),
            default=Value(ReportState.SUBMITTED.value),
        )
        return self.filter(submitted_at__lte=at).annotate(
            then=Coalesce(Subquery(moves.values("state")[:1]), first)
        )

    def within(self, code: str) -> "ReadinessReportQuerySet":
        return self.filter(Q(region_id=code) | Q(region__code__startswith=f"{code}."))


class Figures(models.Model):
    """The people of a unit, or of its part in one district."""

    total = models.PositiveIntegerField(_("Jumlah"))
    present = models.PositiveIntegerField(_("Hadir"))
    engaged = models.PositiveIntegerField(_("Terlibat operasi"), default=0)
    standby = models.PositiveIntegerField(_("Siaga"), default=0)
    reserve = models.PositiveIntegerField(_("Cadangan"), default=0)

    class Meta:
        abstract = True


class ReadinessReport(Figures):
    """One version of a unit's report for a cut-off; a correction is a new version."""

    operation = models.ForeignKey(
        "registry.Operation", models.PROTECT, related_name="+", verbose_name=_("Operasi")
    )
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi")
    )
    unit = models.ForeignKey(
        "registry.Unit",
        models.PROTECT,
        related_name="readiness_reports",
        verbose_name=_("Satuan"),
    )
    region = models.ForeignKey(
        "registry.Region", models.PROTECT, related_name="+", verbose_name=_("Wilayah")
    )
    cut_off_at = models.DateTimeField(_("Batas waktu"))
    number = models.PositiveSmallIntegerField(_("Versi laporan"), default=1)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="superseded_by"
    )
    form = models.ForeignKey("deployments.ReportForm", models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        _("Status"), max_length=12, choices=ReportState.choices, default=ReportState.SUBMITTED
    )
    late = models.BooleanField(pgettext_lazy("masuk", "Terlambat"), default=False)
    nihil = models.BooleanField(_("Nihil (tidak ada perubahan)"), default=False)
    partial = models.BooleanField(_("Bagian wajib belum lengkap"), default=False)

    establishment = models.PositiveIntegerField(_("DSP"), null=True)
    actual = models.PositiveIntegerField(_("Riil"), null=True)
    on_duty_elsewhere = models.PositiveIntegerField(_("Dinas luar"), default=0)
    in_training = models.PositiveIntegerField(_("Pendidikan"), default=0)
    on_leave = models.PositiveIntegerField(_("Cuti"), default=0)
    sick = models.PositiveIntegerField(_("Sakit"), default=0)
    excused = models.PositiveIntegerField(_("Izin"), default=0)
    seconded_out = models.PositiveIntegerField(_("BKO keluar"), default=0)
    off_duty = models.PositiveIntegerField(_("Lepas dinas"), default=0)
    unaccounted = models.PositiveIntegerField(_("Tanpa keterangan"), default=0)
    seconded_in = models.PositiveIntegerField(_("BKO masuk"), default=0)

    vehicles_percent = models.PositiveSmallIntegerField(_("Kendaraan siap (%)"), null=True)
    comms_percent = models.PositiveSmallIntegerField(_("Alat komunikasi siap (%)"), null=True)
    post_active = models.BooleanField(_("Posko aktif 24 jam"), null=True)
    answers = models.JSONField(_("Isian lain"), default=dict)
    notes = models.TextField(_("Catatan"), blank=True)

    light = models.CharField(_("Kesiapan"), max_length=12, choices=REPORT_LIGHTS)
    classification = models.PositiveSmallIntegerField(
        _("Klasifikasi"), choices=Classification.choices, default=Classification.TERBATAS
    )
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    submitted_at = models.DateTimeField(_("Dikirim"))
    submitted_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, related_name="+", verbose_name=_("Pengirim")
    )
    reviewed_at = models.DateTimeField(_("Diperiksa"), null=True)
    reviewed_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, related_name="+", verbose_name=_("Pemeriksa")
    )
    review_note = models.TextField(_("Catatan pemeriksa"), blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReadinessReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("laporan kesiapan")
        verbose_name_plural = _("laporan kesiapan")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "cut_off_at"],
                condition=~Q(state=ReportState.SUPERSEDED),
                name="report_one_stands_per_cut_off",
            ),
            models.UniqueConstraint(
                fields=["unit", "cut_off_at", "number"], name="report_version_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    total=F("present")
                    + F("on_duty_elsewhere")
                    + F("in_training")
                    + F("on_leave")
                    + F("sick")
                    + F("excused")
                    + F("seconded_out")
                    + F("off_duty")
                    + F("unaccounted")
                ),
                name="report_total_is_present_and_absent",
            ),
            models.CheckConstraint(
                condition=Q(
                    present__gte=F("engaged") + F("standby") + F("reserve") - F("seconded_in")
                ),
                name="report_uses_only_who_is_there",
            ),
            models.CheckConstraint(
                condition=(Q(vehicles_percent__isnull=True) | Q(vehicles_percent__lte=100))
                & (Q(comms_percent__isnull=True) | Q(comms_percent__lte=100)),
                name="report_percentages",
            ),
            models.CheckConstraint(
                condition=Q(actual__isnull=True) | Q(total__lte=F("actual")),
                name="report_total_within_actual",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReportState.values), name="report_state_known"
            ),
            models.CheckConstraint(
                condition=Q(classification__in=Classification.values),
                name="report_classification_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["operation", "cut_off_at", "agency", "region"],
                name="report_place",
                condition=Q(state__in=COUNTED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.cut_off_at:%Y-%m-%d %H:%M}"

    @property
    def absent(self) -> int:
        return sum(getattr(self, field) for field in ABSENCES)


class ReadinessLine(Figures):
    """The part of a report that stands in one district.

    `covered` says that the district belongs to the unit. A number about a foreign district is kept
    and compared with that of the unit it belongs to, but counts at the sender's home. `ruled` is
    what the superior decided between two contradicting lines: that this one stands, or is set
    aside and stands in no total; None where nothing was decided. `split`: nobody counted there; the
    unit's declared share of the whole stands for it, and contradicts nobody.
    """

    report = models.ForeignKey(ReadinessReport, models.CASCADE, related_name="lines")
    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="+")
    region = models.ForeignKey("registry.Region", models.PROTECT, related_name="+")
    cut_off_at = models.DateTimeField()
    covered = models.BooleanField(default=True)
    ruled = models.BooleanField(null=True)
    split = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("rincian per kecamatan")
        verbose_name_plural = _("rincian per kecamatan")
        constraints = [
            models.UniqueConstraint(fields=["report", "region"], name="line_once_per_district"),
            models.CheckConstraint(
                condition=Q(present__lte=F("total")), name="line_present_within_total"
            ),
        ]
        indexes = [
            models.Index(fields=["region", "cut_off_at", "agency"], name="line_place"),
        ]

    def __str__(self) -> str:
        return f"{self.region}: {self.present}"


class UnitLatest(models.Model):
    """Each unit's newest counted report, kept when it is written: no page searches the history."""

    unit = models.OneToOneField(
        "registry.Unit", models.CASCADE, primary_key=True, related_name="latest_readiness"
    )
    report = models.ForeignKey(ReadinessReport, models.PROTECT, related_name="+")
    cut_off_at = models.DateTimeField()
    submitted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("laporan terakhir satuan")
        verbose_name_plural = _("laporan terakhir satuan")

    def __str__(self) -> str:
        return str(self.unit_id)
