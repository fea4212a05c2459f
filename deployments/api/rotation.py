from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from deployments import queries
from deployments.enums import DeploymentState, TaskForce
from deployments.models import Deployment
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.registry.enums import PROVINCE
from portal.registry.models import Operation, Region
from portal.registry.queries import current_operation


class RotationQuery(serializers.Serializer):
    """What a rotation plan may be asked for. Days outside the operation are cut off."""

    region = serializers.PrimaryKeyRelatedField(
        queryset=Region.objects.exclude(level=Region.Level.VILLAGE), required=False, default=None
    )
    task_force = serializers.ChoiceField(choices=TaskForce.choices, required=False, default="")
    function = serializers.CharField(max_length=80, required=False, default="")
    state = serializers.ChoiceField(choices=DeploymentState.choices, required=False, default="")
    first = serializers.DateField(required=False, default=None)
    last = serializers.DateField(required=False, default=None)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if values["first"] and values["last"] and values["last"] < values["first"]:
            raise serializers.ValidationError({"last": ["last < first"]})
        return values


class SpanSerializer(serializers.Serializer):
    """Days, both included."""

    starts = serializers.DateField()
    ends = serializers.DateField()
    days = serializers.IntegerField()


class StaySerializer(serializers.Serializer):
    """One placement. `unrelieved`: nobody is ordered to follow, though somebody is needed."""

    deployment = serializers.IntegerField(source="number")
    unit = serializers.CharField(source="unit_slug")
    personnel = serializers.IntegerField()
    state = serializers.CharField()
    controller = serializers.CharField(allow_blank=True)
    starts = serializers.DateField(source="span.starts")
    ends = serializers.DateField(source="span.ends")
    open_ended = serializers.BooleanField()
    relieved_by = serializers.CharField(allow_blank=True)
    unrelieved = serializers.BooleanField()
    illustrative = serializers.BooleanField()


class DutySerializer(serializers.Serializer):
    """What is held by one placement after the other; `gaps`: nobody stands there; `handovers`: the
    relief is there and the relieved still are."""

    title = serializers.CharField()
    agency = serializers.CharField()
    region = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    task_force = serializers.CharField(allow_blank=True)
    function = serializers.CharField(allow_blank=True)
    stays = StaySerializer(many=True)
    gaps = SpanSerializer(many=True)
    handovers = SpanSerializer(many=True)


class RotationViewSet(ScopedViewSet):
    """The rotation plan of a region, as the page shows it: placements in sight, duty by duty."""

    queryset = Deployment.objects.all()
    serializer_class = DutySerializer
    needs = {"list": Permission.DEPLOYMENT_VIEW}
    filter_backends = []

    @extend_schema(parameters=[RotationQuery], responses=DutySerializer(many=True))
    def list(self, request: Request) -> Response:
        asked = RotationQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        operation = get_object_or_404(
            Operation.objects.visible_to(self.actor),
            pk=getattr(current_operation(clock.now()), "pk", None),
        )
        plan = queries.rotation_plan(
            self.actor,
            operation,
            values["region"] or get_object_or_404(Region, pk=PROVINCE),
            **days(operation, values["first"], values["last"]),
            **{name: values[name] for name in ("task_force", "function", "state")},
        )
        page = self.paginate_queryset(plan.duties)
        return self.get_paginated_response(DutySerializer(page, many=True).data)


def days(operation: Operation, first: date | None, last: date | None) -> dict[str, date]:
    return {
        "first": max(first or operation.starts_on, operation.starts_on),
        "last": min(last or operation.ends_on, operation.ends_on),
    }
