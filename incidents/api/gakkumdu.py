from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.requests import ReadViewSet, valid, version_of, with_etag
from incidents.actions import gakkumdu as actions
from incidents.actions.gakkumdu_clock import EDITABLE, LONGEST, change_clock_step
from incidents.actions.gakkumdu_opening import hand_over
from incidents.enums.gakkumdu import CaseBasis, Effect, Outcome, StepCode, StepState, TimeUnit
from incidents.models import CaseEntry, ClockStep, GakkumduCase, Incident
from incidents.queries.gakkumdu import clocks, holder, narrowed
from incidents.queries.gakkumdu_clock import CaseClock
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.web.forms import MAX_TEXT
from portal.web.idempotency import api_once


class StepTimeSerializer(serializers.Serializer):
    """A step on the clock; `ends_at` is the moment at which the time is over."""

    code = serializers.ChoiceField(choices=StepCode.choices)
    state = serializers.ChoiceField(choices=StepState.choices)
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    extended = serializers.BooleanField()
    returned = serializers.BooleanField()
    left = serializers.IntegerField(allow_null=True)
    unit = serializers.ChoiceField(choices=TimeUnit.choices)


class CaseSerializer(serializers.ModelSerializer):
    """A case with its clock, reckoned for the moment of the question."""

    incident_number = serializers.CharField(source="incident.number", read_only=True)
    type = serializers.CharField(source="incident.type_id", read_only=True)
    opened_by = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    holder = serializers.SerializerMethodField()
    lapsed = serializers.SerializerMethodField()
    clock = serializers.SerializerMethodField()

    class Meta:
        model = GakkumduCase
        fields = [
            "id",
            "number",
            "incident",
            "incident_number",
            "type",
            "region",
            "basis",
            "known_at",
            "received_at",
            "summary",
            "article",
            "step",
            "holder",
            "lapsed",
            "clock",
            "outcome",
            "opened_at",
            "opened_by",
            "closed_at",
            "classification",
            "illustrative",
            "version",
            "updated_at",
        ]
        read_only_fields = fields

    def to_representation(self, instance):
        # One reading of limits and calendar for all rows of an answer.
        context = self.context
        if instance.pk not in context.get("clocks", {}):
            parent = self.parent.instance if self.parent else [instance]
            context["clocks"] = clocks(parent, clock.now())
        return super().to_representation(instance)

    def get_holder(self, case: GakkumduCase) -> str:
        return holder(case)

    def get_lapsed(self, case: GakkumduCase) -> bool:
        return self._clock(case).ended

    @extend_schema_field(StepTimeSerializer(many=True))
    def get_clock(self, case: GakkumduCase):
        return StepTimeSerializer(self._clock(case).steps, many=True).data

    def _clock(self, case: GakkumduCase) -> CaseClock:
        return self.context["clocks"][case.pk]


class CaseEntrySerializer(serializers.ModelSerializer):
    post = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    agency = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = CaseEntry
        fields = ["id", "kind", "step", "happened_at", "due_at", "text", "post", "agency", "at"]


class _Versioned(serializers.Serializer):
    version = serializers.IntegerField(min_value=1, required=False)


class HandOverSerializer(_Versioned):
    """`complete`: the file of Bawaslu holds the minimum content of a report. `late`: it came after
    the time to report it, so that the case lapses at once, and is taken all the same."""

    incident = serializers.IntegerField(min_value=1)
    basis = serializers.ChoiceField(choices=CaseBasis.choices)
    known_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    summary = serializers.CharField(max_length=MAX_TEXT)
    article = serializers.CharField(max_length=200, allow_blank=True, default="")
    complete = serializers.BooleanField()
    late = serializers.BooleanField(default=False)


class CaseNumberSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.CharField()


class CaseFinishSerializer(_Versioned):
    step = serializers.ChoiceField(choices=StepCode.choices)
    happened_at = serializers.DateTimeField()
    note = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")


class CaseReturnSerializer(_Versioned):
    happened_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=MAX_TEXT)


class CaseExtendSerializer(_Versioned):
    step = serializers.ChoiceField(choices=StepCode.choices)
    reason = serializers.CharField(max_length=MAX_TEXT)


class CaseCloseSerializer(_Versioned):
    """`gugur` is taken only of a case that has lapsed, and then nothing else is."""

    outcome = serializers.ChoiceField(choices=Outcome.choices)
    reason = serializers.CharField(max_length=MAX_TEXT)


class CaseViewSet(ReadViewSet):
    """Cases of Sentra Gakkumdu; only its desk sees them."""

    queryset = (
        GakkumduCase.objects.select_related("incident", "opened_by", "region__parent")
        .prefetch_related("entries")
        .order_by("-opened_at", "-pk")
    )
    serializer_class = CaseSerializer
    needs = {
        "list": Permission.GAKKUMDU_VIEW,
        "retrieve": Permission.GAKKUMDU_VIEW,
        "entries": Permission.GAKKUMDU_VIEW,
        "create": Permission.INCIDENT_HANDLE,
        "finish": Permission.GAKKUMDU_HANDLE,
        "send_back": Permission.GAKKUMDU_HANDLE,
        "extend": Permission.GAKKUMDU_HANDLE,
        "close": Permission.GAKKUMDU_HANDLE,
    }

    @extend_schema(request=HandOverSerializer, responses={201: CaseNumberSerializer})
    def create(self, request: Request) -> Response:
        """Hand an incident to the desk. The answer holds the number only: who is no member of the
        desk reads nothing else from here on."""

        def run() -> Response:
            given = valid(HandOverSerializer, request)
            version = version_of(request, given)
            rows = Incident.objects.visible_to(self.actor)
            incident = rows.filter(pk=given.pop("incident")).first()
            if incident is None:
                raise NotFound
            case = hand_over(incident, by=self.actor, at=clock.now(), version=version, **given)
            return Response({"id": case.pk, "number": case.number}, status=201)

        return api_once(request, run)

    @extend_schema(responses=CaseEntrySerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def entries(self, request: Request, pk: str) -> Response:
        """The history, oldest first; it is added to, never changed."""
        rows = CaseEntry.objects.visible_to(self.actor).filter(case=self.get_object())
        return Response(CaseEntrySerializer(rows.select_related("post", "agency"), many=True).data)

    @extend_schema(request=CaseFinishSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """The running step is done; the next one runs."""
        return self._act(request, CaseFinishSerializer, actions.finish_step)

    @extend_schema(request=CaseReturnSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, pk: str) -> Response:
        """The prosecutor returns the file to the investigators, once."""
        return self._act(request, CaseReturnSerializer, actions.return_file)

    @extend_schema(request=CaseExtendSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, pk: str) -> Response:
        """Take the extension that the law gives the running step, once."""
        return self._act(request, CaseExtendSerializer, actions.extend_step)

    @extend_schema(request=CaseCloseSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close with an outcome."""
        return self._act(request, CaseCloseSerializer, actions.close_case)

    def _act(self, request: Request, given_as: type, act) -> Response:
        def run() -> Response:
            given = valid(given_as, request)
            version = version_of(request, given)
            case = self.get_object()
            done = act(case, by=self.actor, at=clock.now(), version=version, **given)
            return self.shown_again(done)

        return api_once(request, run)


class HandedOverSerializer(serializers.ModelSerializer):
    class Meta:
        model = Incident
        fields = ["number", "type", "region"]


class HandedOverViewSet(mixins.ListModelMixin, ScopedViewSet):
    """Incidents that the post saw and that Sentra Gakkumdu handles now: number, type, region."""

    queryset = Incident.objects.order_by("-reported_at", "-pk")
    serializer_class = HandedOverSerializer
    needs = {"list": Permission.INCIDENT_VIEW}

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Incident.objects.none()
        return narrowed(self.actor)

    def paginate_queryset(self, queryset):
        # Three facts are no reading of the record: none is noted, whatever its class.
        return super(ScopedViewSet, self).paginate_queryset(queryset)


class ClockStepSerializer(serializers.ModelSerializer):
    class Meta:
        model = ClockStep
        fields = ["code", "position", "actor", "actor_en", *EDITABLE, "by_hand", "version"]
        read_only_fields = fields


class ClockStepWriteSerializer(_Versioned):
    """What is not sent stays as it is."""

    limit = serializers.IntegerField(
        min_value=1, max_value=LONGEST, allow_null=True, required=False
    )
    unit = serializers.ChoiceField(choices=TimeUnit.choices, required=False)
    extension = serializers.IntegerField(min_value=0, max_value=LONGEST, required=False)
    effect = serializers.ChoiceField(choices=Effect.choices, required=False)
    lapse = serializers.CharField(max_length=200, required=False)
    lapse_en = serializers.CharField(max_length=200, required=False)
    remind_hours = serializers.IntegerField(min_value=0, max_value=24 * 14, required=False)
    source = serializers.CharField(max_length=200, required=False)


class ClockStepViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """The legal clock as it is set."""

    queryset = ClockStep.objects.order_by("position")
    serializer_class = ClockStepSerializer
    needs = {
        "list": Permission.GAKKUMDU_EDIT,
        "retrieve": Permission.GAKKUMDU_EDIT,
        "partial_update": Permission.GAKKUMDU_EDIT,
    }

    @extend_schema(request=ClockStepWriteSerializer, responses=ClockStepSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct a limit, an extension, an effect or a source."""

        def run() -> Response:
            given = valid(ClockStepWriteSerializer, request)
            version = version_of(request, given)
            step = change_clock_step(
                self.get_object(), by=self.actor, at=clock.now(), version=version, **given
            )
            return with_etag(Response(ClockStepSerializer(step).data), step)

        return api_once(request, run)
