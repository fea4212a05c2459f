"""What several filters share."""

from datetime import datetime
from urllib.parse import urlencode

import django_filters
from django import forms

from portal import clock
from portal.registry.models import Agency, Region
from portal.web.templatetags.portal import wita


def agencies(request):
    return Agency.objects.order_by("position")


def regencies(request):
    return Region.objects.filter(level__in=["province", "regency"]).order_by("code")


class SaidMixin(django_filters.FilterSet):
    """What was chosen, for the address of a file and in words above its rows."""

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
        field, found = self.form.fields[name], self.form.cleaned_data[name]
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            return str({str(choice): label for choice, label in field.choices}[value])
        return wita(found) if isinstance(found, datetime) else str(found)


class WithinMixin(django_filters.FilterSet):
    """`region` takes a code and everything inside it."""

    def by_region(self, rows, name, value):
        return rows.within(value.code)

    def by_day(self, rows, name, value):
        return rows.filter(cut_off_at__range=clock.day_bounds(value))
