from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.enums import Answer
from coordination.models.meeting import Meeting
from coordination.models.visibility import holds, oversees
from portal.access import scope
from portal.access.actor import Actor
from portal.access.permissions import Permission


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, actor: Actor | None) -> "InvitationQuerySet":
        """The own agency's seats, and all seats for the host and for who oversees."""
        if not holds(actor, Permission.MEETING_VIEW):
            return self.none()
        rows = self.filter(scope.cleared(actor, "meeting__classification"))
        if oversees(actor):
            return rows
        return rows.filter(
            Q(meeting__host_agency_id=actor.agency_id)
            | Q(agency_id=actor.agency_id, sent_at__isnull=False, withdrawn_at__isnull=True)
        )

    def standing(self) -> "InvitationQuerySet":
        """The seats that count: quorum, letters and reminders leave withdrawn ones out."""
        return self.filter(withdrawn_at__isnull=True)


class Invitation(models.Model):
    """An agency's seat at a rakor, the letter that called it, and its answer."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="invitations")
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi")
    )
    addressee = models.CharField(_("Yth."), max_length=160, blank=True)
    letter_number = models.CharField(_("Nomor surat"), max_length=60, blank=True)
    letter_date = models.DateField(_("Tanggal surat"), null=True, blank=True)
    sent_at = models.DateTimeField(_("Dikirim"), null=True, blank=True)
    # What the letter said when it went out: a later change of the meeting does not rewrite it.
    letter = models.JSONField(_("Isi surat"), null=True, blank=True, encoder=DjangoJSONEncoder)
    answer = models.CharField(
        _("Jawaban"), max_length=12, choices=Answer.choices, default=Answer.PENDING
    )
    representative = models.CharField(_("Diwakili oleh"), max_length=160, blank=True)
    may_commit = models.BooleanField(_("Berwenang mengambil keputusan"), default=False)
    reason = models.CharField(_("Alasan"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("Dijawab"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("Ditarik"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("Alasan penarikan"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("undangan")
        verbose_name_plural = _("undangan")
        ordering = ["agency__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "agency"], name="invitation_one_seat"),
            models.CheckConstraint(
                condition=Q(answer=Answer.PENDING, answered_at__isnull=True)
                | (~Q(answer=Answer.PENDING) & Q(answered_at__isnull=False)),
                name="invitation_answer_has_time",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=Answer.values), name="invitation_answer_known"
            ),
            models.CheckConstraint(
                condition=~Q(answer=Answer.REPRESENTED) | ~Q(representative=""),
                name="invitation_representative_named",
            ),
            models.CheckConstraint(
                condition=~Q(answer=Answer.ABSENT) | ~Q(reason=""),
                name="invitation_absence_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="invitation_withdrawn_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "meeting"],
                name="invitation_unanswered",
                condition=Q(answer=Answer.PENDING),
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting.number}: {self.agency}"

    @property
    def classification(self) -> int:
        return self.meeting.classification
