"""What stands beside a report: its lights, its odd numbers, its comments, and its draft."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deployments.enums import REPORT_LIGHTS, ReportState, Severity


class ReadinessGroup(models.Model):
    """The light of one group of a report, as it was judged when the report came in."""

    report = models.ForeignKey("deployments.ReadinessReport", models.CASCADE, related_name="groups")
    key = models.SlugField(_("Bagian"), max_length=40)
    light = models.CharField(_("Kesiapan"), max_length=12, choices=REPORT_LIGHTS)
    mandatory = models.BooleanField(_("Wajib"), default=False)
    percent = models.PositiveSmallIntegerField(_("Persen"), null=True)

    class Meta:
        verbose_name = _("kesiapan per bagian")
        verbose_name_plural = _("kesiapan per bagian")
        constraints = [
            models.UniqueConstraint(fields=["report", "key"], name="report_group_once"),
            models.CheckConstraint(
                condition=Q(light__in=[key for key, _label in REPORT_LIGHTS]),
                name="report_group_light_known",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__lte=100),
                name="report_group_percent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.light}"


class RuleFlag(models.Model):
    """A number that a rule found odd, and why its sender says that it is right."""

    report = models.ForeignKey("deployments.ReadinessReport", models.CASCADE, related_name="flags")
    rule = models.ForeignKey("deployments.OddityRule", models.PROTECT, related_name="+")
    severity = models.CharField(_("Akibat"), max_length=10, choices=Severity.choices)
    value = models.BigIntegerField(_("Angka"))
    against = models.BigIntegerField(_("Pembanding"))
    percent = models.PositiveSmallIntegerField(_("Ambang (%)"))
    reason = models.CharField(_("Alasan pengirim"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("angka tidak wajar")
        verbose_name_plural = _("angka tidak wajar")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "rule"], name="flag_once_per_rule")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}: {self.value}"


class ReviewComment(models.Model):
    """What the checker says about one field, or about a group as a whole."""

    report = models.ForeignKey(
        "deployments.ReadinessReport", models.CASCADE, related_name="comments"
    )
    target = models.CharField(_("Isian"), max_length=40)
    text = models.CharField(_("Catatan"), max_length=1000)
    at = models.DateTimeField(_("Waktu"))
    by = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("catatan pada isian")
        verbose_name_plural = _("catatan pada isian")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "target"], name="review_once_per_field"),
            models.CheckConstraint(condition=~Q(text=""), name="review_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.text}"


class ReportMove(models.Model):
    """What a checker made of a version, and when: appended, never changed. What a version was at a
    past moment follows from it, however often it was looked at since."""

    report = models.ForeignKey("deployments.ReadinessReport", models.CASCADE, related_name="moves")
    state = models.CharField(_("Status"), max_length=12, choices=ReportState.choices)
    at = models.DateTimeField(_("Waktu"))

    class Meta:
        verbose_name = _("pemeriksaan laporan")
        verbose_name_plural = _("pemeriksaan laporan")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ReportState.values), name="report_move_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.at:%Y-%m-%d %H:%M}: {self.state}"


class ReportDraftQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "ReportDraftQuerySet":
        """Nobody reads what another is still typing."""
        return self.filter(post=actor.post_id) if actor and actor.post_id else self.none()


class ReportDraft(models.Model):
    """What a post has typed so far for a unit's report; gone when the report is sent."""

    unit = models.ForeignKey("registry.Unit", models.CASCADE, related_name="+")
    cut_off_at = models.DateTimeField()
    post = models.ForeignKey("accounts.Post", models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    objects = ReportDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draf laporan")
        verbose_name_plural = _("draf laporan")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "cut_off_at", "post"], name="draft_once_per_post"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.cut_off_at:%Y-%m-%d %H:%M}"
