"""The filter of the list of rakor."""

import django_filters
from django.utils.translation import gettext_lazy as _

from coordination.enums import (
    MeetingKind,
    MeetingState,
)
from coordination.filters.parts import Day, Words
from coordination.models import Meeting


class MeetingFilter(django_filters.FilterSet):
    q = Words("title", "number", "place")
    kind = django_filters.ChoiceFilter(
        label=_("Jenis"), choices=MeetingKind.choices, empty_label=_("Semua jenis")
    )
    state = django_filters.ChoiceFilter(
        label=_("Keadaan"), choices=MeetingState.choices, empty_label=_("Semua keadaan")
    )
    starts_from = Day(label=_("Sejak"), field_name="starts_at")
    starts_until = Day(label=_("Sampai"), field_name="starts_at", until=True)

    class Meta:
        model = Meeting
        fields: list[str] = []
