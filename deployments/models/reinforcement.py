from datetime import datetime

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from coordination.enums import Priority
from deployments.enums import (
    GONE,
    NEED_ENDED,
    UNBOUND,
    DeploymentState,
    NeedEvent,
    NeedState,
    TaskForce,
)
from deployments.models.deployment import Deployment
from deployments.models.scope import own_forces, sees_all
from portal import clock

GIVEN = "contributions__deployment__personnel"
STATE = "contributions__deployment__state"


def _people(condition: Q) -> Coalesce:
    return Coalesce(Sum(GIVEN, filter=condition), 0)


class ReinforcementQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "ReinforcementQuerySet":
        """The chain of the unit that asks, of those asked, and of those who give."""
        if actor is None:
            return self.none()
        if sees_all(actor):
            return self
        asked = NeedAddressee.objects.filter(own_forces(actor, "unit", "unit__agency"))
        giving = Contribution.objects.filter(
            own_forces(actor, "deployment__unit", "deployment__agency")
        )
        return self.filter(
            own_forces(actor)
            | Q(pk__in=asked.values("reinforcement"))
            | Q(pk__in=giving.values("reinforcement"))
        )

    def counted(self, at: datetime) -> "ReinforcementQuerySet":
        """With people `promised`, `ordered`, `present`, `released` and `missing`, and with `state`:
        the one place where it is told. Whoever came and was let go was there; who never came is
        missing until the request ends or is withdrawn."""
        over = Q(ends_on__lt=clock.local(at).date())
        unanswered = NeedAddressee.objects.filter(reinforcement=OuterRef("pk"), declined_at=None)
        return (
            self.annotate(
                promised=_people(~Q(**{STATE: DeploymentState.CANCELLED})),
                ordered=_people(~Q(**{f"{STATE}__in": UNBOUND})),
                present=_people(Q(**{STATE: DeploymentState.IN_PLACE})),
                released=_people(Q(**{f"{STATE}__in": GONE})),
            )
            .annotate(
                state=Case(
                    When(withdrawn_at__isnull=False, then=Value(NeedState.WITHDRAWN)),
                    When(Q(promised=0) & ~Exists(unanswered), then=Value(NeedState.REFUSED)),
                    When(promised=0, then=Value(NeedState.ASKED)),
                    When(
                        Q(promised__gte=F("personnel")) | over,
                        released=F("promised"),
                        then=Value(NeedState.RELEASED),
                    ),
                    When(promised__lt=F("personnel"), then=Value(NeedState.PARTLY)),
                    When(
                        promised=F("present") + F("released"),
                        then=Value(NeedState.IN_PLACE),
                    ),
                    default=Value(NeedState.FILLED),
                    output_field=models.CharField(),
                )
            )
            .annotate(
                missing=Case(
                    When(Q(state__in=NEED_ENDED) | over, then=Value(0)),
                    default=Greatest(F("personnel") - F("promised"), Value(0)),
                    output_field=models.IntegerField(),
                )
            )
        )

    def within(self, code: str) -> "ReinforcementQuerySet":
        """Asked for the region or for one inside it; the code is the path."""
        return self.filter(Q(region_id=code) | Q(region__code__startswith=f"{code}."))


class Reinforcement(models.Model):
    """A unit asks for people of others (penebalan). What it gets are placements: this row only says
    what was asked for and why."""

    operation = models.ForeignKey("registry.Operation", models.PROTECT, related_name="+")
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi peminta")
    )
    unit = models.ForeignKey(
        "registry.Unit", models.PROTECT, related_name="+", verbose_name=_("Satuan peminta")
    )
    region = models.ForeignKey(
        "registry.Region",
        models.PROTECT,
        related_name="+",
        verbose_name=_("Wilayah"),
        help_text=_("Sampai kecamatan."),
    )
    place = models.ForeignKey(
        "registry.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Tempat"),
    )
    personnel = models.PositiveIntegerField(_("Jumlah yang diminta"))
    allows_more = models.BooleanField(
        _("Boleh lebih dari yang diminta"),
        default=False,
        help_text=_("Tanpa ini jumlah yang disanggupi tidak pernah melebihi permintaan."),
    )
    task_force = models.CharField(
        _("Satuan tugas"), max_length=20, choices=TaskForce.choices, blank=True
    )
    function = models.CharField(_("Fungsi"), max_length=80, blank=True)
    starts_on = models.DateField(_("Mulai"))
    ends_on = models.DateField(_("Sampai dengan"))
    priority = models.CharField(
        _("Derajat"), max_length=12, choices=Priority.choices, default=Priority.ORDINARY
    )
    reason = models.TextField(_("Alasan"))
    asked_at = models.DateTimeField(_("Diminta pada"))
    asked_by = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal = models.TextField(_("Alasan penarikan"), blank=True)
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ReinforcementQuerySet.as_manager()

    class Meta:
        verbose_name = _("permintaan penebalan")
        verbose_name_plural = _("permintaan penebalan")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(personnel__gt=0), name="reinforcement_asks_for_people"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="reinforcement_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(priority__in=Priority.values), name="reinforcement_priority_known"
            ),
            models.CheckConstraint(
                condition=Q(task_force="") | Q(task_force__in=TaskForce.values),
                name="reinforcement_task_force_known",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="reinforcement_says_why"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawal="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal="")),
                name="reinforcement_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.personnel}"


class NeedAddressee(models.Model):
    """A unit that is to answer: the superior in the own chain, or another agency's unit."""

    reinforcement = models.ForeignKey(Reinforcement, models.PROTECT, related_name="addressees")
    unit = models.ForeignKey("registry.Unit", models.PROTECT, related_name="+")
    declined_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("satuan yang diminta")
        verbose_name_plural = _("satuan yang diminta")
        ordering = ["unit__path"]
        constraints = [
            models.UniqueConstraint(fields=["reinforcement", "unit"], name="need_addressee_once"),
            models.CheckConstraint(
                condition=Q(declined_at__isnull=True, reason="")
                | (Q(declined_at__isnull=False) & ~Q(reason="")),
                name="need_addressee_declined_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reinforcement_id}: {self.unit_id}"


class ContributionQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "ContributionQuerySet":
        """Those of the requests in sight: who asks sees what he gets."""
        return self.filter(reinforcement__in=Reinforcement.objects.visible_to(actor))


class Contribution(models.Model):
    """A placement that answers a request. How many and in what state, only the placement says.
    `drawn_from`: the placement of the same unit that gives the people up once this one is ordered,
    for its days; `drawn`: how many it gives up and gets back."""

    reinforcement = models.ForeignKey(Reinforcement, models.PROTECT, related_name="contributions")
    deployment = models.OneToOneField(Deployment, models.PROTECT, related_name="contribution")
    drawn_from = models.ForeignKey(Deployment, models.PROTECT, null=True, related_name="+")
    drawn = models.PositiveIntegerField(default=0)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sumbangan penebalan")
        verbose_name_plural = _("sumbangan penebalan")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(drawn=0) | Q(drawn_from__isnull=False),
                name="contribution_drawn_from_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(drawn_from__isnull=True) | ~Q(drawn_from=F("deployment")),
                name="contribution_not_from_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reinforcement_id}: {self.deployment_id}"


class NeedsLogQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "NeedsLogQuerySet":
        return self.filter(reinforcement__in=Reinforcement.objects.visible_to(actor))


class NeedsLogEntry(models.Model):
    """A line of the needs log: who asked, who answered what, when, and what was missing after it.
    A trigger keeps every line as it was written."""

    reinforcement = models.ForeignKey(Reinforcement, models.PROTECT, related_name="log")
    at = models.DateTimeField(_("Waktu"))
    by = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")
    event = models.CharField(max_length=10, choices=NeedEvent.choices)
    unit = models.ForeignKey("registry.Unit", models.PROTECT, null=True, related_name="+")
    personnel = models.PositiveIntegerField(null=True)
    deployment_state = models.CharField(
        max_length=10, choices=DeploymentState.choices, blank=True, default=""
    )
    missing = models.PositiveIntegerField()
    text = models.TextField(blank=True)

    objects = NeedsLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("catatan kebutuhan")
        verbose_name_plural = _("catatan kebutuhan")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(event__in=NeedEvent.values), name="needs_log_event_known"
            ),
            models.CheckConstraint(
                condition=~Q(event__in=["declined", "withdrawn"]) | ~Q(text=""),
                name="needs_log_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reinforcement_id} {self.event}"
