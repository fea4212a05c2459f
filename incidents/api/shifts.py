"""Serah terima piket over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.requests import proof_of
from incidents.actions.shifts import sign_handover, write_handover
from incidents.api.incidents import valid
from incidents.models import ShiftHandover, ShiftLine
from incidents.queries.shifts import RELATED, lines_of
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.accounts.models import Post
from portal.web.forms import MAX_TEXT
from portal.web.idempotency import api_once


class ShiftLineSerializer(serializers.ModelSerializer):
    """An open incident as it stood when the shift was handed over."""

    incident = serializers.SlugRelatedField(slug_field="number", read_only=True)

    class Meta:
        model = ShiftLine
        fields = ["incident", "state", "severity", "target", "due_at"]


class ShiftHandoverSerializer(serializers.ModelSerializer):
    unit = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    out_post = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    to_post = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = ShiftHandover
        fields = [
            "id", "unit", "region", "out_post", "to_post", "notes", "equipment", "field_waiting",
            "public_waiting", "written_at", "replaced_at", "signed_at", "remark", "illustrative",
        ]  # fmt: skip
        read_only_fields = fields


class ShiftHandoverDetailSerializer(ShiftHandoverSerializer):
    """`lines`: only incidents that the reader sees."""

    lines = serializers.SerializerMethodField()

    class Meta(ShiftHandoverSerializer.Meta):
        fields = [*ShiftHandoverSerializer.Meta.fields, "lines"]
        read_only_fields = fields

    @extend_schema_field(ShiftLineSerializer(many=True))
    def get_lines(self, row: ShiftHandover) -> Any:
        return ShiftLineSerializer(lines_of(row, self.context["view"].actor), many=True).data


class ShiftWriteSerializer(serializers.Serializer):
    to = serializers.SlugRelatedField(slug_field="slug", queryset=Post.objects.all())
    notes = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")
    equipment = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")


class ShiftSignSerializer(serializers.Serializer):
    remark = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")


class ShiftHandoverViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Shift hand-overs (serah terima piket): written by who goes, signed by who comes."""

    queryset = ShiftHandover.objects.select_related(*RELATED).order_by("-written_at", "-pk")
    serializer_class = ShiftHandoverSerializer
    filter_backends = []
    needs = {
        "list": Permission.SHIFT_HAND_OVER,
        "retrieve": Permission.SHIFT_HAND_OVER,
        "create": Permission.SHIFT_HAND_OVER,
        "sign": Permission.SHIFT_HAND_OVER,
    }

    def get_serializer_class(self) -> Any:
        return ShiftHandoverSerializer if self.action == "list" else ShiftHandoverDetailSerializer

    @extend_schema(request=ShiftWriteSerializer, responses={201: ShiftHandoverDetailSerializer})
    def create(self, request: Request) -> Response:
        """Leave the shift as it stands now to a post of the own unit."""
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        given = valid(ShiftWriteSerializer, request, self.actor)
        row = write_handover(**given, by=self.actor, at=clock.now())
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ShiftSignSerializer, responses=ShiftHandoverDetailSerializer)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: str) -> Response:
        """Take it over. Needs a session whose person proved himself within five minutes; a token
        proves nobody."""
        return api_once(request, lambda: self._sign(request))

    def _sign(self, request: Request) -> Response:
        given = valid(ShiftSignSerializer, request, self.actor)
        row = sign_handover(
            self.get_object(), by=self.actor, at=clock.now(), proof=proof_of(request), **given
        )
        return Response(self.get_serializer(row).data)
