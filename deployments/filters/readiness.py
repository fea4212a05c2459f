"""Readiness reports, expected ones, and contradictions; silence has rows here too."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from deployments.enums import (
    OPEN,
    REPORT_LIGHTS,
    TALLY_OF,
    ConflictState,
    ExpectedState,
    ReportState,
    Tally,
)
from deployments.filters.parts import WithinMixin, agencies, regencies
from deployments.models import Conflict, ExpectedReport, ReadinessReport
from portal.registry.models import Region, Stage, Unit

SILENT = "silent"


class ExpectedReportFilter(WithinMixin):
    """The page's list: silence has rows here too."""

    agency = django_filters.ModelChoiceFilter(
        label=_("Instansi"), queryset=agencies, to_field_name="slug", empty_label=_("Semua")
    )
    unit = django_filters.CharFilter(label=_("Satuan"), method="by_unit")
    region = django_filters.ModelChoiceFilter(
        label=_("Wilayah"), queryset=regencies, method="by_region", empty_label=_("Semua")
    )
    day = django_filters.DateFilter(
        label=_("Tanggal"),
        method="by_day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    cut_off_at = django_filters.IsoDateTimeFilter(widget=forms.HiddenInput)
    state = django_filters.ChoiceFilter(
        label=_("Keadaan"),
        method="by_state",
        choices=[(SILENT, _("Belum ada laporan")), *ExpectedState.choices],
        empty_label=_("Semua"),
    )

    tally = django_filters.ChoiceFilter(
        method="by_tally", choices=Tally.choices, widget=forms.HiddenInput()
    )
    district = django_filters.CharFilter(
        field_name="report__lines__region_id", widget=forms.HiddenInput()
    )
    under = django_filters.CharFilter(method="by_tree", widget=forms.HiddenInput())
    stage = django_filters.CharFilter(method="by_stage", widget=forms.HiddenInput())

    class Meta:
        model = ExpectedReport
        fields = [
            "agency",
            "unit",
            "region",
            "day",
            "cut_off_at",
            "state",
            "tally",
            "district",
            "under",
            "stage",
        ]

    def by_unit(self, rows, name, value):
        return rows.filter(Q(unit__name__icontains=value) | Q(unit__slug=value))

    def by_tree(self, rows, name, value):
        """The unit and all below it."""
        unit = Unit.objects.filter(slug=value).first()
        return rows.filter(unit__in=Unit.objects.under(unit.path)) if unit else rows.none()

    def by_stage(self, rows, name, value):
        stages = Stage.objects.filter(key=value, operation=OuterRef("operation"))
        inside = stages.filter(
            starts_at__lte=OuterRef("cut_off_at"), ends_at__gt=OuterRef("cut_off_at")
        )
        return rows.filter(Exists(inside))

    def by_state(self, rows, name, value):
        return rows.filter(state__in=OPEN if value == SILENT else [value])

    def by_tally(self, rows, name, value):
        """Those that the roll-up counts under that name."""
        return rows.filter(state__in=TALLY_OF[Tally(value)])


class ReadinessReportFilter(WithinMixin):
    agency = django_filters.ModelChoiceFilter(queryset=agencies, to_field_name="slug")
    unit = django_filters.CharFilter(field_name="unit__slug")
    region = django_filters.ModelChoiceFilter(
        queryset=lambda request: Region.objects.all(), method="by_region"
    )
    cut_off_at = django_filters.IsoDateTimeFilter()
    state = django_filters.ChoiceFilter(choices=ReportState.choices)
    light = django_filters.ChoiceFilter(choices=REPORT_LIGHTS)
    late = django_filters.BooleanFilter()

    class Meta:
        model = ReadinessReport
        fields = ["agency", "unit", "region", "cut_off_at", "state", "light", "late"]


class ExpectedApiFilter(WithinMixin):
    agency = django_filters.ModelChoiceFilter(queryset=agencies, to_field_name="slug")
    unit = django_filters.CharFilter(field_name="unit__slug")
    region = django_filters.ModelChoiceFilter(
        queryset=lambda request: Region.objects.all(), method="by_region"
    )
    cut_off_at = django_filters.IsoDateTimeFilter()
    state = django_filters.ChoiceFilter(choices=ExpectedState.choices)

    class Meta:
        model = ExpectedReport
        fields = ["agency", "unit", "region", "cut_off_at", "state"]


class ConflictFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=ConflictState.choices)
    cut_off_at = django_filters.IsoDateTimeFilter()

    class Meta:
        model = Conflict
        fields = ["state", "cut_off_at"]
