from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deployments.enums import Tally
from deployments.models.scope import own_forces


class Counted(models.Model):
    """What a roll-up counts at one cut-off: reports, the people in them, and the newest source.

    Every expected report counts in one `tally_…`, so they add up to `expected`; they are empty in
    what was written before they were counted apart. `late` and `missing` overlap: who is silent
    after the day of the cut-off is in both.

    Its rows are found by their whole place. An index on one part of it alone would only lead the
    planner astray.
    """

    operation = models.ForeignKey(
        "registry.Operation", models.PROTECT, related_name="+", db_index=False
    )
    cut_off_at = models.DateTimeField(_("Batas waktu"))
    expected = models.PositiveIntegerField(default=0)
    received = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    verified = models.PositiveIntegerField(default=0)
    tally_waiting = models.PositiveIntegerField(null=True)
    tally_missing = models.PositiveIntegerField(null=True)
    tally_late = models.PositiveIntegerField(null=True)
    tally_partial = models.PositiveIntegerField(null=True)
    tally_complete = models.PositiveIntegerField(null=True)
    tally_conflict = models.PositiveIntegerField(null=True)
    tally_quarantined = models.PositiveIntegerField(null=True)
    total = models.PositiveIntegerField(default=0)
    present = models.PositiveIntegerField(default=0)
    engaged = models.PositiveIntegerField(default=0)
    standby = models.PositiveIntegerField(default=0)
    reserve = models.PositiveIntegerField(default=0)
    conflicts = models.PositiveIntegerField(default=0)
    as_of = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def states(self) -> dict[str, int] | None:
        """The expected reports by Tally; None where they were not counted apart yet."""
        counts = {tally.value: getattr(self, f"tally_{tally}") for tally in Tally}
        return None if None in counts.values() else counts


def tallies_add_up(name: str) -> models.CheckConstraint:
    """Every expected report is counted once; an empty sum, of rows from before, passes."""
    total = sum((F(f"tally_{tally}") for tally in list(Tally)[1:]), F(f"tally_{Tally.WAITING}"))
    return models.CheckConstraint(condition=Q(expected=total), name=name)


class VersionQuerySet(models.QuerySet):
    def known_at(self, at: datetime) -> Self:
        """What stood at that moment, one row per place."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at), since__lte=at)


class UnitVersionQuerySet(VersionQuerySet):
    def visible_to(self, actor) -> Self:
        """Sums by region are shared; those of single units are their own agency's."""
        return self.filter(own_forces(actor, agency="unit__agency")) if actor else self.none()


class Version(Counted):
    """A row as it stood from `since` to `until`, exclusive; open while it stands.

    Written by the fold beside the row itself and never changed but to be closed: a database trigger
    refuses everything else. So "the figures of 12.00" stay what they were.
    """

    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        abstract = True


class Place(models.Model):
    """One agency in one region."""

    region = models.ForeignKey("registry.Region", models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


class Rollup(Place, Counted):
    """The readiness of one agency in one region at one cut-off, its districts included.

    Written only by the fold; equals what a full rebuild would write. A region in which nothing was
    expected and nothing reported has no row.
    """

    class Meta:
        verbose_name = _("rekapitulasi")
        verbose_name_plural = _("rekapitulasi")
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "cut_off_at", "agency", "region"], name="rollup_once"
            ),
            tallies_add_up("rollup_tallies_add_up"),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.agency_id} {self.cut_off_at:%Y-%m-%d %H:%M}"


class RollupVersion(Place, Version):
    class Meta:
        verbose_name = _("riwayat rekapitulasi")
        verbose_name_plural = _("riwayat rekapitulasi")
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "cut_off_at", "agency", "region"],
                condition=Q(until__isnull=True),
                name="rollup_version_one_open",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="rollup_version_ends_after_start",
            ),
            tallies_add_up("rollup_version_tallies_add_up"),
        ]
        indexes = [
            models.Index(
                fields=["operation", "cut_off_at", "agency", "region", "since"],
                name="rollup_version_place",
            )
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.agency_id} {self.since:%Y-%m-%d %H:%M}"


class UnitRollup(Counted):
    """The readiness of one unit and of all below it in its agency's tree, at one cut-off. A unit
    with nobody below it has no row: what it has is its report."""

    unit = models.ForeignKey("registry.Unit", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("rekapitulasi satuan")
        verbose_name_plural = _("rekapitulasi satuan")
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "cut_off_at", "unit"], name="unit_rollup_once"
            ),
            tallies_add_up("unit_rollup_tallies_add_up"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.cut_off_at:%Y-%m-%d %H:%M}"


class UnitRollupVersion(Version):
    unit = models.ForeignKey("registry.Unit", models.PROTECT, related_name="+", db_index=False)

    objects = UnitVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("riwayat rekapitulasi satuan")
        verbose_name_plural = _("riwayat rekapitulasi satuan")
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "cut_off_at", "unit"],
                condition=Q(until__isnull=True),
                name="unit_rollup_version_one_open",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="unit_rollup_version_ends_after_start",
            ),
            tallies_add_up("unit_rollup_version_tallies_add_up"),
        ]
        indexes = [
            models.Index(
                fields=["operation", "cut_off_at", "unit", "since"],
                name="unit_rollup_version_place",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.since:%Y-%m-%d %H:%M}"


class DirtyKey(models.Model):
    """A place whose roll-up no longer fits since `at`. Append-only for writers, so they never wait
    for each other; the fold takes the rows away."""

    operation = models.ForeignKey("registry.Operation", models.CASCADE, related_name="+")
    region = models.ForeignKey("registry.Region", models.CASCADE, related_name="+")
    agency = models.ForeignKey("registry.Agency", models.CASCADE, related_name="+")
    cut_off_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("kunci rekapitulasi")
        verbose_name_plural = _("kunci rekapitulasi")

    def __str__(self) -> str:
        return f"{self.region_id} {self.agency_id} {self.cut_off_at:%Y-%m-%d %H:%M}"
