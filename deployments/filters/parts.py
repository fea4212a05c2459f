"""What several filters share."""

import django_filters

from portal import clock
from portal.registry.models import Agency, Region


def agencies(request):
    return Agency.objects.order_by("position")


def regencies(request):
    return Region.objects.filter(level__in=["province", "regency"]).order_by("code")


class WithinMixin(django_filters.FilterSet):
    """`region` takes a code and everything inside it."""

    def by_region(self, rows, name, value):
        return rows.within(value.code)

    def by_day(self, rows, name, value):
        return rows.filter(cut_off_at__range=clock.day_bounds(value))
