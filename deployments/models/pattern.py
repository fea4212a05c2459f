from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deployments.enums import TpsClass
from portal import clock

LINMAS_PER_STATION = 2
"""Linmas are two per polling station, whatever the class."""


class GuardPatternQuerySet(models.QuerySet):
    def visible_to(self, actor) -> Self:
        """Patterns and the need they give are shared with everyone at the table."""
        return self if actor else self.none()

    def valid_on(self, day: date) -> Self:
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)

    def in_force(self, operation, at: datetime) -> Self:
        """Per agency, unit (null: the agency's own for all) and class the newest pattern that was
        known at that moment and valid on its day."""
        return (
            self.filter(operation=operation)
            .filter(Q(recorded_at=None) | Q(recorded_at__lte=at))
            .valid_on(clock.local(at).date())
            .order_by("agency_id", "unit_id", "tps_class", "-valid_from", "-pk")
            .distinct("agency_id", "unit_id", "tps_class")
        )


class GuardPattern(models.Model):
    """How many officers and linmas guard how many polling stations of one class, e.g. 2:8:16.

    Without a unit it holds for the whole agency; a unit's own goes before it.
    """

    operation = models.ForeignKey(
        "registry.Operation", models.PROTECT, related_name="+", verbose_name=_("Operasi")
    )
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi")
    )
    unit = models.ForeignKey(
        "registry.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Satuan"),
        help_text=_("Kosong: berlaku untuk semua Polres yang tidak punya pola sendiri."),
    )
    tps_class = models.CharField(_("Kelas TPS"), max_length=16, choices=TpsClass.choices)
    police = models.PositiveSmallIntegerField(_("Polisi"))
    tps = models.PositiveSmallIntegerField(_("TPS"))
    linmas = models.PositiveSmallIntegerField(_("Linmas"))
    linmas_override = models.BooleanField(
        _("Linmas menyimpang dari 2 per TPS"),
        default=False,
        help_text=_("Centang bila sumbernya memang menyebut jumlah lain."),
    )
    valid_from = models.DateField(_("Berlaku sejak"))
    valid_to = models.DateField(_("Berlaku sampai"), null=True, blank=True)
    source = models.CharField(_("Sumber"), max_length=200)
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    # Null: set before the portal kept this moment.
    recorded_at = models.DateTimeField(_("Dicatat"), null=True)

    objects = GuardPatternQuerySet.as_manager()

    class Meta:
        verbose_name = _("pola pengamanan")
        verbose_name_plural = _("pola pengamanan")
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "agency", "tps_class", "valid_from"],
                condition=Q(unit=None),
                name="pattern_once_per_class_and_day",
            ),
            models.UniqueConstraint(
                fields=["operation", "unit", "tps_class", "valid_from"],
                condition=Q(unit__isnull=False),
                name="pattern_once_per_unit_class_and_day",
            ),
            models.CheckConstraint(
                condition=Q(police__gte=1, tps__gte=1), name="pattern_police_and_tps_positive"
            ),
            models.CheckConstraint(
                condition=Q(linmas=F("tps") * LINMAS_PER_STATION) | Q(linmas_override=True),
                name="pattern_linmas_twice_tps",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="pattern_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.police}:{self.tps}:{self.linmas}"

    def need(self, stations: int) -> int:
        """Officers for that many stations: a group that is not full needs a whole team."""
        return -(-stations // self.tps) * self.police
