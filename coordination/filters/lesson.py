"""The filter of problems and lessons."""

import django_filters
from django.utils.translation import gettext_lazy as _

from coordination.enums import (
    LessonKind,
    LessonState,
)
from coordination.filters.parts import Words, agency_choice
from coordination.models import Lesson
from portal.registry.models import Operation


class LessonFilter(django_filters.FilterSet):
    q = Words("title", "text", "follow_up")
    kind = django_filters.ChoiceFilter(
        label=_("Jenis"), choices=LessonKind.choices, empty_label=_("Semua jenis")
    )
    state = django_filters.ChoiceFilter(
        label=_("Keadaan"), choices=LessonState.choices, empty_label=_("Semua keadaan")
    )
    agency = agency_choice(label=_("Penanggung jawab"), field_name="owner_agency")
    operation = django_filters.ModelChoiceFilter(
        label=_("Operasi"),
        queryset=Operation.objects.all(),
        to_field_name="slug",
        empty_label=_("Semua operasi"),
    )

    class Meta:
        model = Lesson
        fields: list[str] = []
