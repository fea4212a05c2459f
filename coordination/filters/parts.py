"""The parts that filters are made of."""

import django_filters
from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.registry.models import Agency
from portal.web.forms import DateInput


class Words(django_filters.CharFilter):
    """Every word occurs in one of the fields. A NUL byte finds nothing and breaks nothing."""

    def __init__(self, *fields: str, **kwargs):
        super().__init__(label=_("Cari"), **kwargs)
        self.fields = fields

    def filter(self, rows: QuerySet, value: str) -> QuerySet:
        for word in (value or "").split()[:8]:
            query = Q()
            for field in self.fields:
                query |= Q(**{f"{field}__icontains": word})
            rows = rows.filter(query)
        return rows


def agency_choice(**kwargs) -> django_filters.ModelChoiceFilter:
    return ListedChoice(
        queryset=Agency.objects.order_by("position"),
        to_field_name="slug",
        empty_label=_("Semua instansi"),
        **kwargs,
    )


class ListedIterator(django_filters.fields.ModelChoiceIterator):
    def __iter__(self):
        yield "", self.field.empty_label
        for row in self.field.listed:
            yield self.choice(row)


class ListedChoiceField(django_filters.fields.ModelChoiceField):
    """The rows to choose from are read once, for showing them and for finding the chosen one: what
    is chosen costs no query of its own."""

    iterator = ListedIterator

    @cached_property
    def listed(self) -> list[Model]:
        return list(self.queryset)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        name = self.to_field_name or "pk"
        for row in self.listed:
            if str(getattr(row, name)) == str(value):
                return row
        raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")


class ListedChoice(django_filters.ModelChoiceFilter):
    field_class = ListedChoiceField


class Day(django_filters.DateFilter):
    """From midnight WITA of that day; `until=True` to the end of it."""

    def __init__(self, *, until: bool = False, **kwargs):
        super().__init__(widget=DateInput, **kwargs)
        self.until = until

    def filter(self, rows: QuerySet, value) -> QuerySet:
        if value is None:
            return rows
        start, end = clock.day_bounds(value)
        if self.until:
            return rows.filter(**{f"{self.field_name}__lt": end})
        return rows.filter(**{f"{self.field_name}__gte": start})
