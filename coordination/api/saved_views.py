"""Saved views of the matrix: filters under a name, the post's own or shared by a colleague."""

from typing import Any

from django.http import QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions import saved_views as actions
from coordination.api.requests import valid
from coordination.api.serializers import slug
from coordination.filters import sound_query
from coordination.models import SavedView
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.web.idempotency import api_once

WRITING = {"partial_update", "destroy"}


class SavedViewSerializer(serializers.ModelSerializer):
    """`query` is the filter as it stands in an address; `post` is whose view it is."""

    post = slug(read_only=True)

    class Meta:
        model = SavedView
        fields = ["id", "post", "name", "query", "is_shared", "is_default", "created_at"]


class Name(serializers.CharField):
    """A name with single blanks."""

    def to_internal_value(self, data: Any) -> str:
        return " ".join(super().to_internal_value(data).split())


class SavedViewWriteSerializer(serializers.Serializer):
    """What of `query` is no sound filter of the matrix is left out."""

    name = Name(max_length=60)
    query = serializers.CharField(max_length=1000, allow_blank=True, default="")
    is_shared = serializers.BooleanField(default=False)
    is_default = serializers.BooleanField(default=False)


class SavedViewEditSerializer(serializers.Serializer):
    """What is not sent stays as it is; the filter itself stays in any case."""

    name = Name(max_length=60, required=False)
    is_shared = serializers.BooleanField(required=False)
    is_default = serializers.BooleanField(required=False)


class SavedViewViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Reading one's own and those shared within the agency; writing one's own."""

    queryset = SavedView.objects.select_related("post").order_by("name", "pk")
    serializer_class = SavedViewSerializer
    needs = {
        "list": Permission.OBLIGATION_VIEW,
        "retrieve": Permission.OBLIGATION_VIEW,
        "create": Permission.OBLIGATION_VIEW,
        "partial_update": Permission.OBLIGATION_VIEW,
        "destroy": Permission.OBLIGATION_VIEW,
    }

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.action in WRITING and not getattr(self, "swagger_fake_view", False):
            return rows.editable_by(self.actor)
        return rows

    @extend_schema(request=SavedViewWriteSerializer, responses={201: SavedViewSerializer})
    def create(self, request: Request) -> Response:
        """Keep a filter under a name."""

        def run() -> Response:
            given = valid(SavedViewWriteSerializer, request)
            given["query"] = sound_query(self.actor, QueryDict(given["query"]))
            view = actions.save_view(by=self.actor, at=clock.now(), **given)
            return Response(SavedViewSerializer(view).data, status=201)

        return api_once(request, run)

    @extend_schema(request=SavedViewEditSerializer, responses=SavedViewSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Another name, another reach."""

        def run() -> Response:
            view = self.get_object()
            kept = {name: getattr(view, name) for name in ("name", "is_shared", "is_default")}
            given = kept | valid(SavedViewEditSerializer, request)
            changed = actions.change_view(view, by=self.actor, at=clock.now(), **given)
            return Response(SavedViewSerializer(changed).data)

        return api_once(request, run)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        actions.delete_view(self.get_object(), by=self.actor, at=clock.now())
        return Response(status=204)
