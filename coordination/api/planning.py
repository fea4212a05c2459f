"""Series and agenda items over the API: the same scope and the same actions as on the pages."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions import agenda, backlog, series
from coordination.api.requests import ReadViewSet, valid, version_of
from coordination.api.serializers import AgendaItemSerializer, agencies, slug
from coordination.enums import MeetingKind
from coordination.models import AgendaItem, Meeting, MeetingSeries
from coordination.queries.agenda import items_for
from portal import clock
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts.models import Post
from portal.registry.models import Operation
from portal.web.idempotency import api_once


class SeriesSerializer(serializers.ModelSerializer):
    operation = slug(read_only=True)
    host_agency = slug(read_only=True)

    class Meta:
        model = MeetingSeries
        fields = [
            "id",
            "title",
            "kind",
            "operation",
            "host_agency",
            "is_active",
            "illustrative",
            "version",
        ]


class SeriesWriteSerializer(serializers.Serializer):
    operation = slug(queryset=Operation.objects.all())
    title = serializers.CharField(max_length=160)
    kind = serializers.ChoiceField(choices=MeetingKind.choices, default=MeetingKind.CROSS_SECTOR)


class SeriesEditSerializer(serializers.Serializer):
    """What is not sent stays as it is. A series that is not active is offered no more."""

    operation = slug(queryset=Operation.objects.all(), required=False)
    title = serializers.CharField(max_length=160, required=False)
    kind = serializers.ChoiceField(choices=MeetingKind.choices, required=False)
    is_active = serializers.BooleanField(required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class ItemEditSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200, required=False)
    section = serializers.CharField(max_length=120, allow_blank=True, required=False)
    presenter = agencies(required=False, allow_null=True)
    presenter_post = slug(queryset=Post.objects.all(), required=False, allow_null=True)
    presenter_office = serializers.CharField(max_length=160, allow_blank=True, required=False)
    planned_minutes = serializers.IntegerField(min_value=1, max_value=600, required=False)
    is_closed = serializers.BooleanField(required=False)
    audience = agencies(many=True, required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class ItemWriteSerializer(ItemEditSerializer):
    """An item for the agenda of a `meeting`, or for the backlog of a `series`: one of the two."""

    title = serializers.CharField(max_length=200)
    meeting = serializers.IntegerField(min_value=1, required=False)
    series = serializers.IntegerField(min_value=1, required=False)

    def validate(self, attrs: dict) -> dict:
        if ("meeting" in attrs) == ("series" in attrs):
            raise serializers.ValidationError(
                {"meeting": _("Sebutkan rakor atau seri, salah satu.")}
            )
        return attrs


class ItemMoveSerializer(serializers.Serializer):
    """`to`: backlog, next, or meeting (with the id of a rakor of the series)."""

    to = serializers.ChoiceField(choices=["backlog", "next", "meeting"])
    meeting = serializers.IntegerField(min_value=1, required=False)

    def validate(self, attrs: dict) -> dict:
        if attrs["to"] == "meeting" and "meeting" not in attrs:
            raise serializers.ValidationError({"meeting": _("Sebutkan rakor tujuan.")})
        return attrs


class ReorderSerializer(serializers.Serializer):
    order = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=200)


class StepSerializer(serializers.Serializer):
    """`seen`: the id of the item that ran when the caller decided (0 for none); if another one
    runs by now, nothing is done."""

    direction = serializers.ChoiceField(choices=["next", "previous"])
    seen = serializers.IntegerField(min_value=0, required=False)


class WithdrawSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500)
    version = serializers.IntegerField(min_value=1, required=False)


class SeriesViewSet(ReadViewSet):
    """Series of rakor in the post's sight."""

    queryset = MeetingSeries.objects.select_related("operation", "host_agency").order_by(
        "title", "pk"
    )
    serializer_class = SeriesSerializer
    filterset_fields = ("kind", "is_active")
    needs = {
        "list": Permission.MEETING_VIEW,
        "retrieve": Permission.MEETING_VIEW,
        "create": Permission.MEETING_PLAN,
        "partial_update": Permission.MEETING_PLAN,
    }

    @extend_schema(request=SeriesWriteSerializer, responses={201: SeriesSerializer})
    def create(self, request: Request) -> Response:
        def run() -> Response:
            given = valid(SeriesWriteSerializer, request)
            made = series.create_series(by=self.actor, at=clock.now(), **given)
            return self.shown_again(made, status=201)

        return api_once(request, run)

    @extend_schema(request=SeriesEditSerializer, responses=SeriesSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Rename it, change its kind, or lay it to rest."""

        def run() -> Response:
            given = valid(SeriesEditSerializer, request)
            version = version_of(request, given)
            kept = self.get_object()
            series.edit_series(kept, by=self.actor, at=clock.now(), version=version, **given)
            return self.shown_again(kept)

        return api_once(request, run)


class AgendaItemViewSet(ReadViewSet):
    """Items of agendas and backlogs whose subject the caller's agency may know."""

    queryset = AgendaItem.objects.order_by("meeting", "position", "pk")
    serializer_class = AgendaItemSerializer
    filterset_fields = ("meeting", "series")
    needs = {
        "list": Permission.MEETING_VIEW,
        "retrieve": Permission.MEETING_VIEW,
        "create": Permission.MEETING_PLAN,
        "partial_update": Permission.MEETING_PLAN,
        "destroy": Permission.MEETING_PLAN,
        "move": Permission.MEETING_PLAN,
    }

    def get_queryset(self) -> Any:
        seen = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return seen
        rows = items_for(self.actor).filter(pk__in=seen.values("pk"))
        return rows.select_related("presenter", "presenter_post", "meeting", "series").order_by(
            "meeting", "position", "pk"
        )

    @extend_schema(request=ItemWriteSerializer, responses={201: AgendaItemSerializer})
    def create(self, request: Request) -> Response:
        def run() -> Response:
            given = valid(ItemWriteSerializer, request)
            given.pop("version", None)
            owner = _owner(self.actor, given)
            item = agenda.add_item(owner, by=self.actor, at=clock.now(), **given)
            return self.shown_again(item, status=201)

        return api_once(request, run)

    @extend_schema(request=ItemEditSerializer, responses=AgendaItemSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        def run() -> Response:
            given = valid(ItemEditSerializer, request)
            version = version_of(request, given)
            item = agenda.edit_item(
                self.get_object(), by=self.actor, at=clock.now(), version=version, **given
            )
            return self.shown_again(item)

        return api_once(request, run)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        agenda.delete_item(self.get_object(), by=self.actor, at=clock.now())
        return Response(status=204)

    @extend_schema(request=ItemMoveSerializer, responses=AgendaItemSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """To the backlog, to the next rakor of the series, or from the backlog to a rakor."""

        def run() -> Response:
            given = valid(ItemMoveSerializer, request)
            call, args = self._mover(given)
            return self.shown_again(call(self.get_object(), *args, by=self.actor, at=clock.now()))

        return api_once(request, run)

    def _mover(self, given: dict[str, Any]) -> tuple[Callable, tuple]:
        if given["to"] == "meeting":
            return backlog.take_from_backlog, (_owner(self.actor, given),)
        return (backlog.move_to_backlog if given["to"] == "backlog" else backlog.move_to_next), ()


def series_of(actor: Actor, pk: int | None) -> MeetingSeries | None:
    """The series in the caller's sight; raises ValidationError."""
    if pk is None:
        return None
    found = MeetingSeries.objects.visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise serializers.ValidationError({"series": _("Seri ini tidak ditemukan.")})
    return found


def _owner(actor: Actor, given: dict[str, Any]) -> Meeting | MeetingSeries:
    """The meeting or series that was named by its id; raises ValidationError."""
    pk = given.pop("meeting", None)
    if pk is None:
        found: Any = series_of(actor, given.pop("series"))
    else:
        found = Meeting.objects.visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise serializers.ValidationError({"meeting": _("Rakor ini tidak ditemukan.")})
    return found
