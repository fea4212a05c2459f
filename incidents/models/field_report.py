from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.account import Account, RegionalQuerySet, account_constraints
from incidents.models.incident import Incident, reads_by_region
from portal.access import scope
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.web.searching import stored_stems


class FieldReportQuerySet(RegionalQuerySet):
    def visible_to(self, actor: Actor | None) -> "FieldReportQuerySet":
        """Sent by the own agency, from the region that the post watches, or filed in an incident in
        sight. What is filed in an incident that is at Sentra Gakkumdu is seen by its desk only."""
        if actor is None or not (actor.is_system or Permission.INCIDENT_VIEW in actor.permissions):
            return self.none()
        rows = self.filter(scope.cleared(actor))
        if actor.is_system:
            return rows
        standing = Filing.objects.standing()
        seen = standing.filter(incident__in=Incident.objects.visible_to(actor))
        narrowed = standing.filter(incident__gakkumdu__isnull=False)
        reach = scope.own_agency(actor)
        if reads_by_region(actor):
            reach |= scope.in_region(actor)
        return rows.filter(
            Q(pk__in=seen.values("report")) | (reach & ~Q(pk__in=narrowed.values("report")))
        )

    def waiting(self) -> "FieldReportQuerySet":
        """Neither filed in an incident nor set aside."""
        return self.exclude(pk__in=Filing.objects.standing().values("report"))


class FieldReport(Account):
    """What one person in the field saw and sent. Fixed once sent (a trigger refuses changes); what
    comes to light later is a further report that follows it."""

    station = models.ForeignKey(
        "registry.PollingStation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("TPS"),
    )
    situation = models.CharField(_("Situasi terakhir"), max_length=300, blank=True)
    next_steps = models.CharField(_("Rencana tindak lanjut"), max_length=300, blank=True)
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="further",
        verbose_name=_("Lanjutan dari"),
    )
    client_key = models.UUIDField(
        _("Kunci kiriman"),
        help_text=_("Dibuat di perangkat pengirim: kiriman yang sama tersimpan sekali saja."),
    )
    written_at = models.DateTimeField(
        _("Ditulis"), help_text=_("Menurut jam perangkat; dapat lebih awal dari waktu terkirim.")
    )

    stems = stored_stems(title="A", number="B", place="B", chronology="B", involved="C", cause="C")

    objects = FieldReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("laporan lapangan")
        verbose_name_plural = _("laporan lapangan")
        ordering = ["-reported_at", "-pk"]
        constraints = [
            *account_constraints("field_report"),
            models.UniqueConstraint(
                fields=["reporter_post", "client_key"], name="field_report_sent_once"
            ),
        ]
        indexes = [
            models.Index(fields=["-reported_at", "-id"], name="field_report_newest"),
            models.Index(fields=["region", "reported_at"], name="field_report_region_time"),
            GinIndex(fields=["stems"], name="field_report_stems"),
        ]


class FilingQuerySet(models.QuerySet):
    def standing(self) -> "FilingQuerySet":
        return self.filter(ended_at__isnull=True)


class Filing(models.Model):
    """Where a field report went: into an incident, or aside with a reason. A report that moves (by
    a merge, a split or a correction) gets a new filing; the old one stays as its trace."""

    report = models.ForeignKey(FieldReport, models.PROTECT, related_name="filings")
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, related_name="filings", verbose_name=_("Kejadian")
    )
    reason = models.CharField(_("Alasan"), max_length=300, blank=True)
    post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("Sejak"))
    ended_at = models.DateTimeField(_("Sampai"), null=True)
    ended_by = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")

    objects = FilingQuerySet.as_manager()

    class Meta:
        verbose_name = _("penempatan laporan")
        verbose_name_plural = _("penempatan laporan")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(ended_at__isnull=True), name="filing_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(incident__isnull=False) | ~Q(reason=""), name="filing_aside_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False, ended_at__gte=models.F("at")),
                name="filing_ends_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["incident"], name="filing_incident")]

    def __str__(self) -> str:
        return f"{self.report_id} → {self.incident_id or '-'}"
