from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from deployments import queries
from deployments.api.personnel import PersonnelSerializer
from deployments.exports.daily import daily_pdf
from deployments.models import Rollup
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.audit.record import record_read
from portal.documents.download import PDF_TYPE, AnyFile, download
from portal.registry.enums import PROVINCE
from portal.registry.models import Agency, Operation, Region, Unit
from portal.registry.queries import current_operation


class DailyQuery(serializers.Serializer):
    """What a daily report may be asked for. `unit`: it and all below it, instead of an agency."""

    region = serializers.PrimaryKeyRelatedField(
        queryset=Region.objects.filter(level__in=queries.LEVELS), required=False, default=None
    )
    agency = serializers.SlugRelatedField(
        "slug", queryset=Agency.objects.all(), required=False, default=None
    )
    unit = serializers.SlugRelatedField(
        "slug",
        queryset=Unit.objects.select_related("agency"),
        required=False,
        default=None,
    )
    at = serializers.DateTimeField(required=False, default=None)


class DailyStrengthSerializer(serializers.Serializer):
    """Persons of a region; null: not known."""

    region = serializers.CharField()
    region_name = serializers.CharField()
    undistributed = serializers.BooleanField()
    declared = serializers.IntegerField()
    engaged = serializers.IntegerField()
    standby = serializers.IntegerField()
    reserve = serializers.IntegerField()
    not_itemised = serializers.IntegerField()
    need = serializers.IntegerField(allow_null=True)
    gap = serializers.IntegerField(allow_null=True)


class DailyReadinessSerializer(serializers.Serializer):
    """Reports of a region or a unit, and the persons in those received."""

    key = serializers.CharField()
    name = serializers.CharField()
    light = serializers.CharField(allow_blank=True)
    expected = serializers.IntegerField()
    received = serializers.IntegerField()
    late = serializers.IntegerField()
    missing = serializers.IntegerField()
    verified = serializers.IntegerField()
    present = serializers.IntegerField()
    total = serializers.IntegerField()
    conflicts = serializers.IntegerField()


class SilentSerializer(serializers.Serializer):
    unit = serializers.CharField()
    agency = serializers.CharField()
    due_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)


class DailyMoveSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    unit = serializers.CharField()
    region = serializers.CharField()
    people = serializers.IntegerField()
    task = serializers.CharField()
    state = serializers.CharField()
    sprin = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    illustrative = serializers.BooleanField()


class RemarkSerializer(serializers.Serializer):
    """`kind`: oddity, conflict or note."""

    kind = serializers.CharField()
    where = serializers.CharField()
    text = serializers.CharField()


class SectionSerializer(serializers.Serializer):
    """A table that another part of the portal adds, as it is printed; `key` names it."""

    key = serializers.CharField()
    title = serializers.CharField()
    heads = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class DailyReportSerializer(serializers.Serializer):
    """The daily report. `strength` and `readiness` are shared figures, the region or unit itself
    in `whole` and `readiness_whole`; the lists hold what is in sight."""

    at = serializers.DateTimeField()
    cut_off_at = serializers.DateTimeField(allow_null=True)
    as_of = serializers.DateTimeField(allow_null=True)
    region = serializers.CharField(source="region.code")
    expected = serializers.IntegerField()
    received = serializers.IntegerField()
    strength = DailyStrengthSerializer(many=True)
    whole = DailyStrengthSerializer(allow_null=True)
    readiness = DailyReadinessSerializer(many=True, source="recap.rows")
    readiness_whole = DailyReadinessSerializer(allow_null=True, source="recap.whole")
    personnel = PersonnelSerializer()
    silent = SilentSerializer(many=True)
    late = SilentSerializer(many=True)
    moves = DailyMoveSerializer(many=True)
    remarks = RemarkSerializer(many=True)
    sections = SectionSerializer(many=True)


class DailyReportViewSet(ScopedViewSet):
    """The daily report (laporan harian) of a region or unit, as figures and as PDF."""

    queryset = Rollup.objects.none()
    serializer_class = DailyReportSerializer
    needs = {"list": Permission.ROLLUP_VIEW, "pdf": Permission.EXPORT_CREATE}
    filter_backends = []
    pagination_class = None

    @extend_schema(parameters=[DailyQuery], responses=DailyReportSerializer)
    def list(self, request: Request) -> Response:
        """The report at a moment; without `at` now."""
        return Response(DailyReportSerializer(self._report(request)).data)

    @extend_schema(
        parameters=[DailyQuery], request=None, responses={(200, PDF_TYPE): OpenApiTypes.BINARY}
    )
    @action(detail=False, methods=["get"], renderer_classes=[AnyFile])
    def pdf(self, request: Request) -> Any:
        """The same report as PDF/A; the download is recorded."""
        report = self._report(request)
        at = clock.now()
        record_read(report.operation, by=self.actor, at=at, verb="daily_print")
        name, pdf = daily_pdf(report, reader=self.actor, at=at)
        return download(pdf, PDF_TYPE, name)

    def _report(self, request: Request) -> queries.DailyReport:
        asked = DailyQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        values, now = asked.validated_data, clock.now()
        at = min(values["at"] or now, now)
        operation = get_object_or_404(
            Operation.objects.visible_to(self.actor), pk=getattr(current_operation(at), "pk", None)
        )
        return queries.daily_report(
            self.actor,
            operation,
            at,
            within=values["region"] or get_object_or_404(Region, pk=PROVINCE),
            agency=values["agency"].slug if values["agency"] else "",
            unit=values["unit"],
        )
