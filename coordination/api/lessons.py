"""Bahan evaluasi, scores and what one follows."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions import lessons as actions
from coordination.actions.following import choose_following
from coordination.api.requests import ReadViewSet, valid, version_of
from coordination.api.serializers import (
    AgendaItemSerializer,
    VersionSerializer,
    agencies,
    number,
    slug,
)
from coordination.enums import LessonKind, LessonState
from coordination.filters import LessonFilter
from coordination.models import (
    AgendaItem,
    Directive,
    Following,
    Lesson,
    Meeting,
    Obligation,
)
from coordination.queries.agenda import items_for
from coordination.queries.lessons import readable_sections
from coordination.queries.scores import scores
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.web.idempotency import api_once


class LessonSerializer(serializers.ModelSerializer):
    operation = slug(read_only=True)
    owner_agency = slug(read_only=True)
    created_by = slug(read_only=True)

    class Meta:
        model = Lesson
        fields = [
            "id",
            "kind",
            "title",
            "text",
            "operation",
            "meeting",
            "agenda_item",
            "section",
            "owner_agency",
            "directive",
            "follow_up",
            "state",
            "classification",
            "illustrative",
            "version",
            "created_by",
            "created_at",
            "updated_at",
        ]


def seen(rows: QuerySet, given: dict[str, Any], name: str, by: str = "pk") -> Any:
    """The row that the field names, out of those given; None when it names none. Raises
    ValidationError when it is not among them."""
    value = given.pop(name, None)
    if value is None:
        return None
    row = rows.filter(**{by: value}).first()
    if row is None:
        raise serializers.ValidationError({name: _("Tidak ditemukan dalam lingkup Anda.")})
    return row


class LessonWriteSerializer(serializers.Serializer):
    meeting = number()
    kind = serializers.ChoiceField(choices=LessonKind.choices, default=LessonKind.PROBLEM)
    title = serializers.CharField(max_length=160)
    text = serializers.CharField(max_length=10_000)
    owner_agency = agencies()
    agenda_item = number(required=False, allow_null=True)
    section = number(required=False, allow_null=True)


class LessonFollowSerializer(VersionSerializer):
    """What came of it: a directive or words, unless it is opened again."""

    state = serializers.ChoiceField(choices=LessonState.choices)
    follow_up = serializers.CharField(max_length=4000, allow_blank=True, default="")
    directive = number(required=False, allow_null=True)


class LessonTakeSerializer(serializers.Serializer):
    """A rakor that is being planned, by its id."""

    meeting = number()


class LessonViewSet(ReadViewSet):
    """Problems and lessons raised in rakor, the newest first."""

    queryset = Lesson.objects.select_related("operation", "owner_agency", "created_by").order_by(
        "-created_at", "-pk"
    )
    serializer_class = LessonSerializer
    filterset_class = LessonFilter
    needs = {
        "list": Permission.LESSON_VIEW,
        "retrieve": Permission.LESSON_VIEW,
        "create": Permission.LESSON_RAISE,
        "follow": Permission.LESSON_FOLLOW,
        "take": Permission.MEETING_PLAN,
    }

    @extend_schema(request=LessonWriteSerializer, responses={201: LessonSerializer})
    def create(self, request: Request) -> Response:
        """Raise one, in a rakor that was opened."""
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        given = valid(LessonWriteSerializer, request)
        meeting = seen(Meeting.objects.visible_to(self.actor), given, "meeting")
        items = AgendaItem.objects.visible_to(self.actor).filter(meeting=meeting)
        given["agenda_item"] = seen(items, given, "agenda_item")
        given["section"] = seen(readable_sections(meeting, self.actor), given, "section")
        lesson = actions.raise_lesson(meeting, by=self.actor, at=clock.now(), **given)
        return self.shown_again(lesson, status=201)

    @extend_schema(request=LessonFollowSerializer, responses=LessonSerializer)
    @action(detail=True, methods=["post"])
    def follow(self, request: Request, pk: str) -> Response:
        """Say what came of it, as its owner or as the host of its rakor."""
        return api_once(request, lambda: self._follow(request))

    def _follow(self, request: Request) -> Response:
        given = valid(LessonFollowSerializer, request)
        version = version_of(request, given)
        given["directive"] = seen(Directive.objects.visible_to(self.actor), given, "directive")
        lesson = Lesson.objects.visible_to(self.actor).select_related("meeting")
        lesson = actions.follow_lesson(
            lesson.get(pk=self.get_object().pk),
            by=self.actor,
            at=clock.now(),
            version=version,
            **given,
        )
        return self.shown_again(lesson)

    @extend_schema(request=LessonTakeSerializer, responses={201: AgendaItemSerializer})
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Response:
        """Put it on the agenda of a rakor that has not begun; a second time finds it there."""

        def run() -> Response:
            given = valid(LessonTakeSerializer, request)
            meeting = seen(Meeting.objects.visible_to(self.actor), given, "meeting")
            lesson = self.get_object()
            item = actions.put_on_agenda(lesson, meeting, by=self.actor, at=clock.now())
            shown = items_for(self.actor).get(pk=item.pk)
            return Response(AgendaItemSerializer(shown).data, status=201)

        return api_once(request, run)


class ScoreSerializer(serializers.Serializer):
    """Of one agency; percentages and means are null where there is nothing to count."""

    agency = serializers.CharField(source="slug")
    obligations = serializers.IntegerField()
    acknowledged_in_time = serializers.IntegerField()
    acknowledge_counted = serializers.IntegerField()
    hours_to_acknowledge = serializers.FloatField(allow_null=True)
    carried_out_in_time = serializers.IntegerField()
    carry_out_counted = serializers.IntegerField()
    hours_late = serializers.FloatField(allow_null=True)
    late = serializers.IntegerField()
    waited_hours = serializers.FloatField()


class ScoreViewSet(ScopedViewSet):
    """How agencies keep their share, time spent waiting for others left out."""

    queryset = Obligation.objects.all()
    serializer_class = ScoreSerializer
    pagination_class = None
    needs = {"list": Permission.OBLIGATION_VIEW}

    @extend_schema(responses=ScoreSerializer(many=True))
    def list(self, request: Request) -> Response:
        return Response(ScoreSerializer(scores(self.actor, clock.now()), many=True).data)


class FollowingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Following
        fields = ["id", "obligation", "directive", "meeting", "is_on", "at"]


class FollowingWriteSerializer(serializers.Serializer):
    """Exactly one record, and whether to hear of it."""

    obligation = number(required=False, allow_null=True)
    directive = number(required=False, allow_null=True)
    meeting = number(required=False, allow_null=True)
    is_on = serializers.BooleanField(default=True)

    def validate(self, attrs: dict) -> dict:
        if sum(attrs.get(name) is not None for name in FOLLOWED) != 1:
            raise serializers.ValidationError(_("Sebutkan satu hal yang diikuti."))
        return attrs


FOLLOWED = {"obligation": Obligation, "directive": Directive, "meeting": Meeting}


class FollowingViewSet(mixins.ListModelMixin, ScopedViewSet):
    """What the post chose to hear of, or to hear no more of."""

    queryset = Following.objects.order_by("pk")
    serializer_class = FollowingSerializer
    needs = {"list": Permission.NOTIFICATION_VIEW, "create": Permission.NOTIFICATION_VIEW}

    @extend_schema(request=FollowingWriteSerializer, responses=FollowingSerializer)
    def create(self, request: Request) -> Response:
        """Follow one of the records that the post sees, or stop; the last choice counts."""
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        given = valid(FollowingWriteSerializer, request)
        (record,) = filter(
            None,
            [
                seen(model._default_manager.visible_to(self.actor), given, name)
                for name, model in FOLLOWED.items()
            ],
        )
        row = choose_following(record, by=self.actor, at=clock.now(), following=given["is_on"])
        return Response(FollowingSerializer(row).data)
