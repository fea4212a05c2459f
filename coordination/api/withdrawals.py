"""Which agencies have left the operation; leaving and coming back."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions import withdrawals as actions
from coordination.api.requests import valid, version_of, with_etag
from coordination.api.serializers import VersionSerializer, agencies, slug
from coordination.models import AgencyWithdrawal
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.registry.queries import current_operation
from portal.web.idempotency import api_once


class WithdrawalSerializer(serializers.ModelSerializer):
    """Until `ended_at` the agency is invited to no rakor of the operation."""

    operation = slug(read_only=True)
    agency = slug(read_only=True)
    by = slug(source="by_post", read_only=True)
    ended_by = slug(read_only=True)

    class Meta:
        model = AgencyWithdrawal
        fields = [
            "id",
            "operation",
            "agency",
            "reason",
            "at",
            "by",
            "ended_at",
            "ended_by",
            "end_reason",
            "version",
        ]


class LeaveSerializer(serializers.Serializer):
    agency = agencies()
    reason = serializers.CharField(max_length=300)


class ReadmitSerializer(VersionSerializer):
    reason = serializers.CharField(max_length=300)


class AgencyWithdrawalViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Agencies that left, the latest first. Only who oversees the province lets one go or come."""

    queryset = AgencyWithdrawal.objects.select_related(
        "operation", "agency", "by_post", "ended_by"
    ).order_by("-at", "-pk")
    serializer_class = WithdrawalSerializer
    filterset_fields = ("agency__slug", "operation__slug")
    needs = {
        "list": Permission.MEETING_VIEW,
        "retrieve": Permission.MEETING_VIEW,
        "create": Permission.MEETING_PLAN,
        "readmit": Permission.MEETING_PLAN,
    }

    @extend_schema(request=LeaveSerializer, responses={201: WithdrawalSerializer})
    def create(self, request: Request) -> Response:
        """Let an agency leave the running operation; its coming seats are taken back. Twice changes
        nothing."""
        return api_once(request, lambda: self._leave(request))

    def _leave(self, request: Request) -> Response:
        given = valid(LeaveSerializer, request)
        if not self.actor.whole_province:
            raise PermissionDenied
        at = clock.now()
        operation = current_operation(at)
        if operation is None:
            raise Http404
        left = actions.withdraw_agency(operation, by=self.actor, at=at, **given)
        return self._shown(left, 201)

    @extend_schema(request=ReadmitSerializer, responses=WithdrawalSerializer)
    @action(detail=True, methods=["post"])
    def readmit(self, request: Request, pk: str) -> Response:
        """Let it take part again; whoever hosts asks it anew. Twice changes nothing."""

        def run() -> Response:
            given = valid(ReadmitSerializer, request)
            version = version_of(request, given)
            back = self.get_object()
            back = actions.readmit_agency(
                back, by=self.actor, at=clock.now(), version=version, **given
            )
            return self._shown(back)

        return api_once(request, run)

    def _shown(self, row: AgencyWithdrawal, status: int = 200) -> Response:
        return with_etag(Response(WithdrawalSerializer(row).data, status=status), row)
