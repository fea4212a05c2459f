from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from deployments import queries
from deployments.enums import TagVariable, TpsClass
from deployments.filters import StationFilter
from deployments.models import GuardPattern, StationIndicator, StationTag
from deployments.queries.need_rows import BELOW
from deployments.queries.stations import both_sides
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.registry.enums import PROVINCE
from portal.registry.models import Operation, PollingStation, Region
from portal.registry.queries import current_operation


def asked_operation(slug: str | None, actor: Any) -> Operation:
    """The operation with that slug; without it the running one."""
    rows = Operation.objects.visible_to(actor)
    if slug:
        return get_object_or_404(rows, slug=slug)
    running = current_operation(clock.now())
    return get_object_or_404(rows, pk=getattr(running, "pk", None))


class StationTagSerializer(serializers.ModelSerializer):
    indicator = serializers.CharField(source="indicator_id", read_only=True)
    variable = serializers.ChoiceField(source="indicator.variable", choices=TagVariable.choices)

    class Meta:
        model = StationTag
        fields = ("indicator", "variable", "note", "recorded_at", "illustrative")
        read_only_fields = fields


class PollingStationSerializer(serializers.ModelSerializer):
    """A polling station with the police's class (null: not classified) and the supervisors' tags,
    each kept by its owner alone. `class_row`: the id of that class, to be sent as `seen`."""

    operation = serializers.SlugRelatedField("slug", read_only=True)
    district = serializers.CharField(source="district_id", read_only=True)
    village = serializers.CharField(source="village_id", read_only=True, allow_null=True)
    police_class = serializers.ChoiceField(choices=TpsClass.choices, allow_null=True)
    class_row = serializers.IntegerField(source="class_id", allow_null=True, read_only=True)
    tags = StationTagSerializer(source="standing_tags", many=True, read_only=True)

    class Meta:
        model = PollingStation
        fields = (
            "id",
            "operation",
            "code",
            "number",
            "name",
            "district",
            "village",
            "latitude",
            "longitude",
            "voters",
            "police_class",
            "class_row",
            "tags",
            "source",
            "as_of",
            "quality",
            "illustrative",
        )
        read_only_fields = fields


class PollingStationReading(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """The polling stations of an operation, with the filter of the page: `q`, `region` (and what is
    inside it), `tps_class`, `tag`, `disagrees`, `operation`."""

    queryset = PollingStation.objects.all()
    serializer_class = PollingStationSerializer
    filter_backends = []
    needs = {"list": Permission.DEPLOYMENT_VIEW, "retrieve": Permission.DEPLOYMENT_VIEW}

    def list(self, request: Request) -> Response:
        """The stations of the running operation, or of the one named."""
        rows = self._found(request, request.query_params)[1]
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def _found(self, request: Request, data: Any) -> tuple[Operation, Any]:
        """The operation, and its stations that the filter in `data` selects."""
        operation = asked_operation(data.get("operation"), self.actor)
        at = queries.moment_in(operation, clock.now())
        rows = self._sides(super().get_queryset().of(operation), at)
        found = StationFilter(data, rows, request=request, at=at)
        if not found.form.is_valid():
            raise serializers.ValidationError(found.form.errors)
        return operation, found.qs

    def get_object(self) -> PollingStation:
        rows = super().get_queryset()
        plain = get_object_or_404(rows.select_related("operation"), pk=self.kwargs["pk"])
        at = queries.moment_in(plain.operation, clock.now())
        return get_object_or_404(self._sides(rows, at), pk=plain.pk)

    def _sides(self, rows: Any, at: Any) -> Any:
        tags = StationTag.objects.standing(at).select_related("indicator")
        return (
            both_sides(rows, at)
            .select_related("operation")
            .prefetch_related(
                Prefetch("tags", tags.order_by("indicator__position"), to_attr="standing_tags")
            )
            .order_by("code")
        )


class StationIndicatorSerializer(serializers.ModelSerializer):
    class Meta:
        model = StationIndicator
        fields = ("key", "variable", "name", "name_en", "source")
        read_only_fields = fields


class StationIndicatorViewSet(mixins.ListModelMixin, ScopedViewSet):
    """The supervisors' 28 indicators of a vulnerable station under their 8 variables."""

    queryset = StationIndicator.objects.order_by("position")
    serializer_class = StationIndicatorSerializer
    needs = {"list": Permission.DEPLOYMENT_VIEW}


class NeedQuery(serializers.Serializer):
    """What a need may be asked for."""

    operation = serializers.SlugRelatedField(
        "slug", queryset=Operation.objects.all(), required=False, default=None
    )
    region = serializers.PrimaryKeyRelatedField(
        queryset=Region.objects.filter(level__in=BELOW), required=False, default=None
    )
    at = serializers.DateTimeField(required=False, default=None)


class NeedPartSerializer(serializers.Serializer):
    """Stations that are rounded up together. Null: no class or no pattern yet."""

    unit = serializers.CharField()
    region_name = serializers.CharField()
    tps_class = serializers.CharField(allow_blank=True)
    stations = serializers.IntegerField()
    pattern = serializers.CharField(allow_blank=True)
    teams = serializers.IntegerField(allow_null=True)
    police = serializers.IntegerField(allow_null=True)


class NeedRowSerializer(serializers.Serializer):
    """One region. Stations, officers, linmas; null: not known. `gap` = `need` − `engaged`: positive
    is short, negative is surplus. `ikp` in hundredths of a point. `unknown`: stations without class
    or pattern, in no need."""

    region = serializers.CharField()
    region_name = serializers.CharField()
    level = serializers.CharField()
    undistributed = serializers.BooleanField()
    stations = serializers.IntegerField()
    by_class = serializers.DictField(child=serializers.IntegerField())
    unclassified = serializers.IntegerField()
    unknown = serializers.IntegerField()
    need = serializers.IntegerField(allow_null=True)
    engaged = serializers.IntegerField()
    gap = serializers.IntegerField(allow_null=True)
    linmas = serializers.IntegerField()
    ikp = serializers.IntegerField(allow_null=True)


class NeedTableSerializer(serializers.Serializer):
    """The region's parts, the region itself, and how the need comes about. Rounded up once per
    Polres, regency and class; a district rounds up on its own, so that `rows` need not add up."""

    at = serializers.DateTimeField()
    agency = serializers.CharField(source="agency.slug", allow_null=True, default=None)
    counted = serializers.BooleanField()
    total = NeedRowSerializer()
    rows = NeedRowSerializer(many=True)
    parts = NeedPartSerializer(many=True)


class GuardNeedViewSet(ScopedViewSet):
    """Officers and linmas that the polling stations need, against who is engaged."""

    queryset = GuardPattern.objects.none()
    serializer_class = NeedTableSerializer
    needs = {"list": Permission.DEPLOYMENT_VIEW}
    filter_backends = []
    pagination_class = None

    @extend_schema(parameters=[NeedQuery], responses=NeedTableSerializer)
    def list(self, request: Request) -> Response:
        """A province by regency, or a regency by district; without `at` now, within the
        operation's days."""
        asked = NeedQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        operation = values["operation"] or asked_operation(None, self.actor)
        region = values["region"] or get_object_or_404(Region, pk=PROVINCE)
        at = values["at"] or queries.moment_in(operation, clock.now())
        return Response(NeedTableSerializer(queries.need_table(operation, at, region)).data)
