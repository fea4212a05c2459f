from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from deployments.enums import TagVariable, TpsClass
from portal import clock


class SharedQuerySet(models.QuerySet):
    def visible_to(self, actor) -> Self:
        """What the police and the supervisors say of a station is shared with everyone at the
        table: the two lists are there to be compared."""
        return self if actor else self.none()


class StationClassQuerySet(SharedQuerySet):
    def known(self, at: datetime) -> Self:
        """The classes that were known and valid at that moment, the newest first: of one station's
        the first is the one that holds."""
        return self.filter(valid_from__lte=clock.local(at).date(), recorded_at__lte=at).order_by(
            "-valid_from", "-pk"
        )


class StationClass(models.Model):
    """The police's class of a station from a day on. A change is a new row; the old one stays."""

    station = models.ForeignKey(
        "registry.PollingStation", models.CASCADE, related_name="classes", verbose_name=_("TPS")
    )
    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="+")
    tps_class = models.CharField(_("Kelas TPS"), max_length=16, choices=TpsClass.choices)
    valid_from = models.DateField(_("Berlaku sejak"))
    reason = models.CharField(_("Alasan"), max_length=300)
    recorded_at = models.DateTimeField(_("Dicatat"))
    recorded_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, related_name="+", verbose_name=_("Oleh")
    )
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)

    objects = StationClassQuerySet.as_manager()

    class Meta:
        verbose_name = _("kelas TPS menurut Polri")
        verbose_name_plural = _("kelas TPS menurut Polri")
        constraints = [
            models.CheckConstraint(
                condition=Q(tps_class__in=TpsClass.values), name="station_class_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="station_class_has_reason"),
        ]
        indexes = [
            models.Index(F("station"), F("valid_from").desc(), F("id").desc(), name="class_newest")
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.tps_class}"


class StationIndicator(models.Model):
    """One of the supervisors' indicators of a vulnerable station, under its variable."""

    key = models.SlugField(_("Kode"), max_length=40, primary_key=True)
    variable = models.CharField(_("Variabel"), max_length=16, choices=TagVariable.choices)
    name = models.CharField(_("Nama"), max_length=120)
    name_en = models.CharField(_("Nama (Inggris)"), max_length=120)
    position = models.PositiveSmallIntegerField(_("Urutan"))
    source = models.CharField(_("Sumber"), max_length=200)

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("indikator TPS rawan")
        verbose_name_plural = _("indikator TPS rawan")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(variable__in=TagVariable.values), name="indicator_variable_known"
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" else self.name


class StationTagQuerySet(SharedQuerySet):
    def standing(self, at: datetime) -> Self:
        """Tags that were set and not yet taken off at that moment."""
        return self.filter(Q(removed_at=None) | Q(removed_at__gt=at), recorded_at__lte=at)


class StationTag(models.Model):
    """The supervisors' mark that an indicator holds at a station. Taken off, it stays with the
    reason; set again, it is a new row."""

    station = models.ForeignKey(
        "registry.PollingStation", models.CASCADE, related_name="tags", verbose_name=_("TPS")
    )
    indicator = models.ForeignKey(StationIndicator, models.PROTECT, related_name="+")
    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="+")
    note = models.CharField(_("Keterangan"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("Dicatat"))
    recorded_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, related_name="+", verbose_name=_("Oleh")
    )
    removed_at = models.DateTimeField(_("Dicabut"), null=True)
    removed_by = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")
    removal_reason = models.CharField(_("Alasan dicabut"), max_length=300, blank=True)
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)

    objects = StationTagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tanda TPS rawan menurut Bawaslu")
        verbose_name_plural = _("tanda TPS rawan menurut Bawaslu")
        constraints = [
            models.UniqueConstraint(
                fields=["station", "indicator"],
                condition=Q(removed_at=None),
                name="tag_once_per_indicator",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removal_reason="")
                | Q(removed_at__isnull=False) & ~Q(removal_reason=""),
                name="tag_removed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(removed_at__gte=F("recorded_at")),
                name="tag_removed_after_set",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.indicator_id}"


class DisagreementRule(models.Model):
    """When the police's class and the supervisors' tags of a station do not fit together.

    A station of the class disagrees when it has at least `at_least` tags, among them one of
    `variable` if that is given, or at most `at_most` tags.
    """

    tps_class = models.CharField(_("Kelas TPS"), max_length=16, choices=TpsClass.choices)
    at_least = models.PositiveSmallIntegerField(_("Tanda paling sedikit"), null=True, blank=True)
    at_most = models.PositiveSmallIntegerField(_("Tanda paling banyak"), null=True, blank=True)
    variable = models.CharField(
        _("Termasuk variabel"), max_length=16, choices=TagVariable.choices, blank=True
    )
    is_active = models.BooleanField(_("Dipakai"), default=True)
    source = models.CharField(_("Sumber"), max_length=200)
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("aturan beda penilaian")
        verbose_name_plural = _("aturan beda penilaian")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(at_least__isnull=False, at_most=None)
                | Q(at_least=None, at_most__isnull=False, variable=""),
                name="disagreement_one_limit",
            ),
            models.CheckConstraint(
                condition=Q(tps_class__in=TpsClass.values), name="disagreement_class_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tps_class} {self.at_least or self.at_most or 0}"
