from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.requests import valid, version_of, with_etag
from incidents.actions.target_ladder import change_target_rung
from incidents.enums.targets import TargetRecipient
from incidents.models import TargetRung
from incidents.models.target import HIGHEST
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.web.idempotency import api_once


class TargetRungSerializer(serializers.ModelSerializer):
    class Meta:
        model = TargetRung
        fields = ["id", "percent", "recipient", "is_active", "version"]
        read_only_fields = fields


class TargetRungWriteSerializer(serializers.Serializer):
    """What is not sent stays as it is."""

    percent = serializers.IntegerField(min_value=1, max_value=HIGHEST, required=False)
    recipient = serializers.ChoiceField(choices=TargetRecipient.choices, required=False)
    is_active = serializers.BooleanField(required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class TargetRungViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """The ladder of target times, as it is set."""

    queryset = TargetRung.objects.order_by("percent")
    serializer_class = TargetRungSerializer
    needs = {
        "list": Permission.LADDER_EDIT,
        "retrieve": Permission.LADDER_EDIT,
        "partial_update": Permission.LADDER_EDIT,
    }

    @extend_schema(request=TargetRungWriteSerializer, responses=TargetRungSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Set when a rung comes and whom it tells, or switch it off."""

        def run() -> Response:
            given = valid(TargetRungWriteSerializer, request)
            version = version_of(request, given)
            row = self.get_object()
            known = {name: getattr(row, name) for name in ("percent", "recipient", "is_active")}
            done = change_target_rung(
                row, by=self.actor, at=clock.now(), version=version, **known | given
            )
            return with_etag(Response(TargetRungSerializer(done).data), done)

        return api_once(request, run)
