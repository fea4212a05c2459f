"""At what hour which units report."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.requests import valid, with_etag
from coordination.api.serializers import Unsent, VersionSerializer
from deployments import actions
from deployments.actions.schedules import LONGEST_WAIT, TERMS
from deployments.api.requests import agency
from deployments.api.thresholds import KeptViewSet
from deployments.models import ReportSchedule
from portal import clock
from portal.access.permissions import Permission
from portal.registry.enums import UnitKind
from portal.registry.models import Operation
from portal.registry.queries import current_operation
from portal.web.idempotency import api_once


class ReportScheduleSerializer(serializers.ModelSerializer):
    """Every unit of the kind reports daily at `local_time` (WITA) from the first day to the last.
    The report opens `opens_before` minutes earlier and is late `grace` minutes after."""

    operation = serializers.SlugRelatedField("slug", read_only=True)
    agency = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = ReportSchedule
        fields = (
            "id",
            "operation",
            "agency",
            "unit_kind",
            "local_time",
            *TERMS,
            "illustrative",
            "version",
        )
        read_only_fields = fields


class TermsSerializer(serializers.Serializer):
    opens_before = serializers.IntegerField(min_value=1, max_value=LONGEST_WAIT, default=360)
    grace = serializers.IntegerField(min_value=0, max_value=LONGEST_WAIT, default=0)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()
    source = serializers.CharField(max_length=200)


class ScheduleWriteSerializer(TermsSerializer):
    """Without `operation` for the running one."""

    operation = serializers.SlugRelatedField(
        "slug", queryset=Operation.objects.all(), required=False, allow_null=True, default=None
    )
    agency = agency()
    unit_kind = serializers.ChoiceField(choices=UnitKind.choices)
    local_time = serializers.TimeField()


class ScheduleEditSerializer(Unsent, TermsSerializer, VersionSerializer):
    """What is not sent stays as it is."""


class ReportScheduleViewSet(KeptViewSet):
    """The hours from which the list of expected reports is made."""

    queryset = ReportSchedule.objects.select_related("operation", "agency").order_by(
        "-operation__starts_on", "agency__position", "unit_kind", "local_time"
    )
    serializer_class = ReportScheduleSerializer
    needs = KeptViewSet.needs | {"create": Permission.FORM_EDIT}

    @extend_schema(request=ScheduleWriteSerializer, responses={201: ReportScheduleSerializer})
    def create(self, request: Request) -> Response:
        """Let every unit of a kind report at an hour; the same again changes nothing."""
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        given = valid(ScheduleWriteSerializer, request)
        at = clock.now()
        operation = given.pop("operation") or get_object_or_404(
            Operation.objects.visible_to(self.actor), pk=getattr(current_operation(at), "pk", None)
        )
        whose = given.pop("agency")
        made = actions.add_schedule(operation, whose, given, by=self.actor, at=at)
        return with_etag(Response(self.get_serializer(made).data, status=201), made)

    @extend_schema(request=ScheduleEditSerializer, responses=ReportScheduleSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Set its days, when it opens and the grace; what is expected already stays expected."""
        return self._edit(request, ScheduleEditSerializer, TERMS, actions.change_schedule)
