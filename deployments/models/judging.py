from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deployments.enums import THRESHOLDS, Light, RuleKind, Severity
from deployments.models.forms import spoken
from deployments.models.rollup import VersionQuerySet


class OpenQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "OpenQuerySet":
        """By what a report is judged is no secret."""
        return self if actor else self.none()


class Threshold(models.Model):
    """From how many per cent a group is ready, or ready with conditions."""

    ready = models.PositiveSmallIntegerField(_("Siap sejak (%)"), default=THRESHOLDS[0][0])
    conditional = models.PositiveSmallIntegerField(
        _("Siap bersyarat sejak (%)"), default=THRESHOLDS[1][0]
    )
    source = models.CharField(_("Sumber"), max_length=200)
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)

    class Meta:
        abstract = True

    @property
    def scale(self) -> tuple[tuple[int, Light], ...]:
        return (
            (self.ready, Light.READY),
            (self.conditional, Light.CONDITIONAL),
            (0, Light.NOT_READY),
        )


class ReadinessThreshold(Threshold):
    """The threshold of a group as it stands. A light that was given to a report stays, and a past
    moment is judged by what held then: a change counts from now on."""

    group = models.SlugField(_("Bagian"), max_length=40, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("ambang kesiapan")
        verbose_name_plural = _("ambang kesiapan")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ready__lte=100, ready__gt=F("conditional"), conditional__gte=1),
                name="threshold_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.ready}/{self.conditional}"


class ThresholdVersion(Threshold):
    """The threshold of a group as it held from `since` to `until`, exclusive; open while it holds.
    Written beside the threshold and never changed but to be closed: a trigger sees to it."""

    threshold = models.ForeignKey(ReadinessThreshold, models.PROTECT, related_name="versions")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("riwayat ambang kesiapan")
        verbose_name_plural = _("riwayat ambang kesiapan")
        ordering = ["threshold", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["threshold"], condition=Q(until__isnull=True), name="threshold_one_open"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="threshold_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(ready__lte=100, ready__gt=F("conditional"), conditional__gte=1),
                name="threshold_version_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.threshold_id} {self.since:%Y-%m-%d %H:%M}: {self.ready}/{self.conditional}"


class OddityRule(models.Model):
    """What makes a number odd, and what then happens. `percent` of `other` (ratio) or of the
    report before (jump); `floor`: the smallest number before from which the rule is worth asking.
    """

    key = models.SlugField(_("Kode"), max_length=40, unique=True)
    name = models.CharField(_("Aturan"), max_length=160)
    name_en = models.CharField(_("Aturan (Inggris)"), max_length=160, blank=True)
    kind = models.CharField(_("Jenis"), max_length=8, choices=RuleKind.choices)
    field = models.CharField(_("Isian"), max_length=40)
    other = models.CharField(_("Dibandingkan dengan"), max_length=40, blank=True)
    percent = models.PositiveSmallIntegerField(_("Ambang (%)"), default=100)
    floor = models.PositiveIntegerField(_("Berlaku sejak angka"), default=1)
    severity = models.CharField(_("Akibat"), max_length=10, choices=Severity.choices)
    is_active = models.BooleanField(_("Aktif"), default=True)
    source = models.CharField(_("Sumber"), max_length=200)
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("aturan kewajaran")
        verbose_name_plural = _("aturan kewajaran")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RuleKind.values, severity__in=Severity.values),
                name="oddity_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind=RuleKind.RATIO) | ~Q(other=""), name="oddity_ratio_of_something"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return spoken(self.name, self.name_en)
