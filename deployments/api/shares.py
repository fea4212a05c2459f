"""How units over several districts are split, over the API."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.requests import valid
from deployments import actions
from deployments.api.requests import unit
from deployments.models import DistrictShare
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.web.idempotency import api_once


class DistrictShareSerializer(serializers.ModelSerializer):
    """The part of a unit in one of its districts, in per cent of the unit."""

    unit = serializers.SlugRelatedField("slug", read_only=True)
    percent = serializers.SerializerMethodField()

    class Meta:
        model = DistrictShare
        fields = ("id", "unit", "district", "percent", "source", "since")
        read_only_fields = fields

    def get_percent(self, row: DistrictShare) -> float:
        return float(row.share * 100)


class SharePartSerializer(serializers.Serializer):
    district = serializers.CharField(max_length=13)
    percent = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=0, max_value=100)


class DeclareSharesSerializer(serializers.Serializer):
    """The whole split of a unit; what is left of 100 per cent stands undistributed."""

    unit = unit()
    shares = SharePartSerializer(many=True)
    source = serializers.CharField(max_length=200)

    def validate_shares(self, parts: list[dict]) -> list[dict]:
        if len({part["district"] for part in parts}) < len(parts):
            raise serializers.ValidationError(_("Satu kecamatan hanya boleh satu kali."))
        return parts


class DistrictShareViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """The shares that hold now."""

    queryset = (
        DistrictShare.objects.filter(until__isnull=True)
        .select_related("unit")
        .order_by("unit__path", "district")
    )
    serializer_class = DistrictShareSerializer
    filterset_fields = ("unit__slug",)
    needs = {
        "list": Permission.DEPLOYMENT_VIEW,
        "retrieve": Permission.DEPLOYMENT_VIEW,
        "create": Permission.DEPLOYMENT_EDIT,
    }

    @extend_schema(
        request=DeclareSharesSerializer, responses={201: DistrictShareSerializer(many=True)}
    )
    def create(self, request: Request) -> Response:
        """Declare how a unit is split from now on; the same again changes nothing."""

        def run() -> Response:
            given = valid(DeclareSharesSerializer, request)
            require(self.actor, Permission.DEPLOYMENT_EDIT, given["unit"])
            shares = {part["district"]: part["percent"] / 100 for part in given["shares"]}
            made = actions.declare_shares(
                given["unit"], shares, source=given["source"], by=self.actor, at=clock.now()
            )
            return Response(DistrictShareSerializer(made, many=True).data, status=201)

        return api_once(request, run)
