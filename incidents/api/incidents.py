from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.actions.moves import move_incident, receive_incident
from incidents.actions.reports import add_update, report_incident
from incidents.api.statistics import StatisticsSerializer
from incidents.enums import (
    WRITTEN,
    Audience,
    Disturbance,
    IncidentState,
    Occurrence,
    Severity,
)
from incidents.filters import IncidentFilter
from incidents.models import Incident, IncidentType, IncidentUpdate
from incidents.queries import RELATED, masked, merged_numbers
from incidents.queries.statistics import statistics
from portal import clock
from portal.access.actor import Actor
from portal.access.api import ScopedViewSet
from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.audit.record import record_read
from portal.registry.enums import PROVINCE
from portal.registry.models import Region
from portal.registry.queries import current_operation
from portal.web.forms import MAX_TEXT
from portal.web.idempotency import api_once


def slug(**kwargs) -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(slug_field="slug", **kwargs)


def read_by(actor: Actor, row: Any) -> Any:
    """The same row; that it was read is recorded where it is Rahasia."""
    if row.classification >= Classification.RAHASIA:
        record_read(row, by=actor, at=clock.now())
    return row


def valid(
    serializer_class: type[serializers.Serializer], request: Request, actor: Actor
) -> dict[str, Any]:
    """What was sent, checked; 400 with the fields at fault otherwise."""
    serializer = serializer_class(data=request.data, context={"actor": actor})
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


class IncidentUpdateSerializer(serializers.ModelSerializer):
    post = slug(read_only=True)
    agency = slug(read_only=True)
    to_agency = slug(read_only=True)
    struck = serializers.SerializerMethodField()

    class Meta:
        model = IncidentUpdate
        fields = [
            "id", "kind", "text", "state", "to_agency", "audience", "post", "agency", "at",
            "struck",
        ]  # fmt: skip

    def get_struck(self, update: IncidentUpdate) -> str | None:
        """Why the entry was struck out, if it was."""
        return update.strike.reason if hasattr(update, "strike") else None


class IncidentSerializer(serializers.ModelSerializer):
    agency = slug(read_only=True)
    unit = slug(read_only=True)
    lead_agency = slug(read_only=True)
    supporting = slug(read_only=True, many=True)
    merged_into = serializers.SerializerMethodField()
    reporter_post = slug(read_only=True)

    class Meta:
        model = Incident
        fields = [
            "id",
            "number",
            "type",
            "title",
            "involved",
            "occurrence",
            "occurred_at",
            "region",
            "place",
            "latitude",
            "longitude",
            "cause",
            "chronology",
            "casualties",
            "loss",
            "action_taken",
            "disturbance",
            "severity",
            "state",
            "at_kpps_request",
            "reported_at",
            "reporter_post",
            "unit",
            "agency",
            "lead_agency",
            "supporting",
            "public_text",
            "merged_into",
            "classification",
            "illustrative",
            "version",
            "updated_at",
        ]
        read_only_fields = fields

    def get_merged_into(self, incident: Incident) -> str | None:
        """The number of the incident that it ended in, for those who see that one."""
        if incident.merged_into_id is None:
            return None
        view = self.context["view"]
        if view.targets is None:
            view.targets = merged_numbers(view.actor, [incident])
        return view.targets.get(incident.merged_into_id)


class IncidentReportSerializer(serializers.Serializer):
    """A report as it is sent; what it becomes, `IncidentSerializer` shows."""

    type = serializers.PrimaryKeyRelatedField(queryset=IncidentType.objects.all())
    title = serializers.CharField(max_length=160)
    chronology = serializers.CharField(max_length=MAX_TEXT)
    region = serializers.PrimaryKeyRelatedField(queryset=Region.objects.all())
    place = serializers.CharField(max_length=200)
    occurred_at = serializers.DateTimeField()
    occurrence = serializers.ChoiceField(choices=Occurrence.choices, default=Occurrence.OVER)
    severity = serializers.ChoiceField(choices=Severity.choices)
    disturbance = serializers.ChoiceField(choices=Disturbance.choices, default=Disturbance.REAL)
    involved = serializers.CharField(max_length=300, allow_blank=True, default="")
    cause = serializers.CharField(max_length=300, allow_blank=True, default="")
    casualties = serializers.CharField(max_length=300, allow_blank=True, default="")
    loss = serializers.CharField(max_length=300, allow_blank=True, default="")
    action_taken = serializers.CharField(max_length=500, allow_blank=True, default="")
    latitude = serializers.FloatField(allow_null=True, default=None)
    longitude = serializers.FloatField(allow_null=True, default=None)
    at_kpps_request = serializers.BooleanField(default=False)
    classification = serializers.ChoiceField(
        choices=Classification.choices, default=Classification.TERBATAS
    )


class MoveSerializer(serializers.Serializer):
    """`version` guards against a stale view. What another agency should take over is asked of it
    under `incident-requests`."""

    state = serializers.ChoiceField(choices=IncidentState.choices)
    reason = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")
    version = serializers.IntegerField(min_value=1, required=False)


class UpdateWriteSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in WRITTEN])
    text = serializers.CharField(max_length=MAX_TEXT)
    audience = serializers.ChoiceField(choices=Audience.choices, default=Audience.AGENCIES)


class IncidentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Incidents in the post's sight; reporting, moving on and the timeline."""

    queryset = (
        Incident.objects.select_related(*RELATED)
        .prefetch_related("supporting")
        .order_by("-reported_at", "-pk")
    )
    serializer_class = IncidentSerializer
    filterset_class = IncidentFilter
    needs = {
        "list": Permission.INCIDENT_VIEW,
        "retrieve": Permission.INCIDENT_VIEW,
        "create": Permission.INCIDENT_REPORT,
        "receive": Permission.INCIDENT_HANDLE,
        "move": Permission.INCIDENT_HANDLE,
        "updates": Permission.INCIDENT_VIEW,
        "statistics": Permission.INCIDENT_VIEW,
        "add_update": Permission.INCIDENT_REPORT,
    }

    targets: dict[int, str] | None = None

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        self.targets = merged_numbers(self.actor, page or ())
        return page

    def get_object(self) -> Any:
        """Every answer about one incident shows what is in it, so each is recorded as a read."""
        return read_by(self.actor, super().get_object())

    @extend_schema(request=IncidentReportSerializer, responses={201: IncidentSerializer})
    def create(self, request: Request) -> Response:
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        given = valid(IncidentReportSerializer, request, self.actor)
        incident = report_incident(**given, by=self.actor, at=clock.now())
        return Response(self.get_serializer(incident).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=StatisticsSerializer)
    @action(detail=False, methods=["get"], pagination_class=None)
    def statistics(self, request: Request) -> Response:
        """What the list holds under the same filter, in figures; those that were merged into
        another are counted there. `region` chooses the places that are told."""
        at = clock.now()
        operation = current_operation(at)
        if operation is None:
            raise NotFound
        rows = self.filter_queryset(self.get_queryset()).apart()
        asked = Region.objects.regencies().filter(pk=request.query_params.get("region", "")).first()
        figures = statistics(rows, operation, at, within=asked.pk if asked else PROVINCE)
        return Response(StatisticsSerializer(figures).data)

    @extend_schema(request=MoveSerializer, responses=IncidentSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """One step of the handling, where the table of moves allows it."""
        return api_once(request, lambda: self._move(request))

    def _move(self, request: Request) -> Response:
        given = valid(MoveSerializer, request, self.actor)
        state = given.pop("state")
        incident = move_incident(self.get_object(), state, by=self.actor, at=clock.now(), **given)
        return Response(self.get_serializer(incident).data)

    @extend_schema(request=None, responses=IncidentSerializer)
    @action(detail=True, methods=["post"])
    def receive(self, request: Request, pk: str) -> Response:
        """The lead says that it has the report: the first of the target times."""
        return api_once(request, lambda: self._receive())

    def _receive(self) -> Response:
        incident = receive_incident(self.get_object(), by=self.actor, at=clock.now())
        return Response(self.get_serializer(incident).data)

    @extend_schema(responses=IncidentUpdateSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def updates(self, request: Request, pk: str) -> Response:
        """The timeline, oldest first, without what is internal to other agencies."""
        rows = IncidentUpdate.objects.visible_to(self.actor).filter(incident=self.get_object())
        rows = rows.select_related("post", "agency", "to_agency", "strike")
        return Response(IncidentUpdateSerializer(masked(rows, self.actor), many=True).data)

    @extend_schema(request=UpdateWriteSerializer, responses={201: IncidentUpdateSerializer})
    @updates.mapping.post
    def add_update(self, request: Request, pk: str) -> Response:
        return api_once(request, lambda: self._add_update(request))

    def _add_update(self, request: Request) -> Response:
        given = valid(UpdateWriteSerializer, request, self.actor)
        update = add_update(self.get_object(), **given, by=self.actor, at=clock.now())
        data = IncidentUpdateSerializer(update).data
        return Response(data, status=status.HTTP_201_CREATED)
