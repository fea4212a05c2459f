"""Placed parts of the strength."""

import django_filters
from django.utils.translation import gettext_lazy as _

from deployments.enums import DeploymentState, DeploymentStatus, TaskForce
from deployments.filters.parts import WithinMixin, agencies
from deployments.models import Deployment
from portal import clock
from portal.registry.models import Region, Stage


class DeploymentFilter(WithinMixin):
    agency = django_filters.ModelChoiceFilter(
        label=_("Instansi"), queryset=agencies, to_field_name="slug", empty_label=_("Semua")
    )
    region = django_filters.ModelChoiceFilter(
        label=_("Wilayah"),
        queryset=lambda request: Region.objects.exclude(level="village").order_by("code"),
        method="by_region",
        empty_label=_("Semua"),
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=DeploymentStatus.choices, empty_label=_("Semua")
    )
    controller = django_filters.ModelChoiceFilter(
        label=_("Pengendali (BKO)"),
        queryset=agencies,
        to_field_name="slug",
        empty_label=_("Semua"),
    )
    state = django_filters.ChoiceFilter(
        label=_("Keadaan"), choices=DeploymentState.choices, empty_label=_("Semua")
    )
    task_force = django_filters.ChoiceFilter(
        label=_("Satuan tugas"), choices=TaskForce.choices, empty_label=_("Semua")
    )
    stage = django_filters.ModelChoiceFilter(
        label=_("Tahapan"),
        queryset=lambda request: Stage.objects.order_by("starts_at"),
        to_field_name="key",
        empty_label=_("Semua"),
    )
    at = django_filters.IsoDateTimeFilter(label=_("Berlaku pada"), method="by_moment")

    class Meta:
        model = Deployment
        fields = ["agency", "region", "status", "controller", "state", "task_force", "stage"]

    def by_moment(self, rows, name, value):
        return rows.on(clock.local(value).date())
