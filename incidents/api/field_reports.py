"""Field reports over the API: what phones send when the network is back goes this way too."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.actions.accounts import Told
from incidents.actions.field_reports import file_report, send_field_report, set_aside
from incidents.actions.grouping import open_incident
from incidents.api.incidents import (
    IncidentReportSerializer,
    IncidentSerializer,
    read_by,
    slug,
    valid,
)
from incidents.filters import FieldReportFilter
from incidents.models import FieldReport, Incident
from incidents.queries import field_reports, pictures_of, pictures_of_each
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.registry.models import PollingStation
from portal.registry.queries import current_operation
from portal.web.idempotency import api_once
from portal.web.parsing import TextFilesParser, TextParser

AT_ONCE = 100
EXTRA = ("client_key", "written_at", "station", "situation", "next_steps", "photos", "follows")


class FieldReportSerializer(serializers.ModelSerializer):
    agency = slug(read_only=True)
    unit = slug(read_only=True)
    reporter_post = slug(read_only=True)
    station = serializers.SlugRelatedField(slug_field="code", read_only=True)
    files = serializers.SerializerMethodField()
    incident = serializers.SerializerMethodField()

    class Meta:
        model = FieldReport
        fields = [
            "id", "number", "type", "title", "involved", "occurrence", "occurred_at", "region",
            "place", "station", "latitude", "longitude", "cause", "chronology", "casualties",
            "loss", "action_taken", "situation", "next_steps", "disturbance", "severity",
            "at_kpps_request", "follows", "client_key", "written_at", "reported_at",
            "reporter_post", "unit", "agency", "classification", "illustrative", "files",
            "incident",
        ]  # fmt: skip
        read_only_fields = fields

    def get_files(self, report: FieldReport) -> list[dict[str, Any]]:
        listed = self.context.get("pictures")
        return pictures_of(report) if listed is None else listed[report.pk]

    def get_incident(self, report: Any) -> str | None:
        """The number of the incident that it stands in."""
        return getattr(report, "filed_number", None)


class FieldReportWriteSerializer(IncidentReportSerializer):
    """A field report as it is sent. `client_key` is the device's own name of it: the same one
    arriving twice is stored once."""

    client_key = serializers.UUIDField()
    written_at = serializers.DateTimeField(required=False)
    station = serializers.SlugRelatedField(
        slug_field="code", queryset=PollingStation.objects.all(), allow_null=True, default=None
    )
    situation = serializers.CharField(max_length=300, allow_blank=True, default="")
    next_steps = serializers.CharField(max_length=300, allow_blank=True, default="")
    follows = serializers.PrimaryKeyRelatedField(
        queryset=FieldReport.objects.none(), allow_null=True, default=None
    )
    photos = serializers.ListField(child=serializers.FileField(), default=list)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        actor = self.context.get("actor")
        if actor is None:  # Described, not used.
            return
        self.fields["follows"].queryset = FieldReport.objects.visible_to(actor)
        self.fields["station"].queryset = PollingStation.objects.of(current_operation(clock.now()))


class FileReportSerializer(serializers.Serializer):
    incident = serializers.SlugRelatedField(
        slug_field="number", queryset=Incident.objects.none(), help_text="KJ-…"
    )
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["incident"].queryset = Incident.objects.visible_to(self.context.get("actor"))


class IncidentReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class ChosenReportsSerializer(serializers.Serializer):
    """Some field reports in sight, by id; the first one gives the incident its words."""

    reports = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        min_length=1,
        max_length=AT_ONCE,
    )

    def validate_reports(self, ids: list[int]) -> list[FieldReport]:
        rows = FieldReport.objects.visible_to(self.context["actor"]).in_bulk(ids)
        if missing := [str(pk) for pk in ids if pk not in rows]:
            raise serializers.ValidationError(
                _("Tidak ada laporan lapangan %(ids)s dalam lingkup jabatan Anda.")
                % {"ids": ", ".join(missing)}
            )
        return [rows[pk] for pk in dict.fromkeys(ids)]


class FieldReportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Field reports in the post's sight; sending them, and putting them where they belong."""

    queryset = FieldReport.objects.all()
    serializer_class = FieldReportSerializer
    filterset_class = FieldReportFilter
    needs = {
        "list": Permission.INCIDENT_VIEW,
        "retrieve": Permission.INCIDENT_VIEW,
        "create": Permission.INCIDENT_REPORT,
        "file": Permission.INCIDENT_HANDLE,
        "set_aside": Permission.INCIDENT_HANDLE,
        "open_incident": Permission.INCIDENT_HANDLE,
    }
    parser_classes = [TextParser, TextFilesParser]
    pictures: dict[int, list[dict[str, Any]]] | None = None

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return FieldReport.objects.none()
        return field_reports(self.actor)

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        self.pictures = pictures_of_each(page or ())
        return page

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "pictures": self.pictures}

    def get_object(self) -> Any:
        """Every answer about one report shows the whole of it, so each is recorded as a read."""
        return read_by(self.actor, super().get_object())

    @extend_schema(request=FieldReportWriteSerializer, responses={201: FieldReportSerializer})
    def create(self, request: Request) -> Response:
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        given, at = valid(FieldReportWriteSerializer, request, self.actor), clock.now()
        extra = {name: given.pop(name) for name in EXTRA if name in given}
        extra.setdefault("written_at", at)
        report = send_field_report(Told(**given), by=self.actor, at=at, **extra)
        data = self.get_serializer(self.get_queryset().get(pk=report.pk)).data
        return Response(data, status=status.HTTP_201_CREATED)

    @extend_schema(request=FileReportSerializer, responses=FieldReportSerializer)
    @action(detail=True, methods=["post"])
    def file(self, request: Request, pk: str) -> Response:
        """Put the report into an incident; from another one it moves."""
        return api_once(request, lambda: self._file(request))

    def _file(self, request: Request) -> Response:
        given = valid(FileReportSerializer, request, self.actor)
        report = self.get_object()
        file_report(report, **given, by=self.actor, at=clock.now())
        return Response(self.get_serializer(self.get_queryset().get(pk=report.pk)).data)

    @extend_schema(request=IncidentReasonSerializer, responses=FieldReportSerializer)
    @action(detail=True, methods=["post"])
    def set_aside(self, request: Request, pk: str) -> Response:
        """Say why the report is no incident."""
        return api_once(request, lambda: self._set_aside(request))

    def _set_aside(self, request: Request) -> Response:
        given = valid(IncidentReasonSerializer, request, self.actor)
        report = self.get_object()
        set_aside(report, given["reason"], by=self.actor, at=clock.now())
        return Response(self.get_serializer(self.get_queryset().get(pk=report.pk)).data)

    @extend_schema(request=ChosenReportsSerializer, responses={201: IncidentSerializer})
    @action(detail=False, methods=["post"], url_path="open-incident")
    def open_incident(self, request: Request) -> Response:
        """Make one incident of several reports."""
        return api_once(request, lambda: self._open(request))

    def _open(self, request: Request) -> Response:
        given = valid(ChosenReportsSerializer, request, self.actor)
        incident = open_incident(given["reports"], by=self.actor, at=clock.now())
        data = IncidentSerializer(incident, context=self.get_serializer_context()).data
        return Response(data, status=status.HTTP_201_CREATED)
