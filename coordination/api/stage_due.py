"""Due times that follow a stage: what would move, and moving it."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions.due_dates import move_due_dates
from coordination.api.requests import valid
from coordination.api.serializers import Moment, number
from coordination.models import Obligation
from coordination.queries.due import stage_moves, stage_moves_if
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.registry.models import Stage
from portal.web.idempotency import api_once


class DueMoveSerializer(serializers.Serializer):
    """An unfinished obligation with its due time before and after; `passed`: the new one has."""

    obligation = serializers.IntegerField(source="obligation.pk")
    agency = serializers.CharField(source="obligation.agency.slug")
    number = serializers.CharField(source="obligation.directive.number")
    due_before = serializers.DateTimeField()
    due_after = serializers.DateTimeField()
    passed = serializers.BooleanField()


class StageMovesSerializer(serializers.Serializer):
    """All that one stage's date moves. `digest` stands for exactly these moves and is sent back to
    apply them; `staying` are obligations that keep theirs, told where a date was supposed."""

    stage = serializers.IntegerField(source="stage.pk")
    key = serializers.CharField(source="stage.key")
    counted_from = serializers.DateTimeField()
    starts_at = serializers.DateTimeField()
    digest = serializers.CharField()
    moves = DueMoveSerializer(many=True)
    staying = serializers.SerializerMethodField()

    def get_staying(self, found) -> list[int]:
        return [row.pk for row in found.staying]


class SupposedSerializer(serializers.Serializer):
    """A stage, by its id, and when one supposes it to begin."""

    stage = number()
    starts_at = Moment()


class ApplySerializer(serializers.Serializer):
    digest = serializers.CharField(max_length=64)


class MovedSerializer(serializers.Serializer):
    moved = serializers.IntegerField()


class StageDueViewSet(ScopedViewSet):
    """What the own agency has issued, follows a stage, and no longer fits it; by stage."""

    queryset = Obligation.objects.all()
    serializer_class = StageMovesSerializer
    pagination_class = None
    filter_backends = []
    needs = {
        "list": Permission.DIRECTIVE_ISSUE,
        "supposed": Permission.DIRECTIVE_ISSUE,
        "apply": Permission.DIRECTIVE_ISSUE,
    }

    @extend_schema(responses=StageMovesSerializer(many=True))
    def list(self, request: Request) -> Response:
        """The preview of what `apply` would move now."""
        found = stage_moves(self.actor, clock.now())
        return Response(StageMovesSerializer(found, many=True).data)

    @extend_schema(parameters=[SupposedSerializer], responses=StageMovesSerializer)
    @action(detail=False, methods=["get"])
    def supposed(self, request: Request) -> Response:
        """What would move, and what would stay, if the stage began then. Nothing is changed."""
        asked = SupposedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        stage = get_object_or_404(Stage.objects.visible_to(self.actor), pk=given["stage"])
        starts_at = given["starts_at"]
        found = stage_moves_if(self.actor, stage=stage, starts_at=starts_at, at=clock.now())
        return Response(StageMovesSerializer(found).data)

    @extend_schema(request=ApplySerializer, responses=MovedSerializer)
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str) -> Response:
        """Give the obligations that follow this stage (its id) exactly the due times of the preview
        with that digest; 409 where the preview is no longer true."""

        def run() -> Response:
            given = valid(ApplySerializer, request)
            rows = Stage.objects.visible_to(self.actor)
            stage = get_object_or_404(rows, pk=int(pk) if pk.isdecimal() else 0)
            moved = move_due_dates(stage, by=self.actor, at=clock.now(), **given)
            return Response({"moved": moved})

        return api_once(request, run)
