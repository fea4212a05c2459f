from datetime import datetime

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coordination.enums import (
    OBLIGATION_CLOSED,
    OBLIGATION_WITH_AGENCY,
    OBLIGATION_WITH_ISSUER,
    ObligationState,
    ReportKind,
)
from coordination.models.agenda import of_open_item
from coordination.models.directive import Directive
from coordination.models.visibility import at_head, holds, in_line, oversees
from portal.access import scope
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.web.searching import stored_stems

CLOSED = sorted(OBLIGATION_CLOSED)
WITH_AGENCY = sorted(OBLIGATION_WITH_AGENCY)
WITH_ISSUER = sorted(OBLIGATION_WITH_ISSUER)
ACTING = Q(state__in=WITH_AGENCY, waiting_since=None)
"""The obliged side is the one to act: nothing of it lies with the issuer."""


def late(at: datetime) -> Q:
    """Still with the agency after its due time; at the due time itself it is not late yet."""
    return ACTING & Q(due_at__lt=at)


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def visible_to(self, actor: Actor | None) -> "ObligationQuerySet":
        """Shares of one's own agency in one's line, what one's agency issued for who sits at its
        head, and all for who oversees but those that come from an item closed to him."""
        if not holds(actor, Permission.OBLIGATION_VIEW):
            return self.none()
        rows = self.filter(scope.cleared(actor))
        seen = in_line(actor)
        if oversees(actor):
            seen |= of_open_item(actor, "directive__agenda_item", "directive__section__agenda_item")
        if at_head(actor):
            seen |= Q(directive__issuer_agency_id=actor.agency_id)
        return rows.filter(seen)

    def unfinished(self) -> "ObligationQuerySet":
        return self.exclude(state__in=CLOSED)

    def with_agency(self) -> "ObligationQuerySet":
        """The obliged agency is the one to act: not while the issuer has something to decide."""
        return self.filter(ACTING)

    def overdue(self, at: datetime) -> "ObligationQuerySet":
        """Still with the agency after its due time; at the due time itself it is not late yet."""
        return self.filter(late(at))


class Obligation(models.Model):
    """The share of one agency, or of one of its units, in a directive (tindak lanjut). Late is
    derived, never stored."""

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="obligations")
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi")
    )
    unit = models.ForeignKey(
        "registry.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Satuan"),
    )
    region = models.ForeignKey(
        "registry.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Wilayah"),
    )
    is_lead = models.BooleanField(_("Penanggung jawab"), default=False)
    due_at = models.DateTimeField(_("Tenggat"))
    own_due = models.BooleanField(
        _("Tenggat khusus"), default=False, help_text=_("Tidak mengikuti tenggat arahannya lagi.")
    )
    # The beginning of the stage that the due time was counted from, where it follows one.
    due_counted_from = models.DateTimeField(null=True, blank=True)
    # Since when the issuer has something to decide; until then the due time stands still.
    waiting_since = models.DateTimeField(_("Menunggu pemberi arahan sejak"), null=True, blank=True)
    # The doer's last answer, and since when it no longer waits for another: the ladders go by them.
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    freed_at = models.DateTimeField(null=True, blank=True, editable=False)
    state = models.CharField(
        _("Keadaan"), max_length=24, choices=ObligationState.choices, default=ObligationState.OPEN
    )
    progress = models.PositiveSmallIntegerField(_("Kemajuan (%)"), default=0)
    obstacle = models.CharField(_("Kendala"), max_length=500, blank=True)
    acknowledged_at = models.DateTimeField(_("Diterima"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_at = models.DateTimeField(_("Diverifikasi"), null=True, blank=True)
    closed_at = models.DateTimeField(_("Ditutup"), null=True, blank=True)
    closed_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, blank=True, related_name="+"
    )
    classification = models.PositiveSmallIntegerField(
        _("Klasifikasi"), choices=Classification.choices, default=Classification.TERBATAS
    )
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("Dibuat"))
    updated_at = models.DateTimeField(_("Diubah"))

    stems = stored_stems(obstacle="B")

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("tindak lanjut")
        verbose_name_plural = _("tindak lanjut")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["directive", "agency"],
                condition=Q(unit=None),
                name="obligation_one_share_per_agency",
            ),
            models.UniqueConstraint(
                fields=["directive", "agency", "unit"],
                condition=Q(unit__isnull=False),
                name="obligation_one_share_per_unit",
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=100), name="obligation_progress_range"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ObligationState.values), name="obligation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ObligationState.OPEN, ObligationState.CANCELLED])
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="obligation_acknowledged_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=ObligationState.DONE)
                | Q(
                    progress=100,
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    verified_at__isnull=False,
                    verified_by__isnull=False,
                ),
                name="obligation_done_is_verified",
            ),
            models.CheckConstraint(
                condition=~Q(state=ObligationState.VERIFIED)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="obligation_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=ObligationState.UNFEASIBLE)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="obligation_given_up_by_the_issuer",
            ),
            models.CheckConstraint(
                condition=Q(state__in=WITH_ISSUER, waiting_since__isnull=False)
                | Q(state__in=WITH_AGENCY)
                | Q(state__in=CLOSED, waiting_since=None),
                name="obligation_waits_for_the_issuer",
            ),
            models.CheckConstraint(
                condition=~Q(state=ObligationState.BLOCKED) | ~Q(obstacle=""),
                name="obligation_blocked_by_something",
            ),
            models.CheckConstraint(
                condition=Q(classification__in=Classification.values), name="obligation_class_known"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "due_at"], name="obligation_agency_state"),
            # The order of the matrix: a page of it is read off, however many rows there are.
            models.Index(
                F("closed_at").asc(nulls_first=True), "due_at", "id", name="obligation_matrix"
            ),
            GinIndex(fields=["stems"], name="obligation_stems"),
            # The sweep of the reminders looks only at these, each minute.
            models.Index(
                fields=["due_at"], name="obligation_due", condition=Q(state__in=WITH_AGENCY)
            ),
            models.Index(
                fields=["created_at"],
                name="obligation_unacknowledged",
                condition=Q(state=ObligationState.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.directive.number}: {self.doer}"

    @property
    def doer(self) -> str:
        """Who carries it out, shortly: the unit, else the agency."""
        return self.unit.short_name if self.unit else self.agency.short_name

    @property
    def doer_name(self) -> str:
        """Who carries it out, in full."""
        return self.unit.name if self.unit else self.agency.name

    def is_overdue(self, at: datetime) -> bool:
        acting = self.state in OBLIGATION_WITH_AGENCY and self.waiting_since is None
        return acting and self.due_at < at


class ProgressReportQuerySet(models.QuerySet["ProgressReport"]):
    def visible_to(self, actor: Actor | None) -> "ProgressReportQuerySet":
        """Whoever sees the obligation sees its history, and the files in it."""
        return self.filter(obligation__in=Obligation.objects.visible_to(actor))


class ProgressReport(models.Model):
    """An entry in the history of an obligation. Entries are added, never changed."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="reports")
    kind = models.CharField(_("Jenis"), max_length=20, choices=ReportKind.choices)
    post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+")
    percent = models.PositiveSmallIntegerField(_("Kemajuan (%)"))
    note = models.TextField(_("Uraian"), blank=True)
    obstacle = models.CharField(_("Kendala"), max_length=500, blank=True)
    at = models.DateTimeField(_("Waktu"))

    stems = stored_stems(note="B", obstacle="B")

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("laporan kemajuan")
        verbose_name_plural = _("laporan kemajuan")
        ordering = ["at", "pk"]
        indexes = [GinIndex(fields=["stems"], name="report_stems")]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100), name="report_percent_range"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ReportKind.values), name="report_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id}: {self.get_kind_display()}"

    @property
    def classification(self) -> int:
        return self.obligation.classification
