from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from incidents.enums import Severity
from incidents.enums.warning import Certainty, Urgency, WarningState, WarningStep
from incidents.models.account import RegionalQuerySet
from incidents.models.incident import Incident, reads_by_region
from incidents.models.taxonomy import IncidentType
from incidents.models.warning_rule import WarningRule
from portal.access import scope
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission

# A list: a set has no order, and a constraint's order is what migrations compare.
_ENDED = [state.value for state in WarningState if state != WarningState.RUNNING]


class WarningQuerySet(RegionalQuerySet):
    def visible_to(self, actor: Actor | None) -> Self:
        """Told to the own agency, or in the region that the post watches; never what rests on
        nothing but complaints against the own agency."""
        if actor is None or not (actor.is_system or Permission.INCIDENT_VIEW in actor.permissions):
            return self.none()
        rows = self.filter(scope.cleared(actor))
        if actor.is_system:
            return rows
        told = WarningReceipt.objects.filter(agency_id=actor.agency_id)
        reach = Q(pk__in=told.values("warning"))
        if reads_by_region(actor):
            reach |= scope.in_region(actor)
        grounds = WarningFact.objects.open_to(actor.agency_id)
        return rows.filter(reach, pk__in=grounds.values("warning"))

    def running(self) -> Self:
        return self.filter(state=WarningState.RUNNING)

    def standing_at(self, at: datetime) -> Self:
        """Given by that moment and not ended; `valid_then`: until when it was valid then."""
        told = WarningEntry.objects.filter(warning=OuterRef("pk"), at__lte=at)
        newest = told.order_by("-at", "-pk").values("valid_until")[:1]
        rows = self.filter(Q(ended_at=None) | Q(ended_at__gt=at), raised_at__lte=at)
        return rows.annotate(valid_then=Subquery(newest)).filter(valid_then__gt=at)


class EarlyWarning(models.Model):
    """A warning that a rule gave for an area. What the rule said then stands in `why`; the facts it
    rests on are told to each reader as far as he may see them."""

    number = models.CharField(_("Nomor"), max_length=20, unique=True)
    rule = models.ForeignKey(
        WarningRule, models.PROTECT, related_name="warnings", verbose_name=_("Aturan")
    )
    region = models.ForeignKey(
        "registry.Region", models.PROTECT, related_name="+", verbose_name=_("Wilayah")
    )
    why = models.CharField(_("Sebab"), max_length=400)
    why_en = models.CharField(_("Sebab (Inggris)"), max_length=400)
    urgency = models.CharField(_("Kemendesakan"), max_length=10, choices=Urgency.choices)
    certainty = models.CharField(_("Kepastian"), max_length=10, choices=Certainty.choices)
    severity = models.PositiveSmallIntegerField(_("Keparahan"), choices=Severity.choices)
    state = models.CharField(
        _("Keadaan"),
        max_length=10,
        choices=WarningState.choices,
        default=WarningState.RUNNING,
    )
    raised_at = models.DateTimeField(_("Terbit"))
    valid_until = models.DateTimeField(_("Berlaku sampai"))
    ended_at = models.DateTimeField(_("Diakhiri"), null=True, blank=True)
    classification = models.PositiveSmallIntegerField(
        _("Klasifikasi"), choices=Classification.choices, default=Classification.TERBATAS
    )
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(_("Diubah"))

    # Only on rows of `standing_at`.
    valid_then: datetime

    objects = WarningQuerySet.as_manager()

    class Meta:
        verbose_name = _("peringatan dini")
        verbose_name_plural = _("peringatan dini")
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "region"],
                condition=Q(state=WarningState.RUNNING),
                name="warning_runs_once",
            ),
            models.CheckConstraint(
                condition=Q(state=WarningState.RUNNING, ended_at__isnull=True)
                | Q(state__in=_ENDED, ended_at__isnull=False),
                name="warning_ended_with_time",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("raised_at")), name="warning_times_in_order"
            ),
            models.CheckConstraint(
                condition=Q(classification__lte=Classification.TERBATAS),
                name="warning_never_confidential",
            ),
        ]
        indexes = [models.Index(fields=["region", "state"], name="warning_region_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def reason(self) -> str:
        """What the rule said, in the reader's language."""
        return self.why_en if get_language() == "en" else self.why


class WarningFactQuerySet(models.QuerySet["WarningFact"]):
    def open_to(self, agency: int | None | OuterRef) -> Self:
        """Without complaints that name the agency, as incident or as field report."""
        naming = IncidentType.complained_of.through.objects.filter(agency_id=agency)
        against = naming.values("incidenttype")
        return self.exclude(incident__type__in=against).exclude(report__type__in=against)


class WarningFact(models.Model):
    """One thing that a warning rests on. `key` names rule, area and thing: the same thing makes a
    warning of the same rule and area once, whatever became of it."""

    warning = models.ForeignKey(EarlyWarning, models.PROTECT, related_name="facts")
    key = models.CharField(max_length=120, unique=True)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="+")
    report = models.ForeignKey("incidents.FieldReport", models.PROTECT, null=True, related_name="+")
    expected = models.ForeignKey(
        "deployments.ExpectedReport", models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(_("Sejak"))

    objects = WarningFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("dasar peringatan")
        verbose_name_plural = _("dasar peringatan")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(incident__isnull=False, report=None, expected=None)
                | Q(incident=None, report__isnull=False, expected=None)
                | Q(incident=None, report=None, expected__isnull=False),
                name="warning_fact_is_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.key


class WarningReceiptQuerySet(models.QuerySet["WarningReceipt"]):
    def owed_or_given(self) -> Self:
        """Without those that are not acknowledged because their agency does not see the warning."""
        grounds = WarningFact.objects.open_to(OuterRef(OuterRef("agency")))
        seen = Exists(grounds.filter(warning=OuterRef("warning")))
        return self.filter(Q(acknowledged_at__isnull=False) | seen)


class WarningReceipt(models.Model):
    """An agency that a warning is told to, and who of it acknowledged it and when."""

    warning = models.ForeignKey(EarlyWarning, models.PROTECT, related_name="receipts")
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi")
    )
    told_at = models.DateTimeField(_("Diberi tahu"))
    acknowledged_at = models.DateTimeField(_("Diterima"), null=True)
    acknowledged_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, related_name="+"
    )

    objects = WarningReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("penerima peringatan")
        verbose_name_plural = _("penerima peringatan")
        ordering = ["agency__position", "agency__pk"]
        constraints = [
            models.UniqueConstraint(fields=["warning", "agency"], name="warning_told_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__gte=F("told_at"), acknowledged_by__isnull=False),
                name="warning_acknowledged_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.warning_id}: {self.agency_id}"


class WarningEntry(models.Model):
    """One entry of a warning's history: added, never changed (a trigger refuses it)."""

    warning = models.ForeignKey(EarlyWarning, models.PROTECT, related_name="entries")
    step = models.CharField(_("Langkah"), max_length=14, choices=WarningStep.choices)
    text = models.CharField(_("Alasan"), max_length=300, blank=True)
    valid_until = models.DateTimeField(_("Berlaku sampai"))
    post = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey("registry.Agency", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("Waktu"))

    class Meta:
        verbose_name = _("riwayat peringatan")
        verbose_name_plural = _("riwayat peringatan")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(step__in=WarningStep.values), name="warning_entry_step_known"
            ),
            models.CheckConstraint(
                condition=~Q(step__in=["cancelled", "false_alarm", "confirmed"]) | ~Q(text=""),
                name="warning_entry_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.warning_id}: {self.step}"
