"""Requests for reinforcement by place, state and urgency."""

from urllib.parse import urlencode

import django_filters
from django.utils.translation import gettext_lazy as _

from coordination.enums import Priority
from deployments.enums import NeedState
from deployments.filters.parts import WithinMixin, agencies
from deployments.models import Reinforcement
from portal.registry.models import Region

LACKING = "lacking"


class ReinforcementFilter(WithinMixin):
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

    @property
    def chosen(self) -> dict[str, str]:
        """What narrows the list, by name, as it stands in the address; nonsense is left out."""
        valid = self.form.cleaned_data if self.form.is_valid() or self.is_bound else {}
        return {
            name: str(self.data[name])
            for name in self.filters
            if valid.get(name) not in (None, "") and self.data.get(name)
        }

    @property
    def query(self) -> str:
        return urlencode(self.chosen)

    @property
    def words(self) -> list[str]:
        """The filter as people read it."""
        return [
            f"{self.form.fields[name].label}: {self._said(name, value)}"
            for name, value in self.chosen.items()
        ]

    def _said(self, name: str, value: str) -> str:
        field = self.form.fields[name]
        if name in ("state", "priority"):
            return str(dict(field.choices)[value])
        return str(self.form.cleaned_data[name])
