from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.enums import ObjectionState
from coordination.models.agenda import AgendaItem
from coordination.models.minutes import Minutes, MinutesSection
from portal.access.actor import Actor


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, actor: Actor | None) -> "ObjectionQuerySet":
        """The own agency's, and all of them for the host of the meeting; of a closed item only for
        whom it is open."""
        if actor is None:
            return self.none()
        rows = self.filter(minutes__in=Minutes.objects.visible_to(actor))
        if actor.is_system:
            return rows
        items = AgendaItem.objects.visible_to(actor)
        return rows.filter(
            Q(agency_id=actor.agency_id) | Q(minutes__meeting__host_agency_id=actor.agency_id)
        ).filter(Q(section__agenda_item=None) | Q(section__agenda_item__in=items))

    def unanswered(self) -> "ObjectionQuerySet":
        return self.filter(state=ObjectionState.OPEN)


class Objection(models.Model):
    """What an agency finds wrong in its own passage of circulated minutes, and the answer."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="objections")
    section = models.ForeignKey(
        MinutesSection, models.PROTECT, related_name="objections", verbose_name=_("Bagian notula")
    )
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi")
    )
    text = models.TextField(_("Keberatan"))
    proposed = models.TextField(_("Usul rumusan"), blank=True)
    made_by = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("Diajukan"))
    state = models.CharField(
        _("Keadaan"), max_length=10, choices=ObjectionState.choices, default=ObjectionState.OPEN
    )
    answer = models.TextField(_("Jawaban"), blank=True)
    answered_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("Dijawab"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("keberatan")
        verbose_name_plural = _("keberatan")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ObjectionState.values), name="objection_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN, answered_at__isnull=True)
                | (~Q(state=ObjectionState.OPEN) & Q(answered_at__isnull=False)),
                name="objection_answer_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=ObjectionState.REJECTED) | ~Q(answer=""),
                name="objection_rejected_for_a_reason",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="objection_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.section}"

    @property
    def classification(self) -> int:
        return self.minutes.classification
