from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions import ladder as actions
from coordination.api.requests import valid, version_of, with_etag
from coordination.api.serializers import Unsent, VersionSerializer
from coordination.enums import Occasion, Priority
from coordination.models import LadderRung
from coordination.models.ladder import LIMIT, RECIPIENTS
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.web.idempotency import api_once

KEPT = ("after", "recipient", "working_hours_only")


class LadderRungSerializer(serializers.ModelSerializer):
    class Meta:
        model = LadderRung
        fields = [
            "id",
            "priority",
            "occasion",
            "after",
            "recipient",
            "working_hours_only",
            "is_active",
            "version",
        ]


class RungSerializer(serializers.Serializer):
    after = serializers.IntegerField(min_value=-LIMIT, max_value=LIMIT)
    recipient = serializers.ChoiceField(choices=RECIPIENTS)
    working_hours_only = serializers.BooleanField(default=False)


class RungWriteSerializer(RungSerializer):
    """`after` in minutes from the counted moment; before the due time it is negative."""

    priority = serializers.ChoiceField(choices=Priority.choices)
    occasion = serializers.ChoiceField(choices=Occasion.choices)


class RungEditSerializer(Unsent, RungSerializer, VersionSerializer):
    """What is not sent stays as it is."""


class RungSwitchSerializer(VersionSerializer):
    is_active = serializers.BooleanField()


class LadderRungViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """The reminder ladders as they are set; `after` in minutes from the counted moment."""

    queryset = LadderRung.objects.order_by("priority", "occasion", "after", "pk")
    serializer_class = LadderRungSerializer
    needs = {
        "list": Permission.LADDER_EDIT,
        "retrieve": Permission.LADDER_EDIT,
        "create": Permission.LADDER_EDIT,
        "partial_update": Permission.LADDER_EDIT,
        "switch": Permission.LADDER_EDIT,
    }

    @extend_schema(request=RungWriteSerializer, responses={201: LadderRungSerializer})
    def create(self, request: Request) -> Response:
        """Add a rung."""

        def run() -> Response:
            given = valid(RungWriteSerializer, request)
            return self._shown(actions.add_rung(by=self.actor, at=clock.now(), **given), 201)

        return api_once(request, run)

    @extend_schema(request=RungEditSerializer, responses=LadderRungSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Set a rung anew. One that moves in time is another rung, with an id of its own; the old
        one is switched off."""

        def run() -> Response:
            given = valid(RungEditSerializer, request)
            version = version_of(request, given)
            rung = self.get_object()
            given = {name: getattr(rung, name) for name in KEPT} | given
            stands = actions.change_rung(
                rung, by=self.actor, at=clock.now(), version=version, **given
            )
            return self._shown(stands)

        return api_once(request, run)

    @extend_schema(request=RungSwitchSerializer, responses=LadderRungSerializer)
    @action(detail=True, methods=["post"])
    def switch(self, request: Request, pk: str) -> Response:
        """Switch a rung off or on again; it is never deleted, reminders point at it."""

        def run() -> Response:
            given = valid(RungSwitchSerializer, request)
            version = version_of(request, given)
            on = given["is_active"]
            rung = self.get_object()
            at = clock.now()
            return self._shown(
                actions.switch_rung(rung, by=self.actor, at=at, on=on, version=version)
            )

        return api_once(request, run)

    def _shown(self, rung: LadderRung, status: int = 200) -> Response:
        return with_etag(Response(LadderRungSerializer(rung).data, status=status), rung)
