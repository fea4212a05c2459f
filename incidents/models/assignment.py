from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.enums.assignments import ASSIGNMENT_OPEN, SAYS_WHY, AssignmentState
from incidents.models.incident import Incident
from portal.access.actor import Actor

_OPEN = sorted(state.value for state in ASSIGNMENT_OPEN)


class UnitAssignmentQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor | None) -> "UnitAssignmentQuerySet":
        """Of incidents in sight."""
        return self.filter(incident__in=Incident.objects.visible_to(actor))

    def open(self) -> "UnitAssignmentQuerySet":
        return self.filter(state__in=_OPEN)


class UnitAssignment(models.Model):
    """A unit in place, sent to an incident or asked for: which placement, to do what. Where it
    stood then is kept, so that a placement that moved since can be told."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="assignments")
    deployment = models.ForeignKey(
        "deployments.Deployment", models.PROTECT, related_name="+", verbose_name=_("Penempatan")
    )
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi satuan")
    )
    task = models.CharField(_("Tugas"), max_length=300)
    stood_at = models.CharField(_("Posisi saat ditugaskan"), max_length=200)
    gave_sight = models.BooleanField(default=False)
    state = models.CharField(_("Keadaan"), max_length=10, choices=AssignmentState.choices)
    assigned_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Ditugaskan oleh")
    )
    assigned_at = models.DateTimeField(_("Ditugaskan"))

    objects = UnitAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("penugasan satuan")
        verbose_name_plural = _("penugasan satuan")
        ordering = ["-assigned_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=AssignmentState.values), name="assignment_state_known"
            ),
            models.CheckConstraint(condition=~Q(task=""), name="assignment_has_task"),
            models.UniqueConstraint(
                fields=["incident", "deployment"],
                condition=Q(state__in=_OPEN),
                name="assignment_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["deployment"], name="assignment_busy", condition=Q(state__in=_OPEN)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.deployment_id}"

    @property
    def classification(self) -> int:
        """Of the incident: who is sent to it is as secret."""
        return self.incident.classification


class AssignmentStep(models.Model):
    """One step of an assignment, with its time and who wrote it down: added, never changed (a
    trigger refuses it)."""

    assignment = models.ForeignKey(UnitAssignment, models.PROTECT, related_name="steps")
    state = models.CharField(_("Keadaan"), max_length=10, choices=AssignmentState.choices)
    at = models.DateTimeField(_("Waktu"))
    post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+")
    note = models.CharField(_("Catatan"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("langkah penugasan")
        verbose_name_plural = _("langkah penugasan")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=AssignmentState.values), name="assignment_step_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(SAYS_WHY)) | ~Q(note=""),
                name="assignment_step_says_why",
            ),
            models.UniqueConstraint(
                fields=["assignment", "state"], name="assignment_each_step_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}: {self.state}"
