from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from coordination.enums import MinutesState
from coordination.models.agenda import AgendaItem
from coordination.models.meeting import Meeting
from coordination.models.visibility import holds
from portal.access import scope
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.web.searching import stored_stems


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def visible_to(self, actor: Actor | None) -> "MinutesQuerySet":
        """Circulated, signed or published: whoever sees the meeting. Draft: only who writes or
        signs it at the host agency."""
        if not holds(actor, Permission.MINUTES_VIEW):
            return self.none()
        rows = self.filter(scope.cleared(actor))
        meetings = Meeting.objects.visible_to(actor).filter(pk=OuterRef("meeting"))
        seen = ~Q(state=MinutesState.DRAFT) & Exists(meetings)
        if actor.is_system:
            return rows
        if actor.permissions & {Permission.MINUTES_WRITE, Permission.MINUTES_SIGN}:
            seen |= Q(meeting__host_agency_id=actor.agency_id)
        return rows.filter(seen)

    def published(self) -> "MinutesQuerySet":
        return self.filter(state=MinutesState.PUBLISHED)


class Minutes(models.Model):
    """The notula of a rakor. Once published, a trigger keeps every word of it."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes")
    number = models.CharField(_("Nomor"), max_length=60, unique=True, null=True, blank=True)
    state = models.CharField(
        _("Keadaan"), max_length=10, choices=MinutesState.choices, default=MinutesState.DRAFT
    )
    opening = models.TextField(_("Pembukaan"), blank=True)
    conclusion = models.TextField(_("Kesimpulan"), blank=True)
    closing = models.TextField(_("Penutupan"), blank=True)
    taker_office = models.CharField(_("Jabatan notulis"), max_length=120, blank=True)
    taker_name = models.CharField(_("Nama notulis"), max_length=120, blank=True)
    taker_rank = models.CharField(_("Pangkat/NRP/NIP notulis"), max_length=80, blank=True)
    chair_rank = models.CharField(_("Pangkat/NRP/NIP pimpinan"), max_length=80, blank=True)
    vice_chair_office = models.CharField(_("Jabatan wakil pimpinan"), max_length=120, blank=True)
    vice_chair_name = models.CharField(_("Nama wakil pimpinan"), max_length=120, blank=True)
    secretary_office = models.CharField(_("Jabatan sekretaris"), max_length=120, blank=True)
    secretary_name = models.CharField(_("Nama sekretaris"), max_length=120, blank=True)
    circulated_at = models.DateTimeField(_("Diedarkan"), null=True, blank=True)
    object_until = models.DateTimeField(_("Keberatan sampai"), null=True, blank=True)
    skip_reason = models.CharField(_("Alasan tanpa edaran"), max_length=500, blank=True)
    signed_at = models.DateTimeField(_("Disahkan"), null=True, blank=True)
    signed_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_office = models.CharField(_("Disahkan oleh"), max_length=300, blank=True)
    signed_with = models.CharField(_("Pembuktian diri"), max_length=20, blank=True)
    signed_sha256 = models.CharField(_("SHA-256 naskah yang disahkan"), max_length=64, blank=True)
    seats_invited = models.PositiveSmallIntegerField(_("Kursi diundang"), null=True, blank=True)
    seats_present = models.PositiveSmallIntegerField(_("Kursi hadir"), null=True, blank=True)
    seats_needed = models.PositiveSmallIntegerField(_("Kursi untuk kuorum"), null=True, blank=True)
    verification_code = models.CharField(
        _("Kode verifikasi"), max_length=40, unique=True, null=True, blank=True
    )
    sealed_text = models.TextField(_("Naskah baku"), blank=True)
    classification = models.PositiveSmallIntegerField(
        _("Klasifikasi"), choices=Classification.choices, default=Classification.TERBATAS
    )
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    published_at = models.DateTimeField(_("Terbit"), null=True, blank=True)
    published_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, blank=True, related_name="+"
    )
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("Dibuat"))
    updated_at = models.DateTimeField(_("Diubah"))

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = _("notula")
        verbose_name_plural = _("notula")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s for s in MinutesState.values if s != "published"])
                | Q(
                    state=MinutesState.PUBLISHED,
                    sha256__regex=r"^[0-9a-f]{64}$",
                    number__isnull=False,
                    published_at__isnull=False,
                    published_by__isnull=False,
                ),
                name="minutes_published_is_sealed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[MinutesState.DRAFT, MinutesState.CIRCULATED])
                | Q(
                    signed_at__isnull=False,
                    signed_by__isnull=False,
                    signed_sha256__regex=r"^[0-9a-f]{64}$",
                )
                # Published before signatures were kept.
                | Q(state=MinutesState.PUBLISHED, signed_sha256="", signed_at__isnull=True),
                name="minutes_signed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=MinutesState.CIRCULATED)
                | Q(circulated_at__isnull=False, object_until__gt=F("circulated_at")),
                name="minutes_circulated_until",
            ),
            models.CheckConstraint(
                condition=Q(state__in=MinutesState.values), name="minutes_state_known"
            ),
            models.CheckConstraint(
                condition=Q(classification__in=Classification.values), name="minutes_class_known"
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"Draf notula {self.meeting.number}"

    @property
    def is_draft(self) -> bool:
        return self.state == MinutesState.DRAFT

    @property
    def has_quorum(self) -> bool | None:
        """Whether enough seats were taken for the meeting's rule; None before publication."""
        if self.seats_needed is None or self.seats_present is None:
            return None
        return self.seats_present >= self.seats_needed


class MinutesSection(models.Model):
    """A passage of the minutes: what was said under an agenda item, and by whom."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="sections")
    agenda_item = models.ForeignKey(
        AgendaItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Mata acara"),
    )
    position = models.PositiveSmallIntegerField(_("Urutan"))
    heading = models.CharField(_("Pokok bahasan"), max_length=200)
    speaker = models.CharField(_("Pembicara"), max_length=160, blank=True)
    body = models.TextField(_("Pembahasan"), blank=True)
    decision = models.TextField(_("Keputusan"), blank=True)
    speaking = ArrayField(
        models.SlugField(max_length=80),
        verbose_name=_("Instansi pembicara"),
        default=list,
        blank=True,
    )
    version = models.PositiveIntegerField(default=1)
    stems = stored_stems(heading="A", body="B", decision="B", speaker="C")

    class Meta:
        verbose_name = _("bagian notula")
        verbose_name_plural = _("bagian notula")
        ordering = ["position"]
        indexes = [GinIndex(fields=["stems"], name="section_stems")]
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "position"],
                name="section_position_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return self.heading
