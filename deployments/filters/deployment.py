"""Placed parts of the strength."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deployments.enums import DeploymentState, DeploymentStatus, TaskForce
from deployments.filters.parts import SaidMixin, WithinMixin, agencies
from deployments.models import Deployment
from portal import clock
from portal.registry.models import Region, Stage, Unit
from portal.web.forms import DateInput


def units(request):
    """Those of the agencies whose placements the reader sees."""
    actor = getattr(request, "actor", None)
    placed = Deployment.objects.visible_to(actor) if actor else Deployment.objects.all()
    return Unit.objects.filter(agency__in=placed.values("agency")).order_by("path")


class DeploymentFilter(SaidMixin, WithinMixin):
    agency = django_filters.ModelChoiceFilter(
        label=_("Instansi"), queryset=agencies, to_field_name="slug", empty_label=_("Semua")
    )
    region = django_filters.ModelChoiceFilter(
        label=_("Wilayah"),
        queryset=lambda request: Region.objects.exclude(level="village").order_by("code"),
        method="by_region",
        empty_label=_("Semua"),
    )
    unit = django_filters.ModelChoiceFilter(
        label=_("Satuan"),
        queryset=units,
        to_field_name="slug",
        method="by_unit",
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
    at = django_filters.IsoDateTimeFilter(
        label=_("Berlaku pada"), method="by_moment", widget=DateInput()
    )
    """A moment or a day, as ISO text."""

    class Meta:
        model = Deployment
        fields = [
            "agency",
            "unit",
            "region",
            "status",
            "controller",
            "state",
            "task_force",
            "stage",
        ]

    def by_unit(self, rows, name, value):
        """The unit with all below it."""
        return rows.filter(Q(unit=value) | Q(unit__path__startswith=f"{value.path}/"))

    def by_moment(self, rows, name, value):
        return rows.on(clock.local(value).date())
