import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.registry.enums import AgencyKind, HolidayKind, PlaceKind, RegionKind, UnitKind
from portal.registry.models import Agency, Holiday, Operation, Place, Region, Stage, Unit


class RegionFilter(django_filters.FilterSet):
    level = django_filters.ChoiceFilter(label=_("Tingkat"), choices=Region.Level.choices)
    kind = django_filters.ChoiceFilter(label=_("Jenis"), choices=RegionKind.choices)
    parent = django_filters.ModelChoiceFilter(
        label=_("Kode induk"), queryset=Region.objects.exclude(level=Region.Level.VILLAGE)
    )
    within = django_filters.ModelChoiceFilter(
        label=_("Di dalam wilayah"), queryset=Region.objects.all(), method="inside"
    )
    q = django_filters.CharFilter(
        label=_("Nama memuat"), field_name="name", lookup_expr="icontains"
    )

    class Meta:
        model = Region
        fields: list[str] = []

    def inside(self, queryset, name, value: Region):
        return queryset.within(value.code)


class AgencyFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Jenis"), choices=AgencyKind.choices)
    q = django_filters.CharFilter(
        label=_("Nama memuat"), field_name="name", lookup_expr="icontains"
    )

    class Meta:
        model = Agency
        fields: list[str] = []


class UnitFilter(django_filters.FilterSet):
    agency = django_filters.ModelChoiceFilter(
        label=_("Kode instansi"), queryset=Agency.objects.all(), to_field_name="slug"
    )
    parent = django_filters.ModelChoiceFilter(
        label=_("Kode satuan induk"), queryset=Unit.objects.all(), to_field_name="slug"
    )
    kind = django_filters.ChoiceFilter(label=_("Jenis"), choices=UnitKind.choices)
    region = django_filters.ModelChoiceFilter(
        label=_("Kode wilayah kerja"),
        queryset=Region.objects.exclude(level=Region.Level.VILLAGE),
        method="in_region",
    )
    q = django_filters.CharFilter(
        label=_("Nama memuat"), field_name="name", lookup_expr="icontains"
    )

    class Meta:
        model = Unit
        fields: list[str] = []

    def in_region(self, queryset, name, value: Region):
        """Units that work in the region or in any district of it."""
        here = Q(coverage__district=value) | Q(coverage__district__code__startswith=f"{value.pk}.")
        return queryset.filter(here).distinct()


class StageFilter(django_filters.FilterSet):
    operation = django_filters.ModelChoiceFilter(
        label=_("Kode operasi"), queryset=Operation.objects.all(), to_field_name="slug"
    )
    running_at = django_filters.IsoDateTimeFilter(label=_("Berjalan pada"), method="at")

    class Meta:
        model = Stage
        fields: list[str] = []

    def at(self, queryset, name, value):
        return queryset.running(value)


class HolidayFilter(django_filters.FilterSet):
    year = django_filters.NumberFilter(
        label=_("Tahun"), field_name="date", lookup_expr="year", min_value=2000, max_value=2100
    )
    kind = django_filters.ChoiceFilter(label=_("Jenis"), choices=HolidayKind.choices)

    class Meta:
        model = Holiday
        fields: list[str] = []


class PlaceFilter(django_filters.FilterSet):
    operation = django_filters.ModelChoiceFilter(
        label=_("Operasi"), queryset=Operation.objects.all(), to_field_name="slug"
    )
    kind = django_filters.ChoiceFilter(label=_("Jenis"), choices=PlaceKind.choices)
    region = django_filters.ModelChoiceFilter(
        label=_("Di dalam wilayah"), queryset=Region.objects.all(), method="inside"
    )
    q = django_filters.CharFilter(
        label=_("Nama memuat"), field_name="name", lookup_expr="icontains"
    )

    class Meta:
        model = Place
        fields: list[str] = []

    def inside(self, queryset, name, value: Region):
        return queryset.within(value.code)
