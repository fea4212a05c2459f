"""A roster is read one placement at a time."""

import django_filters
from django.utils.translation import gettext_lazy as _

from deployments.models import RosterMember


class RosterFilter(django_filters.FilterSet):
    deployment = django_filters.NumberFilter(
        label=_("Nomor penempatan"), required=True, max_value=2**31 - 1, min_value=1
    )

    class Meta:
        model = RosterMember
        fields = ["deployment"]
