from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.enums import Audience
from incidents.models.incident import Incident
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.accounts.enums import Role

REPORTED_TO = (Audience.AGENCIES, Audience.INTERNAL)


class SpecialReportQuerySet(models.QuerySet["SpecialReport"]):
    def visible_to(self, actor: Actor | None) -> "SpecialReportQuerySet":
        """Of incidents in sight; an internal one only for the agency that issued it and
        auditors."""
        rows = self.filter(incident__in=Incident.objects.visible_to(actor))
        if actor is None or actor.is_system or Role.AUDITOR in actor.roles:
            return rows
        return rows.filter(Q(audience=Audience.AGENCIES) | Q(agency_id=actor.agency_id))


class SpecialReport(models.Model):
    """Laporan khusus: what was said of an incident at one moment, as a numbered paper. Its bytes
    hang on it as an attachment; nothing of it ever changes (a trigger refuses it)."""

    number = models.CharField(_("Nomor"), max_length=20, unique=True)
    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="special_reports", verbose_name=_("Kejadian")
    )
    audience = models.CharField(
        _("Pembaca"), max_length=10, choices=Audience.choices, default=Audience.AGENCIES
    )
    situation = models.TextField(_("Situasi akhir"))
    plan = models.TextField(_("Rencana tindak lanjut"))
    sha256 = models.CharField("SHA-256", max_length=64)
    classification = models.PositiveSmallIntegerField(
        _("Klasifikasi"), choices=Classification.choices
    )
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    issued_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Diterbitkan oleh")
    )
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi penerbit")
    )
    issued_at = models.DateTimeField(_("Diterbitkan"))

    objects = SpecialReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("laporan khusus")
        verbose_name_plural = _("laporan khusus")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=REPORTED_TO), name="special_audience_known"
            ),
            models.CheckConstraint(
                condition=~Q(situation="") & ~Q(plan=""), name="special_says_something"
            ),
            models.CheckConstraint(
                condition=Q(classification__in=Classification.values), name="special_class_known"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="special_has_sum"
            ),
        ]
        indexes = [models.Index(fields=["incident", "-issued_at"], name="special_of_incident")]

    def __str__(self) -> str:
        return self.number
