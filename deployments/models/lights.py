"""The lights of the groups of the reports, counted by region and by unit, and what they were."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deployments.models.rollup import Place, UnitVersionQuerySet, VersionQuerySet


class Lights(models.Model):
    """How many reports of a place have which light in one group of their form. Silent: they left
    the group open. `mandatory`: how many of them had to answer it."""

    operation = models.ForeignKey(
        "registry.Operation", models.PROTECT, related_name="+", db_index=False
    )
    cut_off_at = models.DateTimeField(_("Batas waktu"))
    group_key = models.SlugField(_("Bagian"), max_length=40, db_index=False)
    ready = models.PositiveIntegerField(default=0)
    conditional = models.PositiveIntegerField(default=0)
    not_ready = models.PositiveIntegerField(default=0)
    silent = models.PositiveIntegerField(default=0)
    mandatory = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class GroupRollup(Place, Lights):
    """The lights of one agency's reports in one region at one cut-off, per group of the form."""

    class Meta:
        verbose_name = _("rekapitulasi bagian")
        verbose_name_plural = _("rekapitulasi bagian")
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "cut_off_at", "agency", "region", "group_key"],
                name="group_rollup_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.group_key} {self.cut_off_at:%Y-%m-%d %H:%M}"


class GroupRollupVersion(Place, Lights):
    """The lights as they stood from `since` to `until`; guarded like every version."""

    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("riwayat rekapitulasi bagian")
        verbose_name_plural = _("riwayat rekapitulasi bagian")
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "cut_off_at", "agency", "region", "group_key"],
                condition=Q(until__isnull=True),
                name="group_rollup_version_one_open",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="group_rollup_version_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(
                fields=["operation", "cut_off_at", "agency", "region", "group_key", "since"],
                name="group_rollup_version_place",
            )
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.group_key} {self.since:%Y-%m-%d %H:%M}"


class UnitGroupRollup(Lights):
    """The lights of the reports of one unit and all below it, per group of the form."""

    unit = models.ForeignKey("registry.Unit", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("rekapitulasi bagian satuan")
        verbose_name_plural = _("rekapitulasi bagian satuan")
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "cut_off_at", "unit", "group_key"],
                name="unit_group_rollup_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.group_key} {self.cut_off_at:%Y-%m-%d %H:%M}"


class UnitGroupRollupVersion(Lights):
    """The lights of a unit as they stood from `since` to `until`; guarded like every version."""

    unit = models.ForeignKey("registry.Unit", models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = UnitVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("riwayat rekapitulasi bagian satuan")
        verbose_name_plural = _("riwayat rekapitulasi bagian satuan")
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "cut_off_at", "unit", "group_key"],
                condition=Q(until__isnull=True),
                name="unit_group_version_one_open",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="unit_group_version_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(
                fields=["operation", "cut_off_at", "unit", "group_key", "since"],
                name="unit_group_version_place",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.group_key} {self.since:%Y-%m-%d %H:%M}"
