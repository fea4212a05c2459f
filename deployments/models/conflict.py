from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deployments.enums import ConflictState
from deployments.models.scope import sees_all
from portal.access import scope
from portal.accounts.enums import Role


class ConflictQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "ConflictQuerySet":
        """Both units that contradict each other, and who stands above one of them."""
        if not actor:
            return self.none()
        if sees_all(actor):
            return self
        if Role.LIAISON in actor.roles:
            return self.filter(scope.own_agency(actor))
        return self.filter(
            pk__in=ConflictSide.objects.filter(scope.in_unit(actor)).values("conflict")
        )

    def open(self) -> "ConflictQuerySet":
        return self.filter(state=ConflictState.OPEN)


class Conflict(models.Model):
    """Units of one agency that give different numbers for one place at one cut-off.

    A decision says whose number stands; it holds as long as both still say what they said.
    """

    operation = models.ForeignKey("registry.Operation", models.PROTECT, related_name="+")
    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="+")
    region = models.ForeignKey("registry.Region", models.PROTECT, related_name="+")
    cut_off_at = models.DateTimeField(_("Batas waktu"))
    state = models.CharField(
        _("Status"), max_length=10, choices=ConflictState.choices, default=ConflictState.OPEN
    )
    standing = models.ForeignKey(
        "registry.Unit", models.PROTECT, null=True, related_name="+", verbose_name=_("Berlaku")
    )
    reason = models.CharField(_("Alasan"), max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField(_("Ditemukan"))
    version = models.PositiveIntegerField(default=1)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("angka bertentangan")
        verbose_name_plural = _("angka bertentangan")
        ordering = ["-cut_off_at", "region_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "cut_off_at", "region"], name="conflict_once_per_place"
            ),
            models.CheckConstraint(
                condition=Q(state=ConflictState.DECIDED, standing__isnull=False) & ~Q(reason="")
                | ~Q(state=ConflictState.DECIDED) & Q(standing__isnull=True),
                name="conflict_decision_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.cut_off_at:%Y-%m-%d %H:%M}"


class ConflictSide(models.Model):
    """What one unit says about the place."""

    conflict = models.ForeignKey(Conflict, models.CASCADE, related_name="sides")
    unit = models.ForeignKey("registry.Unit", models.PROTECT, related_name="+")
    report = models.ForeignKey("deployments.ReadinessReport", models.PROTECT, related_name="+")
    covered = models.BooleanField(default=True)
    total = models.PositiveIntegerField(_("Jumlah"))
    present = models.PositiveIntegerField(_("Hadir"))
    engaged = models.PositiveIntegerField(_("Terlibat operasi"))
    standby = models.PositiveIntegerField(_("Siaga"))
    reserve = models.PositiveIntegerField(_("Cadangan"))

    class Meta:
        verbose_name = _("pihak yang bertentangan")
        verbose_name_plural = _("pihak yang bertentangan")
        ordering = ["-covered", "unit__path"]
        constraints = [
            models.UniqueConstraint(fields=["conflict", "unit"], name="conflict_side_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.present}"
