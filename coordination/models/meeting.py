from datetime import datetime
from uuid import uuid4

from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.enums import MeetingKind, MeetingState
from coordination.models.series import MeetingSeries
from coordination.models.visibility import holds, oversees
from portal.access import scope
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.web.searching import stored_stems


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, actor: Actor | None) -> "MeetingQuerySet":
        """The host's meetings, those one's agency was sent an invitation to, and all of them for
        who oversees the province; each only up to one's clearance."""
        if not holds(actor, Permission.MEETING_VIEW):
            return self.none()
        rows = self.filter(scope.cleared(actor))
        if oversees(actor):
            return rows
        seats = self.model._meta.get_field("invitations").related_model.objects.filter(
            meeting=OuterRef("pk"),
            agency_id=actor.agency_id,
            sent_at__isnull=False,
            withdrawn_at__isnull=True,
        )
        return rows.filter(Q(host_agency_id=actor.agency_id) | Exists(seats))

    def upcoming(self, at: datetime) -> "MeetingQuerySet":
        """Called for and not over yet."""
        return self.filter(
            state__in=[MeetingState.SCHEDULED, MeetingState.IN_SESSION], ends_at__gt=at
        )

    def between(self, start: datetime, end: datetime) -> "MeetingQuerySet":
        """Touching the span, whatever became of them but drafts."""
        return self.filter(starts_at__lt=end, ends_at__gt=start).exclude(state=MeetingState.DRAFT)


class Meeting(models.Model):
    """A rakor: who calls whom, when, where and about what."""

    operation = models.ForeignKey(
        "registry.Operation",
        models.PROTECT,
        related_name="meetings",
        verbose_name=_("Operasi"),
    )
    series = models.ForeignKey(
        MeetingSeries,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("Seri"),
    )
    number = models.CharField(_("Nomor"), max_length=60, unique=True)
    title = models.CharField(_("Judul"), max_length=200)
    kind = models.CharField(
        _("Jenis"), max_length=20, choices=MeetingKind.choices, default=MeetingKind.CROSS_SECTOR
    )
    state = models.CharField(
        _("Keadaan"), max_length=12, choices=MeetingState.choices, default=MeetingState.DRAFT
    )
    state_reason = models.CharField(_("Alasan"), max_length=500, blank=True)
    starts_at = models.DateTimeField(_("Mulai"))
    ends_at = models.DateTimeField(pgettext_lazy("waktu", "Selesai"))
    # As the chair really opened and closed it; of rakor from before it was recorded, nothing.
    opened_at = models.DateTimeField(_("Dibuka"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("Ditutup"), null=True, blank=True, editable=False)
    place = models.CharField(_("Tempat"), max_length=200)
    dress = models.CharField(_("Pakaian"), max_length=100, blank=True)
    virtual_link = models.URLField(_("Tautan daring"), blank=True)
    host_agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi tuan rumah")
    )
    host_unit = models.ForeignKey(
        "registry.Unit", models.PROTECT, related_name="+", verbose_name=_("Satuan penyelenggara")
    )
    office_code = models.CharField(
        _("Kode kantor dalam nomor surat"), max_length=20, default="Roops"
    )
    chair_office = models.CharField(_("Jabatan pimpinan rapat"), max_length=120)
    chair_name = models.CharField(_("Nama pimpinan rapat"), max_length=120, blank=True)
    chair_post = models.ForeignKey(
        "accounts.Post",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Jabatan yang mengesahkan notula"),
    )
    classification = models.PositiveSmallIntegerField(
        _("Klasifikasi"), choices=Classification.choices, default=Classification.TERBATAS
    )
    quorum_percent = models.PositiveSmallIntegerField(
        _("Kuorum (%)"),
        default=50,
        help_text=_("Kuorum tercapai bila lebih dari bagian ini dari kursi yang diundang terisi."),
    )
    # A calendar knows the meeting by its UID, and takes only news of a higher sequence.
    calendar_uid = models.UUIDField(
        default=uuid4, db_default=RandomUUID(), unique=True, editable=False
    )
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)
    source = models.CharField(_("Sumber"), max_length=300, blank=True)
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Dibuat oleh")
    )
    created_at = models.DateTimeField(_("Dibuat"))
    updated_at = models.DateTimeField(_("Diubah"))

    stems = stored_stems(title="A", number="B", place="C", chair_office="D")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rakor")
        verbose_name_plural = _("rakor")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")),
                name="meeting_closed_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(state__in=MeetingState.values), name="meeting_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MeetingKind.values), name="meeting_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(classification__in=Classification.values), name="meeting_class_known"
            ),
            models.CheckConstraint(
                condition=Q(quorum_percent__gte=1, quorum_percent__lte=100),
                name="meeting_quorum_sensible",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MeetingState.POSTPONED, MeetingState.CANCELLED])
                | ~Q(state_reason=""),
                name="meeting_stopped_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "starts_at"], name="meeting_state_start"),
            models.Index(fields=["-starts_at", "-id"], name="meeting_newest"),
            GinIndex(fields=["stems"], name="meeting_stems"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
