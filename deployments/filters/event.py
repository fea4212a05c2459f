"""Events that certify readiness."""

import django_filters
from django.utils.translation import gettext_lazy as _

from deployments.enums import EventKind, EventState
from deployments.filters.parts import agencies
from deployments.models import CertifyingEvent


class EventFilter(django_filters.FilterSet):
    agency = django_filters.ModelChoiceFilter(
        label=_("Penyelenggara"), queryset=agencies, to_field_name="slug", empty_label=_("Semua")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Jenis"), choices=EventKind.choices, empty_label=_("Semua")
    )
    state = django_filters.ChoiceFilter(
        label=_("Status"), choices=EventState.choices, empty_label=_("Semua")
    )

    class Meta:
        model = CertifyingEvent
        fields = ["agency", "kind", "state"]
