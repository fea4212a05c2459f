"""What people without an account report. Who they are stands in a table of its own, sealed, that
no list and no page of a report ever reads; where somebody declined to say it, there is no row."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.enums import MessageKind, PublicState, Suspicion, Timing
from incidents.models.account import EAST, NORTH, SOUTH, WEST
from incidents.models.incident import Incident
from incidents.models.public_reference import PublicSubject, TriageReason
from portal.access import scope
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.web.searching import stored_stems


class PublicReportQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor | None) -> "PublicReportQuerySet":
        """What the post sorts: in its region, or of a type that its agency leads. Nobody sees
        reports of a kind in which his own agency can be the one complained of, the coordinator
        included. What was sent as confidential only those see who may read Rahasia; of a complaint
        about an agency also whoever leads the type, whatever his clearance."""
        needed = Permission.PUBLIC_REPORT_TRIAGE
        if actor is None or not (actor.is_system or needed in actor.permissions):
            return self.none()
        cleared = scope.cleared(actor)
        if actor.is_system:
            return self.filter(cleared)
        rows = self.filter(~Q(subject__kept_from__contains=[actor.agency_slug]))
        inside = scope.in_region(actor)
        leads = Q(subject__type__lead_id=actor.agency_id) & (cleared | ~Q(subject__kept_from=[]))
        if actor.region_code and not actor.whole_province:
            return rows.filter(inside & (cleared | leads))
        return rows.filter(inside & cleared | leads)

    def waiting(self) -> "PublicReportQuerySet":
        return self.filter(state=PublicState.WAITING)


class PublicReport(models.Model):
    """A report of the public, in the words of whoever sent it.

    `code_hash` is a keyed digest of the tracking code; the code itself was shown once and is
    nowhere. Confidential (what it says) is the class Rahasia; anonymous (who sent it) means that no
    contact was kept. The two are chosen apart.
    """

    number = models.CharField(_("Nomor"), max_length=20, unique=True)
    code_hash = models.CharField(max_length=64, unique=True)
    subject = models.ForeignKey(
        PublicSubject, models.PROTECT, related_name="reports", verbose_name=_("Jenis")
    )
    region = models.ForeignKey(
        "registry.Region", models.PROTECT, related_name="+", verbose_name=_("Wilayah")
    )
    place = models.CharField(_("Tempat"), max_length=200, blank=True)
    latitude = models.FloatField(_("Lintang"), null=True, blank=True)
    longitude = models.FloatField(_("Bujur"), null=True, blank=True)
    timing = models.CharField(_("Kapan"), max_length=8, choices=Timing.choices)
    occurred_at = models.DateTimeField(_("Waktu kejadian"))
    text = models.TextField(_("Isi laporan"), blank=True)
    anonymous = models.BooleanField(_("Tanpa identitas"))
    classification = models.PositiveSmallIntegerField(
        _("Klasifikasi"), choices=Classification.choices, default=Classification.TERBATAS
    )
    received_at = models.DateTimeField(_("Diterima"))
    suspicions = ArrayField(
        models.CharField(max_length=12, choices=Suspicion.choices),
        verbose_name=_("Tanda sampah"),
        default=list,
        blank=True,
    )
    suspect = models.BooleanField(_("Mungkin sampah"), default=False)
    likely_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="+", verbose_name=_("Mirip dengan")
    )
    state = models.CharField(
        _("Keadaan"), max_length=16, choices=PublicState.choices, default=PublicState.WAITING
    )
    reason = models.ForeignKey(
        TriageReason, models.PROTECT, null=True, related_name="+", verbose_name=_("Alasan")
    )
    incident = models.ForeignKey(
        Incident,
        models.PROTECT,
        null=True,
        related_name="public_reports",
        verbose_name=_("Kejadian"),
    )
    decided_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, related_name="+", verbose_name=_("Ditelaah")
    )
    decided_at = models.DateTimeField(_("Waktu telaah"), null=True)
    added_at = models.DateTimeField(_("Tambahan terakhir"), null=True)
    answered_at = models.DateTimeField(_("Dijawab"), null=True)
    answer_read_at = models.DateTimeField(_("Jawaban dibaca"), null=True)
    emptied_at = models.DateTimeField(_("Isi dikosongkan"), null=True)
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    version = models.PositiveIntegerField(default=1)

    stems = stored_stems(text="A", number="B", place="B")

    objects = PublicReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("laporan warga")
        verbose_name_plural = _("laporan warga")
        ordering = ["suspect", "received_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=PublicState.values), name="public_report_state_known"
            ),
            models.CheckConstraint(
                condition=Q(timing__in=Timing.values), name="public_report_timing_known"
            ),
            models.CheckConstraint(
                condition=Q(classification__in=[Classification.TERBATAS, Classification.RAHASIA]),
                name="public_report_class_known",
            ),
            models.CheckConstraint(
                condition=Q(emptied_at__isnull=False, text="") | (Q(emptied_at=None) & ~Q(text="")),
                name="public_report_says_something",
            ),
            models.CheckConstraint(
                condition=Q(state=PublicState.FOLLOWED, incident__isnull=False)
                | (~Q(state=PublicState.FOLLOWED) & Q(incident=None)),
                name="public_report_followed_by_incident",
            ),
            models.CheckConstraint(
                condition=Q(state=PublicState.SET_ASIDE, reason__isnull=False)
                | (~Q(state=PublicState.SET_ASIDE) & Q(reason=None)),
                name="public_report_set_aside_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(SOUTH, NORTH),
                    longitude__range=(WEST, EAST),
                ),
                name="public_report_point_in_frame",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "suspect", "received_at", "id"], name="public_report_queue"
            ),
            models.Index(fields=["region", "occurred_at"], name="public_report_near"),
            GinIndex(fields=["stems"], name="public_report_stems"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def confidential(self) -> bool:
        """What it says is Rahasia."""
        return self.classification >= Classification.RAHASIA


class PublicContact(models.Model):
    """How somebody who wished so can be reached, sealed with FIELD_KEYS. There is no way from a
    report to it but by its key, so no query of reports ever brings it along."""

    report = models.OneToOneField(PublicReport, models.CASCADE, primary_key=True, related_name="+")
    sealed = models.TextField()
    delete_on = models.DateField(_("Dihapus pada"), db_index=True)

    class Meta:
        verbose_name = _("kontak pelapor")
        verbose_name_plural = _("kontak pelapor")

    def __str__(self) -> str:
        return f"{self.report_id}"


class PublicMessageQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor | None) -> "PublicMessageQuerySet":
        """The thread of the reports in sight."""
        return self.filter(report__in=PublicReport.objects.visible_to(actor))


class PublicMessage(models.Model):
    """One entry of a report's thread: added by whoever holds the code, or answered by an officer.
    Only `read_at` of an answer is written later, and once."""

    report = models.ForeignKey(PublicReport, models.PROTECT, related_name="messages")
    kind = models.CharField(_("Jenis"), max_length=10, choices=MessageKind.choices)
    text = models.TextField(_("Isi"), blank=True)
    post = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, related_name="+", verbose_name=_("Penjawab")
    )
    at = models.DateTimeField(_("Waktu"))
    read_at = models.DateTimeField(_("Dibaca pelapor"), null=True)

    objects = PublicMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("pesan laporan warga")
        verbose_name_plural = _("pesan laporan warga")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=MessageKind.ANSWER, post__isnull=False)
                | Q(kind=MessageKind.ADDITION, post=None, read_at=None),
                name="public_message_officers_answer",
            )
        ]
        indexes = [models.Index(fields=["report", "at", "id"], name="public_message_thread")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class PublicPhotoQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor | None) -> "PublicPhotoQuerySet":
        """Of the reports in sight."""
        return self.filter(report__in=PublicReport.objects.visible_to(actor))


class PublicPhoto(models.Model):
    """A picture, drawn anew: neither its metadata nor its name were kept."""

    report = models.ForeignKey(PublicReport, models.PROTECT, related_name="photos")
    message = models.ForeignKey(PublicMessage, models.PROTECT, null=True, related_name="photos")
    path = models.CharField(max_length=80, unique=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField(_("Ukuran"))
    added_at = models.DateTimeField(_("Diterima"))

    objects = PublicPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("foto laporan warga")
        verbose_name_plural = _("foto laporan warga")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"foto-{self.pk}.jpg"

    @property
    def classification(self) -> int:
        """That of its report."""
        return self.report.classification
