"""Units that are sent to incidents, over the API."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.requests import ReadViewSet, valid
from deployments.models import Deployment
from incidents.actions.assignments import assign_units, move_assignment
from incidents.enums.assignments import AssignmentState
from incidents.models import AssignmentStep, Incident, UnitAssignment
from portal import clock
from portal.access.permissions import Permission
from portal.web.idempotency import api_once


def _slug(**kwargs: Any) -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(slug_field="slug", **kwargs)


class AssignmentStepSerializer(serializers.ModelSerializer):
    post = _slug(read_only=True)

    class Meta:
        model = AssignmentStep
        fields = ["state", "at", "post", "note"]


class UnitAssignmentSerializer(serializers.ModelSerializer):
    number = serializers.CharField(source="incident.number", read_only=True)
    unit = serializers.CharField(source="deployment.unit.slug", read_only=True)
    agency = _slug(read_only=True)
    assigned_by = _slug(read_only=True)
    steps = AssignmentStepSerializer(many=True, read_only=True)

    class Meta:
        model = UnitAssignment
        fields = [
            "id", "incident", "number", "deployment", "unit", "agency", "task", "stood_at", "state",
            "assigned_by", "assigned_at", "steps",
        ]  # fmt: skip
        read_only_fields = fields


class AssignSerializer(serializers.Serializer):
    """`placements`: ids of deployments in place; those of other agencies are asked for."""

    incident = serializers.IntegerField(min_value=1)
    placements = serializers.ListField(
        child=serializers.IntegerField(min_value=1), min_length=1, max_length=50
    )
    task = serializers.CharField(max_length=300)
    version = serializers.IntegerField(min_value=1, required=False)


class AssignmentMoveSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=AssignmentState.choices)
    note = serializers.CharField(max_length=300, allow_blank=True, default="")


class UnitAssignmentFilter(django_filters.FilterSet):
    class Meta:
        model = UnitAssignment
        fields = ["incident", "deployment", "state"]


class UnitAssignmentViewSet(ReadViewSet):
    """Units sent to incidents in sight, with the steps that they have taken."""

    queryset = (
        UnitAssignment.objects.select_related(
            "incident", "deployment__unit", "agency", "assigned_by"
        )
        .prefetch_related("steps__post")
        .order_by("-assigned_at", "-pk")
    )
    serializer_class = UnitAssignmentSerializer
    filterset_class = UnitAssignmentFilter
    needs = {
        "list": Permission.INCIDENT_VIEW,
        "retrieve": Permission.INCIDENT_VIEW,
        "create": Permission.INCIDENT_HANDLE,
        "move": Permission.INCIDENT_ANSWER,
    }

    @extend_schema(request=AssignSerializer, responses={201: UnitAssignmentSerializer(many=True)})
    def create(self, request: Request) -> Response:
        """Send units that stand in place to an incident."""

        def run() -> Response:
            given = valid(AssignSerializer, request)
            seen = Incident.objects.visible_to(self.actor)
            incident = seen.filter(pk=given.pop("incident")).first()
            if incident is None:
                raise NotFound
            wanted = set(given.pop("placements"))
            placed = list(Deployment.objects.visible_to(self.actor).filter(pk__in=wanted))
            if len(placed) != len(wanted):
                raise NotFound
            sent = assign_units(incident, placed, by=self.actor, at=clock.now(), **given)
            rows = self.get_queryset().filter(pk__in=[row.pk for row in sent])
            return Response(self.get_serializer(rows, many=True).data, status=201)

        return api_once(request, run)

    @extend_schema(request=AssignmentMoveSerializer, responses=UnitAssignmentSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """One step: taken on, departed, arrived, done; or declined or called off, with a reason."""

        def run() -> Response:
            given = valid(AssignmentMoveSerializer, request)
            done = move_assignment(self.get_object(), by=self.actor, at=clock.now(), **given)
            return self.shown(self.queryset.all().get(pk=done.pk))

        return api_once(request, run)
