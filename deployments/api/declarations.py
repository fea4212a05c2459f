"""Announced totals over the API."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.requests import valid
from coordination.api.serializers import Moment
from deployments import actions
from deployments.api.requests import agency
from deployments.models import StrengthDeclaration
from deployments.views.reading import running
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.web.idempotency import api_once

LARGEST = 2_147_483_647


class DeclarationSerializer(serializers.ModelSerializer):
    """The total that an agency announced; the newest `as_of` counts. Persons."""

    operation = serializers.SlugRelatedField("slug", read_only=True)
    agency = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = StrengthDeclaration
        fields = (
            "id",
            "operation",
            "agency",
            "total",
            "source",
            "as_of",
            "final",
            "illustrative",
            "created_at",
        )
        read_only_fields = fields


class DeclareSerializer(serializers.Serializer):
    """Without `final` the total is provisional."""

    agency = agency()
    total = serializers.IntegerField(min_value=0, max_value=LARGEST)
    source = serializers.CharField(max_length=200)
    as_of = Moment()
    final = serializers.BooleanField(default=False)


class DeclarationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Announced totals, the newest first; older ones stay."""

    queryset = StrengthDeclaration.objects.select_related("operation", "agency").order_by(
        "-as_of", "-pk"
    )
    serializer_class = DeclarationSerializer
    filterset_fields = ("agency__slug", "operation__slug")
    needs = {
        "list": Permission.DEPLOYMENT_VIEW,
        "retrieve": Permission.DEPLOYMENT_VIEW,
        "create": Permission.DEPLOYMENT_EDIT,
    }

    @extend_schema(request=DeclareSerializer, responses={201: DeclarationSerializer})
    def create(self, request: Request) -> Response:
        """Announce the total of an agency; the same moment again gives the row there is."""

        def run() -> Response:
            given = valid(DeclareSerializer, request)
            require(self.actor, Permission.DEPLOYMENT_EDIT, given["agency"])
            at = clock.now()
            made = actions.declare_strength(running(at), **given, by=self.actor, at=at)
            return Response(DeclarationSerializer(made).data, status=201)

        return api_once(request, run)
