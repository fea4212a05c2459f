from rest_framework import mixins, serializers

from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.registry import filters
from portal.registry.models import Agency, Figure, Holiday, Operation, Region, Stage, Unit

READ = {"list": Permission.REGISTRY_VIEW, "retrieve": Permission.REGISTRY_VIEW}


class ReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """List and retrieve, for everyone who is signed in."""

    needs = READ


class FigureSerializer(serializers.ModelSerializer):
    operation = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Figure
        fields = ["kind", "value", "operation", "as_of", "source", "quality", "final"]


class RegionSerializer(serializers.ModelSerializer):
    figures = FigureSerializer(many=True, read_only=True)

    class Meta:
        model = Region
        fields = [
            "code",
            "level",
            "kind",
            "name",
            "short_name",
            "capital",
            "parent",
            "area_km2",
            "latitude",
            "longitude",
            "figures",
        ]


class AgencySerializer(serializers.ModelSerializer):
    class Meta:
        model = Agency
        fields = ["slug", "name", "short_name", "name_en", "kind", "head_title", "position"]


class UnitSerializer(serializers.ModelSerializer):
    agency = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    parent = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    districts = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)

    class Meta:
        model = Unit
        fields = [
            "slug",
            "agency",
            "parent",
            "path",
            "name",
            "short_name",
            "kind",
            "seat",
            "districts",
            "source",
            "quality",
        ]


class OperationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Operation
        fields = [
            "slug",
            "name",
            "code_name",
            "kind",
            "region",
            "starts_on",
            "ends_on",
            "description",
            "source",
        ]


class StageSerializer(serializers.ModelSerializer):
    operation = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Stage
        fields = [
            "id",
            "operation",
            "key",
            "name",
            "name_en",
            "starts_at",
            "ends_at",
            "security_focus",
            "track",
            "source",
            "quality",
        ]


class HolidaySerializer(serializers.ModelSerializer):
    class Meta:
        model = Holiday
        fields = ["id", "date", "name", "kind", "is_working", "source"]


class RegionViewSet(ReadViewSet):
    queryset = Region.objects.prefetch_related("figures__operation").order_by("code")
    lookup_field = "code"
    serializer_class = RegionSerializer
    filterset_class = filters.RegionFilter
    lookup_value_regex = r"[0-9.]+"


class AgencyViewSet(ReadViewSet):
    queryset = Agency.objects.order_by("position")
    serializer_class = AgencySerializer
    filterset_class = filters.AgencyFilter
    lookup_field = "slug"


class UnitViewSet(ReadViewSet):
    queryset = (
        Unit.objects.filter(is_active=True)
        .select_related("agency", "parent")
        .prefetch_related("districts")
        .order_by("path")
    )
    serializer_class = UnitSerializer
    filterset_class = filters.UnitFilter
    lookup_field = "slug"


class OperationViewSet(ReadViewSet):
    queryset = Operation.objects.order_by("starts_on")
    serializer_class = OperationSerializer
    lookup_field = "slug"


class StageViewSet(ReadViewSet):
    queryset = Stage.objects.select_related("operation").order_by("starts_at", "position")
    serializer_class = StageSerializer
    filterset_class = filters.StageFilter


class HolidayViewSet(ReadViewSet):
    """Days that the plain week would get wrong: without work, or (`is_working`) with it."""

    queryset = Holiday.objects.in_use().order_by("date")
    serializer_class = HolidaySerializer
    filterset_class = filters.HolidayFilter


ROUTES = [
    ("agencies", AgencyViewSet, "agency"),
    ("units", UnitViewSet, "unit"),
    ("regions", RegionViewSet, "region"),
    ("operations", OperationViewSet, "operation"),
    ("stages", StageViewSet, "stage"),
    ("holidays", HolidayViewSet, "holiday"),
]
