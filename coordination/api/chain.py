"""The chain of an obligation and what is said about it; agenda items that came back."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions.carry_over import drop_item
from coordination.actions.comments import strike_comment, write_comment
from coordination.api.lessons import seen
from coordination.api.requests import ReadViewSet, valid
from coordination.api.serializers import agencies, number, slug
from coordination.models import Comment, Mention, Obligation
from coordination.queries import links
from portal import clock
from portal.access.permissions import Permission
from portal.accounts.models import Post
from portal.web.idempotency import api_once


class TurnSerializer(serializers.Serializer):
    title = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField()


class LinkSerializer(serializers.Serializer):
    """`state`: done, missing, hidden (not for you) or absent (given outside a rakor)."""

    key = serializers.CharField()
    label = serializers.CharField()
    state = serializers.ChoiceField(choices=[links.DONE, links.MISSING, links.HIDDEN, links.ABSENT])
    title = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField()
    files = serializers.ListField(child=serializers.DictField())
    turns = TurnSerializer(many=True)


class CommentSerializer(serializers.ModelSerializer):
    agency = slug(read_only=True)
    post = slug(read_only=True)
    mentions = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields = [
            "id",
            "agency",
            "post",
            "body",
            "is_internal",
            "mentions",
            "at",
            "struck_at",
            "strike_reason",
        ]

    def get_mentions(self, comment: Comment) -> list[str]:
        """Slugs of posts and agencies."""
        return [_slug(mention) for mention in comment.mentions.all()]


def _slug(mention: Mention) -> str:
    called = mention.post or mention.agency
    return called.slug if called else ""


class CommentWriteSerializer(serializers.Serializer):
    """Internal to the own agency unless `is_internal` is false; who may not read it cannot be
    called on."""

    body = serializers.CharField(max_length=4000)
    is_internal = serializers.BooleanField(default=True)
    posts = slug(queryset=Post.objects.all(), many=True, default=list)
    agencies = agencies(many=True, default=list)


class StrikeSerializer(serializers.Serializer):
    """The own comment, by its id, and why it is struck out."""

    comment = number()
    reason = serializers.CharField(max_length=300)


class ChainActions(ReadViewSet):
    """For the view set of obligations."""

    chain_needs: ClassVar[dict[str, Permission]] = {
        "chain": Permission.OBLIGATION_VIEW,
        "comments": Permission.OBLIGATION_VIEW,
        "comment": Permission.COMMENT_WRITE,
        "strike_comment": Permission.COMMENT_WRITE,
    }

    @extend_schema(request=None, responses=LinkSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def chain(self, request: Request, pk: str) -> Response:
        """The seven links from the agenda item to the closure, as far as the post may see them."""
        related = ("agency", "acknowledged_by", "closed_by", "directive__section__agenda_item")
        rows = Obligation.objects.visible_to(self.actor).select_related(*related)
        row = rows.get(pk=self.read_object().pk)
        return Response(LinkSerializer(links.chain(row, self.actor), many=True).data)

    @extend_schema(request=None, responses=CommentSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def comments(self, request: Request, pk: str) -> Response:
        """What is said about it, oldest first; internal comments only of the own agency."""
        rows = Comment.objects.visible_to(self.actor).filter(obligation=self.read_object())
        rows = rows.select_related("agency", "post")
        rows = rows.prefetch_related("mentions__post", "mentions__agency")
        return Response(CommentSerializer(rows, many=True).data)

    @extend_schema(request=CommentWriteSerializer, responses={201: CommentSerializer})
    @action(detail=True, methods=["post"])
    def comment(self, request: Request, pk: str) -> Response:
        """Say something about it, and call on posts or agencies that may read it."""
        return api_once(request, lambda: self._comment(request))

    def _comment(self, request: Request) -> Response:
        given = valid(CommentWriteSerializer, request)
        comment = write_comment(
            self.get_object(),
            by=self.actor,
            at=clock.now(),
            body=given["body"],
            is_internal=given["is_internal"],
            posts=[post.pk for post in given["posts"]],
            agencies=[agency.pk for agency in given["agencies"]],
        )
        return Response(CommentSerializer(comment).data, status=201)

    @extend_schema(request=StrikeSerializer, responses=CommentSerializer)
    @action(detail=True, methods=["post"], url_path="strike-comment")
    def strike_comment(self, request: Request, pk: str) -> Response:
        """Strike out one's own comment; its words stay legible."""

        def run() -> Response:
            given = valid(StrikeSerializer, request)
            rows = Comment.objects.visible_to(self.actor).filter(obligation=self.get_object())
            comment = seen(rows, given, "comment")
            struck = strike_comment(comment, by=self.actor, at=clock.now(), **given)
            return Response(CommentSerializer(struck).data)

        return api_once(request, run)


class DropSerializer(serializers.Serializer):
    obligation = number()
    reason = serializers.CharField(max_length=500)


class CarryOverActions(ReadViewSet):
    """For the view set of meetings."""

    carry_over_needs: ClassVar[dict[str, Permission]] = {"drop": Permission.MEETING_PLAN}

    @extend_schema(request=DropSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        """Take an open obligation that came back off this agenda, with a reason."""
        return api_once(request, lambda: self._drop(request))

    def _drop(self, request: Request) -> Response:
        given = valid(DropSerializer, request)
        obligation = seen(Obligation.objects.visible_to(self.actor), given, "obligation")
        drop_item(
            self.get_object(), obligation, by=self.actor, at=clock.now(), reason=given["reason"]
        )
        return Response(status=204)
