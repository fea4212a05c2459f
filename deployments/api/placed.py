from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from deployments import queries
from deployments.enums import AccountPart, TaskForce
from deployments.models import Rollup
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.registry.enums import PROVINCE
from portal.registry.models import Agency, Operation, Region
from portal.registry.queries import current_operation

PARTS = [choice for choice in AccountPart.choices if choice[0] != AccountPart.NOT_ITEMISED]


class PlacedQuery(serializers.Serializer):
    """What is counted: empty for any. `region` is the region whose parts are listed."""

    region = serializers.PrimaryKeyRelatedField(
        queryset=Region.objects.filter(level__in=queries.LEVELS[:2]), required=False, default=None
    )
    agency = serializers.SlugRelatedField(
        "slug", queryset=Agency.objects.all(), required=False, default=None
    )
    controller = serializers.SlugRelatedField(
        "slug", queryset=Agency.objects.all(), required=False, default=None
    )
    task_force = serializers.ChoiceField(choices=TaskForce.choices, required=False, default="")
    function = serializers.CharField(max_length=80, required=False, default="")
    part = serializers.ChoiceField(choices=PARTS, required=False, default="")
    at = serializers.DateTimeField(required=False, default=None)


class PlacedSerializer(serializers.Serializer):
    """Persons placed in a region and in all that lies in it; what stands in the region as a whole
    is in its own row only."""

    region = serializers.CharField()
    region_name = serializers.CharField()
    people = serializers.IntegerField()


class PlacedStrengthViewSet(ScopedViewSet):
    """Strength by task force, function, owner and controller, as the map colours it: the region
    first, then its parts. The totals are shared with everyone at the table."""

    queryset = Rollup.objects.none()
    serializer_class = PlacedSerializer
    needs = {"list": Permission.ROLLUP_VIEW}
    filter_backends = []
    pagination_class = None

    @extend_schema(parameters=[PlacedQuery], responses=PlacedSerializer(many=True))
    def list(self, request: Request) -> Response:
        """The persons at a moment; without `at` now."""
        asked = PlacedQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        at = values["at"] or clock.now()
        operation = get_object_or_404(
            Operation.objects.visible_to(self.actor), pk=getattr(current_operation(at), "pk", None)
        )
        found = queries.chosen_people(
            operation,
            at,
            **{
                name: values[name].slug if values[name] else "" for name in ("agency", "controller")
            },
            **{name: values[name] for name in ("task_force", "function", "part")},
        )
        whole = values["region"] or get_object_or_404(Region, pk=PROVINCE)
        rows = [
            {"region": one.code, "region_name": one.name, "people": found.get(one.code, 0)}
            for one in [whole, *whole.children.order_by("code")]
        ]
        return Response(PlacedSerializer(rows, many=True).data)
