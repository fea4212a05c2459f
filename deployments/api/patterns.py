"""Guarding patterns over the API: listed with their days, set, ended."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.requests import valid
from deployments import actions
from deployments.api.requests import unit as own_unit
from deployments.api.stations import asked_operation
from deployments.enums import TpsClass
from deployments.forms.needs import LARGEST_PATTERN
from deployments.models import GuardPattern
from deployments.queries.needs import GUARDS
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.registry.models import Agency, Operation, Unit
from portal.web.idempotency import api_once


class GuardPatternSerializer(serializers.ModelSerializer):
    """Police : stations : linmas of one class; `unit` null holds for every Polres without its
    own."""

    operation = serializers.SlugRelatedField("slug", read_only=True)
    agency = serializers.SlugRelatedField("slug", read_only=True)
    unit = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = GuardPattern
        fields = (
            "id",
            "operation",
            "agency",
            "unit",
            "tps_class",
            "police",
            "tps",
            "linmas",
            "linmas_override",
            "valid_from",
            "valid_to",
            "source",
            "recorded_at",
            "illustrative",
        )
        read_only_fields = fields


class PatternWriteSerializer(serializers.Serializer):
    """Without `unit` for every Polres without its own. `linmas_override`: they are not two per
    station, and meant so."""

    operation = serializers.SlugRelatedField(
        "slug", queryset=Operation.objects.all(), required=False, allow_null=True, default=None
    )
    unit = own_unit(required=False, allow_null=True, default=None)
    tps_class = serializers.ChoiceField(choices=TpsClass.choices)
    police = serializers.IntegerField(min_value=1, max_value=LARGEST_PATTERN)
    tps = serializers.IntegerField(min_value=1, max_value=LARGEST_PATTERN)
    linmas = serializers.IntegerField(min_value=0, max_value=LARGEST_PATTERN)
    linmas_override = serializers.BooleanField(default=False)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(required=False, allow_null=True, default=None)
    source = serializers.CharField(max_length=200)


class PatternEndSerializer(serializers.Serializer):
    """The last day on which it holds, and why."""

    valid_to = serializers.DateField()
    reason = serializers.CharField(max_length=300)


class GuardPatternViewSet(mixins.ListModelMixin, ScopedViewSet):
    """Every guarding pattern with its days; past ones stay."""

    queryset = GuardPattern.objects.select_related("operation", "agency", "unit").order_by(
        "operation_id", "unit__path", "tps_class", "-valid_from"
    )
    serializer_class = GuardPatternSerializer
    filterset_fields = ["operation__slug", "tps_class"]
    needs = {
        "list": Permission.DEPLOYMENT_VIEW,
        "create": Permission.PATTERN_EDIT,
        "end": Permission.PATTERN_EDIT,
    }

    @extend_schema(request=PatternWriteSerializer, responses={201: GuardPatternSerializer})
    def create(self, request: Request) -> Response:
        """Set how many of the own agency guard how many stations of a class from a day on."""
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        given = valid(PatternWriteSerializer, request)
        agency = get_object_or_404(Agency, pk=self.actor.agency_id)
        require(self.actor, Permission.PATTERN_EDIT, agency)
        guards = Unit.objects.filter(agency=agency, kind__in=GUARDS, is_active=True)
        if given["unit"] is not None and not guards.filter(pk=given["unit"].pk).exists():
            text = _("Satuan itu bukan satuan instansi ini.")
            raise serializers.ValidationError({"unit": text})
        operation = given.pop("operation") or asked_operation(None, self.actor)
        made = actions.set_guard_pattern(operation, agency, by=self.actor, at=clock.now(), **given)
        return Response(GuardPatternSerializer(made).data, status=201)

    @extend_schema(request=PatternEndSerializer, responses=GuardPatternSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Let it hold up to and including a day, today at the earliest."""

        def run() -> Response:
            given = valid(PatternEndSerializer, request)
            pattern = self.get_object()
            require(self.actor, Permission.PATTERN_EDIT, pattern.agency)
            ended = actions.end_guard_pattern(pattern, by=self.actor, at=clock.now(), **given)
            return Response(GuardPatternSerializer(ended).data)

        return api_once(request, run)
