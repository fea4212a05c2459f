from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from incidents.enums import Severity
from incidents.enums.targets import Goal
from portal.registry.models import Agency


class ReferenceQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "ReferenceQuerySet":
        """Reference data are the same for everyone who is signed in."""
        return self if actor else self.none()


class IncidentType(models.Model):
    """A kind of incident of the taxonomy, and who leads and supports when it happens."""

    code = models.CharField(_("Kode"), max_length=4, primary_key=True)
    name = models.CharField(_("Jenis"), max_length=120)
    name_en = models.CharField(_("Jenis (Inggris)"), max_length=120)
    lead = models.ForeignKey(
        Agency, models.PROTECT, related_name="+", verbose_name=_("Instansi penanggung jawab")
    )
    supporting = models.ManyToManyField(
        Agency, related_name="+", verbose_name=_("Instansi pendukung"), blank=True
    )
    complained_of = models.ManyToManyField(
        Agency,
        related_name="+",
        verbose_name=_("Instansi yang diadukan"),
        blank=True,
        help_text=_("Aduan jenis ini dipimpin Bawaslu dan tidak pernah hanya untuk instansi itu."),
    )
    handlers = models.CharField(
        _("Penanganan"),
        max_length=120,
        help_text=_("Sebutan penangan menurut taksonomi, termasuk pihak di luar portal."),
    )
    position = models.PositiveSmallIntegerField(_("Urutan"))

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("jenis kejadian")
        verbose_name_plural = _("jenis kejadian")
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" else self.name

    @cached_property
    def accused(self) -> frozenset[int]:
        """The ids of the agencies complained of, read once per row: rights ask several times."""
        return frozenset(self.complained_of.values_list("pk", flat=True))


class SeverityTarget(models.Model):
    """Within how many minutes after the report an incident of that severity should be received
    by the lead, verified, responded to and under control."""

    severity = models.PositiveSmallIntegerField(
        _("Keparahan"), primary_key=True, choices=Severity.choices
    )
    meaning = models.CharField(_("Arti"), max_length=200)
    meaning_en = models.CharField(_("Arti (Inggris)"), max_length=200)
    receive_minutes = models.PositiveIntegerField(_("Diterima (menit)"), default=5)
    verify_minutes = models.PositiveIntegerField(_("Verifikasi (menit)"))
    respond_minutes = models.PositiveIntegerField(_("Penanganan (menit)"))
    control_minutes = models.PositiveIntegerField(_("Terkendali (menit)"))
    source = models.CharField(_("Sumber"), max_length=120)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("target waktu keparahan")
        verbose_name_plural = _("target waktu keparahan")
        ordering = ["severity"]
        constraints = [
            models.CheckConstraint(
                condition=Q(severity__in=Severity.values), name="target_severity_known"
            ),
            models.CheckConstraint(
                condition=Q(receive_minutes__gt=0)
                & Q(verify_minutes__gte=F("receive_minutes"))
                & Q(respond_minutes__gte=F("verify_minutes"))
                & Q(control_minutes__gte=F("respond_minutes")),
                name="target_minutes_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.severity}: {self.verify_minutes}/{self.respond_minutes}"

    @property
    def minutes(self) -> dict[Goal, int]:
        """After how many minutes each goal is due, in their order."""
        return {
            Goal.RECEIVE: self.receive_minutes,
            Goal.VERIFY: self.verify_minutes,
            Goal.RESPOND: self.respond_minutes,
            Goal.CONTROL: self.control_minutes,
        }

    @property
    def label(self) -> str:
        """What the severity means, in the reader's language."""
        return self.meaning_en if get_language() == "en" else self.meaning
