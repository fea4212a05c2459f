"""Exercises and parades over the API: planned, attended, closed, with findings that oblige."""

from collections.abc import Callable

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.lessons import seen
from coordination.api.requests import valid, with_etag
from coordination.api.serializers import Moment, Unsent, VersionSerializer, number
from deployments import actions
from deployments.actions.events import PLAN
from deployments.api.requests import agency, needed_version, region, unit
from deployments.enums import EventKind, EventResult
from deployments.filters import EventFilter
from deployments.models import CertifyingEvent, EventParticipant
from deployments.views.reading import running
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.web.forms import MAX_TEXT
from portal.web.idempotency import api_once


class ParticipantSerializer(serializers.ModelSerializer):
    agency = serializers.SlugRelatedField("slug", read_only=True)
    unit = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = EventParticipant
        fields = ("agency", "unit", "planned", "attended")


class EventSerializer(serializers.ModelSerializer):
    """An exercise or parade that certifies readiness. `findings` that became obligations have the
    number of their directive."""

    agency = serializers.SlugRelatedField("slug", read_only=True)
    unit = serializers.SlugRelatedField("slug", read_only=True)
    region = serializers.CharField(source="region_id", read_only=True)
    participants = ParticipantSerializer(many=True, read_only=True)
    findings = serializers.SerializerMethodField()

    class Meta:
        model = CertifyingEvent
        fields = (
            "id",
            "kind",
            "title",
            "agency",
            "unit",
            "starts_at",
            "place",
            "region",
            "materials",
            "state",
            "result",
            "summary",
            "participants",
            "findings",
            "source",
            "illustrative",
            "version",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_findings(self, event) -> list[dict]:
        return [
            {
                "id": row.pk,
                "agency": row.agency.slug,
                "text": row.text,
                "due_at": row.due_at.isoformat(),
                "directive": row.directive.number if row.directive else None,
            }
            for row in event.findings.all()
        ]


class EventWriteSerializer(serializers.Serializer):
    """The plan. `region` by its code."""

    kind = serializers.ChoiceField(choices=EventKind.choices)
    title = serializers.CharField(max_length=160)
    agency = agency()
    unit = unit(required=False, allow_null=True, default=None)
    starts_at = Moment()
    place = serializers.CharField(max_length=160)
    region = region()
    materials = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")


class EventEditSerializer(Unsent, EventWriteSerializer, VersionSerializer):
    """What is not sent stays as it is."""


class ParticipantWriteSerializer(serializers.Serializer):
    """Said again of the same agency or unit, it replaces what was said."""

    agency = agency()
    unit = unit(required=False, allow_null=True, default=None)
    planned = serializers.IntegerField(min_value=1)
    attended = serializers.IntegerField(min_value=0, required=False, allow_null=True, default=None)


class CarryOutSerializer(VersionSerializer):
    result = serializers.ChoiceField(choices=EventResult.choices)
    summary = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")


class EventCancelSerializer(VersionSerializer):
    reason = serializers.CharField(max_length=2000)


class FindingWriteSerializer(serializers.Serializer):
    agency = agency()
    text = serializers.CharField(max_length=4000)
    due_at = Moment()


class FindingChoiceSerializer(serializers.Serializer):
    """A finding of the event, by its id."""

    finding = number()


class EventViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Exercises and parades in sight, the newest first."""

    queryset = (
        CertifyingEvent.objects.select_related("operation", "agency", "unit", "region")
        .prefetch_related(
            "participants__agency", "participants__unit", "findings__agency", "findings__directive"
        )
        .order_by("-starts_at", "-pk")
    )
    serializer_class = EventSerializer
    filterset_class = EventFilter
    needs = {
        "list": Permission.EVENT_VIEW,
        "retrieve": Permission.EVENT_VIEW,
        "create": Permission.EVENT_PLAN,
        "partial_update": Permission.EVENT_PLAN,
        "participants": Permission.EVENT_PLAN,
        "carry_out": Permission.EVENT_PLAN,
        "cancel": Permission.EVENT_PLAN,
        "findings": Permission.EVENT_PLAN,
        "oblige": Permission.EVENT_PLAN,
    }

    @extend_schema(request=EventWriteSerializer, responses={201: EventSerializer})
    def create(self, request: Request) -> Response:
        """Plan one in the running operation."""

        def run() -> Response:
            given = valid(EventWriteSerializer, request)
            at = clock.now()
            event = actions.plan_event(running(at), given, by=self.actor, at=at)
            return self._shown(event, 201)

        return api_once(request, run)

    @extend_schema(request=EventEditSerializer, responses=EventSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the plan, as long as it is one."""

        def run() -> Response:
            given = valid(EventEditSerializer, request)
            event = self._held()
            version = needed_version(request, given)
            values = {name: getattr(event, name) for name in PLAN} | given
            at = clock.now()
            actions.change_event(event, values, version=version, by=self.actor, at=at)
            return self._shown(event)

        return api_once(request, run)

    @extend_schema(request=ParticipantWriteSerializer, responses=EventSerializer)
    @action(detail=True, methods=["post"])
    def participants(self, request: Request, pk: str) -> Response:
        """Add participants, or set their number anew."""
        return self._step(request, ParticipantWriteSerializer, actions.set_participant)

    @extend_schema(request=CarryOutSerializer, responses=EventSerializer)
    @action(detail=True, methods=["post"], url_path="carry-out")
    def carry_out(self, request: Request, pk: str) -> Response:
        """Close the event with its result."""
        return self._step(request, CarryOutSerializer, actions.carry_out_event)

    @extend_schema(request=EventCancelSerializer, responses=EventSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Call it off, with a reason."""
        return self._step(request, EventCancelSerializer, actions.cancel_event)

    @extend_schema(request=FindingWriteSerializer, responses=EventSerializer)
    @action(detail=True, methods=["post"])
    def findings(self, request: Request, pk: str) -> Response:
        """Note what was found wanting, and with whom."""
        return self._step(request, FindingWriteSerializer, actions.add_finding)

    @extend_schema(request=FindingChoiceSerializer, responses=EventSerializer)
    @action(detail=True, methods=["post"])
    def oblige(self, request: Request, pk: str) -> Response:
        """Make a finding an obligation of its agency; twice changes nothing."""

        def run() -> Response:
            given = valid(FindingChoiceSerializer, request)
            event = self._held()
            require(self.actor, Permission.DIRECTIVE_ISSUE)
            finding = seen(event.findings.all(), given, "finding")
            actions.oblige_finding(finding, by=self.actor, at=clock.now())
            return self._shown(event)

        return api_once(request, run)

    def _held(self) -> CertifyingEvent:
        """The event of the address, for who holds it."""
        event = self.get_object()
        require(self.actor, Permission.EVENT_PLAN, event)
        return event

    def _step(self, request: Request, serializer: type, call: Callable) -> Response:
        def run() -> Response:
            given = valid(serializer, request)
            event = self._held()
            if issubclass(serializer, VersionSerializer):
                given["version"] = needed_version(request, given)
            call(event, **given, by=self.actor, at=clock.now())
            return self._shown(event)

        return api_once(request, run)

    def _shown(self, event: CertifyingEvent, status: int = 200) -> Response:
        row = self.get_queryset().get(pk=event.pk)
        return with_etag(Response(self.get_serializer(row).data, status=status), row)
