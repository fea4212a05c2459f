from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incidents.enums.requests import REFERRALS, REQUEST_OPEN, RequestKind, RequestState
from incidents.models.incident import Incident
from portal.access.actor import Actor

_WAITING, _ACCEPTED = RequestState.WAITING, RequestState.ACCEPTED
_ENDED = [state.value for state in RequestState if state not in REQUEST_OPEN]


class AgencyRequestQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor | None) -> "AgencyRequestQuerySet":
        """Of incidents in sight."""
        return self.filter(incident__in=Incident.objects.visible_to(actor))

    def open(self) -> "AgencyRequestQuerySet":
        return self.filter(state__in=REQUEST_OPEN)


class AgencyRequest(models.Model):
    """What one agency asks of another about an incident. What was asked is fixed by a trigger; each
    step also stands in the incident's timeline."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="requests")
    kind = models.CharField(_("Jenis"), max_length=10, choices=RequestKind.choices)
    matter = models.TextField(_("Yang diminta"))
    reason = models.TextField(_("Alasan"), blank=True)
    by_when = models.DateTimeField(_("Diharapkan sebelum"), null=True, blank=True)
    from_agency = models.ForeignKey(
        "registry.Agency",
        models.PROTECT,
        related_name="+",
        verbose_name=_("Instansi pengirim"),
        help_text=_("Penanggung jawab kejadian saat permintaan dikirim."),
    )
    asked_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Dikirim oleh")
    )
    asked_at = models.DateTimeField(_("Dikirim"))
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi penerima")
    )
    gave_sight = models.BooleanField(
        default=False,
        help_text=_("Penerima menjadi pendukung karena permintaan ini, dan tidak lagi bila batal."),
    )
    state = models.CharField(
        _("Keadaan"), max_length=10, choices=RequestState.choices, default=RequestState.WAITING
    )
    accepted_at = models.DateTimeField(_("Diterima"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Berakhir"), null=True, blank=True)
    answered_by = models.ForeignKey(
        "accounts.Post",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Langkah terakhir oleh"),
    )
    answer = models.TextField(_("Jawaban"), blank=True)

    objects = AgencyRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("permintaan antarinstansi")
        verbose_name_plural = _("permintaan antarinstansi")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RequestKind.values), name="request_kind_known"
            ),
            models.CheckConstraint(condition=~Q(matter=""), name="request_asks_something"),
            models.CheckConstraint(
                condition=Q(kind=RequestKind.ADVICE) | ~Q(reason=""),
                name="request_referral_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(agency=F("from_agency")), name="request_to_another_agency"
            ),
            models.CheckConstraint(
                condition=Q(state=_WAITING, accepted_at__isnull=True, ended_at__isnull=True)
                | Q(state=_ACCEPTED, accepted_at__isnull=False, ended_at__isnull=True)
                | Q(state__in=_ENDED, ended_at__isnull=False),
                name="request_state_has_its_times",
            ),
            models.CheckConstraint(
                condition=~Q(kind=RequestKind.ADVICE) | Q(accepted_at__isnull=True),
                name="request_advice_is_not_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RequestState.DECLINED, RequestState.DONE]) | ~Q(answer=""),
                name="request_answer_in_words",
            ),
            models.CheckConstraint(
                condition=(Q(accepted_at__isnull=True) | Q(accepted_at__gte=F("asked_at")))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("asked_at"))),
                name="request_times_in_order",
            ),
            models.UniqueConstraint(
                fields=["incident", "agency"],
                condition=Q(kind__in=REFERRALS, state__in=[_WAITING, _ACCEPTED]),
                name="request_one_open_referral_each",
            ),
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(kind=RequestKind.WHOLE, state=_WAITING),
                name="request_one_whole_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "asked_at"],
                name="request_owed",
                condition=Q(state__in=[_WAITING, _ACCEPTED]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.kind} → {self.agency_id}"

    @property
    def classification(self) -> int:
        """Of the incident: what is asked about it is as secret."""
        return self.incident.classification
