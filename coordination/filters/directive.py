"""The filter of the list of directives."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.enums import (
    DirectiveKind,
    DirectiveState,
    Priority,
)
from coordination.filters.parts import Words
from coordination.models import Directive


class DirectiveFilter(django_filters.FilterSet):
    q = Words("title", "number", "text")
    kind = django_filters.ChoiceFilter(
        label=_("Jenis"), choices=DirectiveKind.choices, empty_label=_("Semua jenis")
    )
    priority = django_filters.ChoiceFilter(
        label=_("Derajat"), choices=Priority.choices, empty_label=_("Semua derajat")
    )
    state = django_filters.ChoiceFilter(
        label=_("Keadaan"), choices=DirectiveState.choices, empty_label=_("Semua keadaan")
    )
    meeting = django_filters.NumberFilter(
        field_name="meeting_id",
        label=_("Rakor"),
        widget=forms.HiddenInput,
        min_value=1,
        max_value=2**31 - 1,
    )

    class Meta:
        model = Directive
        fields: list[str] = []
