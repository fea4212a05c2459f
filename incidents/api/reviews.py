"""After-action reviews over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.requests import version_of
from coordination.api.serializers import DirectiveSerializer
from coordination.api.steps import DirectiveWriteSerializer
from incidents.actions.reviews import add_review_item, write_review
from incidents.api.incidents import read_by, valid
from incidents.models import Incident, Review
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.web.forms import MAX_TEXT
from portal.web.idempotency import api_once


class ReviewSerializer(serializers.ModelSerializer):
    incident = serializers.SlugRelatedField(slug_field="number", read_only=True)
    post = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    agency = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Review
        fields = [
            "id", "incident", "happened", "expected", "went_well", "must_change", "post",
            "agency", "written_at", "updated_at", "version",
        ]  # fmt: skip
        read_only_fields = fields


class ReviewWriteSerializer(serializers.Serializer):
    incident = serializers.IntegerField(min_value=1)
    happened = serializers.CharField(max_length=MAX_TEXT)
    expected = serializers.CharField(max_length=MAX_TEXT)
    went_well = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")
    must_change = serializers.CharField(max_length=MAX_TEXT)
    version = serializers.IntegerField(min_value=1, required=False)


class ReviewViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """After-action reviews (kaji ulang) of closed incidents."""

    queryset = Review.objects.select_related("incident", "post", "agency").order_by(
        "-written_at", "-pk"
    )
    serializer_class = ReviewSerializer
    filter_backends = []
    needs = {
        "list": Permission.INCIDENT_VIEW,
        "retrieve": Permission.INCIDENT_VIEW,
        "create": Permission.INCIDENT_HANDLE,
        "items": Permission.DIRECTIVE_ISSUE,
    }

    def get_object(self) -> Any:
        review = super().get_object()
        read_by(self.actor, review.incident)
        return review

    @extend_schema(request=ReviewWriteSerializer, responses={201: ReviewSerializer})
    def create(self, request: Request) -> Response:
        """Write the review of an incident, or write it anew."""
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        given = valid(ReviewWriteSerializer, request, self.actor)
        version = version_of(request, given)
        seen = Incident.objects.visible_to(self.actor)
        incident = get_object_or_404(seen, pk=given.pop("incident"))
        review = write_review(incident, **given, version=version, by=self.actor, at=clock.now())
        return Response(self.get_serializer(review).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=DirectiveWriteSerializer, responses={201: DirectiveSerializer})
    @action(detail=True, methods=["post"])
    def items(self, request: Request, pk: str) -> Response:
        """Issue what must change as a directive that is done only with proof."""
        return api_once(request, lambda: self._items(request))

    def _items(self, request: Request) -> Response:
        sent = DirectiveWriteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        directive = add_review_item(
            self.get_object(), by=self.actor, at=clock.now(), **sent.values()
        )
        return Response(DirectiveSerializer(directive).data, status=status.HTTP_201_CREATED)
