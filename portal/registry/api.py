from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.registry import actions, filters
from portal.registry.enums import PlaceKind, Quality
from portal.registry.models import Agency, Figure, Holiday, Operation, Place, Region, Stage, Unit
from portal.registry.queries import current_operation
from portal.web.idempotency import api_once

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


class PlaceSerializer(serializers.ModelSerializer):
    """A place below the district at which people are put."""

    operation = serializers.SlugRelatedField("slug", read_only=True)
    agency = serializers.SlugRelatedField("slug", read_only=True)
    district = serializers.CharField(source="district_id", read_only=True)

    class Meta:
        model = Place
        fields = [
            "id", "operation", "kind", "name", "district", "agency", "latitude", "longitude",
            "is_active", "source", "as_of", "quality", "illustrative",
        ]  # fmt: skip
        read_only_fields = fields


class PlaceWriteSerializer(serializers.Serializer):
    """A new place of the running operation. Many at once come as a file, see `imports`."""

    kind = serializers.ChoiceField(choices=PlaceKind.choices)
    name = serializers.CharField(max_length=160)
    district = serializers.PrimaryKeyRelatedField(queryset=Region.objects.districts())
    agency = serializers.SlugRelatedField("slug", queryset=Agency.objects.all())
    latitude = serializers.FloatField(min_value=-90, max_value=90, allow_null=True, default=None)
    longitude = serializers.FloatField(min_value=-180, max_value=180, allow_null=True, default=None)
    source = serializers.CharField(max_length=200)
    as_of = serializers.DateField()
    quality = serializers.ChoiceField(choices=Quality.choices, default=Quality.REPORTED)


class PlaceViewSet(ReadViewSet):
    """Posko, groups of polling stations, warehouses and offices."""

    queryset = Place.objects.select_related("operation", "agency").order_by("district_id", "pk")
    serializer_class = PlaceSerializer
    filterset_class = filters.PlaceFilter
    needs = READ | {"create": Permission.PLACE_EDIT}

    @extend_schema(request=PlaceWriteSerializer, responses={201: PlaceSerializer})
    def create(self, request: Request) -> Response:
        """Register a place; the same one twice is refused."""
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        given = PlaceWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        at = clock.now()
        operation = get_object_or_404(
            Operation.objects.visible_to(self.actor), pk=getattr(current_operation(at), "pk", None)
        )
        made = actions.add_place(operation, given.validated_data, by=self.actor, at=at)
        return Response(PlaceSerializer(made).data, status=201)


ROUTES = [
    ("agencies", AgencyViewSet, "agency"),
    ("units", UnitViewSet, "unit"),
    ("regions", RegionViewSet, "region"),
    ("operations", OperationViewSet, "operation"),
    ("stages", StageViewSet, "stage"),
    ("holidays", HolidayViewSet, "holiday"),
    ("places", PlaceViewSet, "place"),
]
