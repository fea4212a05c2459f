"""Requests for reinforcement by place, state and urgency."""

import django_filters
from django.utils.translation import gettext_lazy as _

from coordination.enums import Priority
from deployments.enums import NeedState
from deployments.filters.parts import SaidMixin, WithinMixin, agencies
from deployments.models import Reinforcement
from portal.registry.models import Region

LACKING = "lacking"


class ReinforcementFilter(SaidMixin, WithinMixin):
    """Takes counted rows: the state is not a column."""

    region = django_filters.ModelChoiceFilter(
        label=_("Wilayah"),
        queryset=lambda request: Region.objects.exclude(level="village").order_by("code"),
        method="by_region",
        empty_label=_("Semua"),
    )
    state = django_filters.ChoiceFilter(
        label=_("Keadaan"),
        method="by_state",
        choices=[(LACKING, _("Masih kurang")), *NeedState.choices],
        empty_label=_("Semua"),
    )
    priority = django_filters.ChoiceFilter(
        label=_("Derajat"), choices=Priority.choices, empty_label=_("Semua")
    )
    agency = django_filters.ModelChoiceFilter(
        label=_("Instansi peminta"),
        queryset=agencies,
        to_field_name="slug",
        empty_label=_("Semua"),
    )

    class Meta:
        model = Reinforcement
        fields = ["region", "priority", "agency"]

    def by_state(self, rows, name, value):
        return rows.filter(missing__gt=0) if value == LACKING else rows.filter(state=value)
