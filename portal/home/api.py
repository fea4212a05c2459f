"""The search over the API: the same rows and excerpts as on the page."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from portal.access.needs import Needs
from portal.access.permissions import Permission
from portal.home import search as finder

KINDS = [source.key for source in finder.SOURCES]


class HitSerializer(serializers.Serializer):
    """`excerpt` is HTML: text that is escaped, and `<mark>` around what was found."""

    title = serializers.CharField()
    url = serializers.CharField()
    note = serializers.CharField()
    excerpt = serializers.CharField()
    state = serializers.SerializerMethodField()

    def get_state(self, hit: Any) -> str:
        return str(hit.badge[1]) if hit.badge else ""


class GroupSerializer(serializers.Serializer):
    """The hits of one kind of record: `count` is how many the post may see, `hits` the first of
    them, or with `kind` those of the page."""

    kind = serializers.CharField(source="key")
    label = serializers.CharField()
    count = serializers.IntegerField()
    hits = HitSerializer(many=True)


class SearchAskSerializer(serializers.Serializer):
    """As in the address."""

    q = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=KINDS, required=False)

    def validate_q(self, text: str) -> finder.Wanted:
        words = finder.wanted(text)
        if words is None:
            raise serializers.ValidationError(_("Ketik paling sedikit dua huruf"))
        return words


class SearchViewSet(ViewSet):
    """One search over all that the post may see."""

    permission_classes = [Needs]
    needs = {"list": Permission.SEARCH_USE}

    @extend_schema(
        parameters=[SearchAskSerializer, OpenApiParameter("page", int)],
        responses=GroupSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """The kinds with at least one hit, the best hits first; with `kind` only that, in pages."""
        asked = SearchAskSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        words = asked.validated_data["q"]
        source = finder.source_of(asked.validated_data.get("kind", ""))
        if source is None:
            groups = finder.search(request._request.actor, words)
        else:
            group, _page = finder.group_page(request._request, source, words)
            groups = [group] if group.count else []
        return Response(GroupSerializer(groups, many=True).data)


ROUTES = [("search", SearchViewSet, "search")]
