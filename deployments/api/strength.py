from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from deployments import queries
from deployments.models import Deployment, DeploymentMove, Rollup
from deployments.queries.group_lights import group_light, held_of
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.registry.models import Agency, Operation, Region
from portal.registry.queries import current_operation


class DeploymentMoveSerializer(serializers.ModelSerializer):
    """One step in the life of a deployment: from which state to which, when, by which post."""

    by = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = DeploymentMove
        fields = ("from_state", "to_state", "moved_at", "by", "note")
        read_only_fields = fields


class DeploymentSerializer(serializers.ModelSerializer):
    """A placed part of an agency's strength. Persons; `listed`: how many are on its roster."""

    agency = serializers.SlugRelatedField("slug", read_only=True)
    unit = serializers.SlugRelatedField("slug", read_only=True)
    controller = serializers.SlugRelatedField("slug", read_only=True)
    region = serializers.CharField(source="region_id", read_only=True)
    stage = serializers.SlugRelatedField("key", read_only=True)
    in_charge = serializers.SlugRelatedField("slug", read_only=True)
    moves = DeploymentMoveSerializer(many=True, read_only=True)
    listed = serializers.IntegerField(read_only=True)

    class Meta:
        model = Deployment
        fields = (
            "id",
            "agency",
            "unit",
            "region",
            "personnel",
            "status",
            "state",
            "controller",
            "place",
            "task_force",
            "function",
            "stage",
            "task",
            "in_charge",
            "contact",
            "sprin_number",
            "sprin_date",
            "starts_on",
            "ends_on",
            "source",
            "as_of",
            "quality",
            "illustrative",
            "version",
            "listed",
            "moves",
        )
        read_only_fields = fields


class RollupQuery(serializers.Serializer):
    """What a roll-up may be asked for."""

    level = serializers.ChoiceField(choices=queries.LEVELS, default=Region.Level.REGENCY)
    agency = serializers.SlugRelatedField(
        "slug", queryset=Agency.objects.all(), required=False, default=None
    )
    region = serializers.PrimaryKeyRelatedField(
        queryset=Region.objects.exclude(level=Region.Level.VILLAGE), required=False, default=None
    )
    operation = serializers.SlugRelatedField(
        "slug", queryset=Operation.objects.all(), required=False, default=None
    )
    at = serializers.DateTimeField(required=False, default=None)


class StatesSerializer(serializers.Serializer):
    """Expected reports, each counted in one of these; they add up to `expected_reports`."""

    waiting = serializers.IntegerField()
    missing = serializers.IntegerField()
    late = serializers.IntegerField()
    partial = serializers.IntegerField()
    complete = serializers.IntegerField()
    conflict = serializers.IntegerField()
    quarantined = serializers.IntegerField()


class GroupLightSerializer(serializers.Serializer):
    """One group of the report form: its light, and the numbers of reports behind it."""

    group = serializers.CharField()
    light = serializers.CharField(allow_null=True)
    ready = serializers.IntegerField()
    conditional = serializers.IntegerField()
    not_ready = serializers.IntegerField()
    silent = serializers.IntegerField()
    mandatory = serializers.BooleanField()


LIGHT_COUNTS = ("ready", "conditional", "not_ready", "silent")


class RollupSerializer(serializers.Serializer):
    """One agency in one region. Persons and numbers of reports; null: not known.

    `declared` = `engaged` + `standby` + `reserve` + `not_itemised`. `gap` = `need` − `engaged`:
    positive is short, negative is surplus; `need` is police at polling stations by the guarding
    patterns. `undistributed` rows hold what a wider region does not itemise by its parts: only with
    them do the rows of a level add up. `total`, `present` and `reported_*` add up the readiness
    reports received for `cut_off_at`; who has not reported is in no sum.
    """

    region = serializers.CharField()
    region_name = serializers.CharField()
    region_level = serializers.ChoiceField(choices=queries.LEVELS)
    undistributed = serializers.BooleanField()
    agency = serializers.CharField()
    declared = serializers.IntegerField()
    engaged = serializers.IntegerField()
    standby = serializers.IntegerField()
    reserve = serializers.IntegerField()
    not_itemised = serializers.IntegerField()
    need = serializers.IntegerField(allow_null=True)
    gap = serializers.IntegerField(allow_null=True)
    expected_reports = serializers.IntegerField()
    received_reports = serializers.IntegerField()
    late_reports = serializers.IntegerField()
    missing_reports = serializers.IntegerField()
    states = StatesSerializer(allow_null=True)
    groups = serializers.SerializerMethodField()
    total = serializers.IntegerField()
    present = serializers.IntegerField()
    reported_engaged = serializers.IntegerField()
    reported_standby = serializers.IntegerField()
    reported_reserve = serializers.IntegerField()
    light = serializers.CharField(allow_blank=True)
    silent_since = serializers.DateTimeField(allow_null=True)
    conflict = serializers.BooleanField()
    cut_off_at = serializers.DateTimeField(allow_null=True)
    as_of = serializers.DateTimeField(allow_null=True)
    final = serializers.BooleanField()
    sources = serializers.SerializerMethodField()
    reports = serializers.SerializerMethodField()

    @extend_schema_field(GroupLightSerializer(many=True))
    def get_groups(self, row: queries.RollupRow) -> list[dict[str, Any]]:
        """The lights of the groups of the reports received, each by its own thresholds."""
        return [
            {
                "group": key,
                "light": group_light(
                    key,
                    row.groups,
                    expected=row.expected_reports,
                    received=row.received_reports,
                    by=row.scales,
                    held=held_of(row.states),
                ),
                **{name: counts[name] for name in LIGHT_COUNTS},
                "mandatory": counts["mandatory"] > 0,
            }
            for key, counts in row.groups.items()
        ]

    @extend_schema_field(serializers.URLField())
    def get_sources(self, row: queries.RollupRow) -> str:
        """The deployments behind the strength."""
        at: datetime = self.context["at"]
        query = {"agency": row.agency, "region": row.region, "at": at.isoformat()}
        return self._link("deployment-list", query)

    @extend_schema_field(serializers.URLField())
    def get_reports(self, row: queries.RollupRow) -> str:
        """The readiness reports behind the rest."""
        query = {"agency": row.agency, "region": row.region}
        if row.cut_off_at:
            query["cut_off_at"] = row.cut_off_at.isoformat()
        return self._link("readiness-report-list", query)

    def _link(self, name: str, query: dict[str, str]) -> str:
        return self.context["request"].build_absolute_uri(f"{reverse(name)}?{urlencode(query)}")


class RollupViewSet(ScopedViewSet):
    """Strength and readiness rolled up: kecamatan → kabupaten/kota → province, per agency. The
    totals are shared with everyone at the table; the rows behind them are not."""

    queryset = Rollup.objects.none()
    serializer_class = RollupSerializer
    needs = {"list": Permission.ROLLUP_VIEW}
    filter_backends = []

    @extend_schema(parameters=[RollupQuery], responses=RollupSerializer(many=True))
    def list(self, request: Request) -> Response:
        """The figures at a moment; without `at` now."""
        asked = RollupQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        at = values["at"] or clock.now()
        operation = values["operation"] or get_object_or_404(
            Operation.objects.visible_to(self.actor), pk=getattr(current_operation(at), "pk", None)
        )
        rows = queries.rollup_rows(
            operation,
            level=values["level"],
            agency_slug=values["agency"].slug if values["agency"] else None,
            at=at,
            within=values["region"].pk if values["region"] else None,
        )
        page = self.paginate_queryset(rows)
        context = {**self.get_serializer_context(), "at": at}
        return self.get_paginated_response(RollupSerializer(page, many=True, context=context).data)
