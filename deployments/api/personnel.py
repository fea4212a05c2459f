from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from deployments import queries
from deployments.models import ReadinessReport
from deployments.queries.personnel import FIGURES
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.registry.enums import PROVINCE
from portal.registry.models import Agency, Operation, Region, Unit
from portal.registry.queries import current_operation


class PersonnelQuery(serializers.Serializer):
    """Whose people at which moment. A region below the province is told by units."""

    by = serializers.ChoiceField(choices=("region", "unit"), default="region")
    region = serializers.PrimaryKeyRelatedField(
        queryset=Region.objects.filter(level__in=queries.LEVELS), required=False, default=None
    )
    agency = serializers.SlugRelatedField(
        "slug", queryset=Agency.objects.all(), required=False, default=None
    )
    unit = serializers.SlugRelatedField(
        "slug", queryset=Unit.objects.all(), required=False, default=None
    )
    at = serializers.DateTimeField(required=False, default=None)


class PersonnelFiguresSerializer(serializers.Serializer):
    """Persons. `total` = `present` + `absent`, and `absent` adds up the eight reasons that follow
    it; null: a unit did not say, or no report has come."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {name: serializers.IntegerField(allow_null=True) for name in FIGURES}


class PersonnelRowSerializer(serializers.Serializer):
    """A region or unit with the sums of the reports that count there."""

    key = serializers.CharField()
    name = serializers.CharField()
    agency = serializers.CharField(allow_blank=True)
    undistributed = serializers.BooleanField(source="rest")
    expected = serializers.IntegerField()
    received = serializers.IntegerField()
    late = serializers.IntegerField()
    figures = PersonnelFiguresSerializer()
    as_of = serializers.DateTimeField(allow_null=True)
    illustrative = serializers.BooleanField()


class PersonnelSerializer(serializers.Serializer):
    """Kuat personel at a moment; `whole` adds up `rows`."""

    at = serializers.DateTimeField()
    cut_off_at = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField()
    rows = PersonnelRowSerializer(many=True)
    whole = PersonnelRowSerializer(allow_null=True)


class PersonnelViewSet(ScopedViewSet):
    """Rekapitulasi kuat personel: present, absent and why, out of the reports in sight."""

    queryset = ReadinessReport.objects.none()
    serializer_class = PersonnelSerializer
    needs = {"list": Permission.READINESS_VIEW}
    filter_backends = []
    pagination_class = None

    @extend_schema(parameters=[PersonnelQuery], responses=PersonnelSerializer)
    def list(self, request: Request) -> Response:
        """Without `at` now."""
        asked = PersonnelQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        values, now = asked.validated_data, clock.now()
        at = min(values["at"] or now, now)
        operation = get_object_or_404(
            Operation.objects.visible_to(self.actor), pk=getattr(current_operation(at), "pk", None)
        )
        table = queries.personnel_table(
            self.actor,
            operation,
            at,
            by=values["by"],
            within=values["region"] or get_object_or_404(Region, pk=PROVINCE),
            agency=values["agency"].slug if values["agency"] else "",
            unit=values["unit"],
        )
        return Response(PersonnelSerializer(table).data)
