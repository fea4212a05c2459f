"""Laporan khusus and laporan situasi over the API."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.actions.special_reports import issue_special_report
from incidents.api.incidents import read_by, valid
from incidents.enums import Audience
from incidents.exports.situation import situation_pdf
from incidents.models import Incident, SpecialReport
from incidents.queries.situation import (
    HOURS,
    Situation,
    cut_off,
    last_cut_off,
    reportable,
    situation,
)
from incidents.queries.special_reports import paper_of
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.attachments.storage import read
from portal.audit.record import record_read
from portal.documents.download import PDF_TYPE, AnyFile, download
from portal.web.forms import MAX_TEXT
from portal.web.idempotency import api_once


class SpecialReportSerializer(serializers.ModelSerializer):
    incident = serializers.SlugRelatedField(slug_field="number", read_only=True)
    issued_by = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    agency = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = SpecialReport
        fields = [
            "id", "number", "incident", "audience", "situation", "plan", "sha256",
            "classification", "illustrative", "issued_by", "agency", "issued_at",
        ]  # fmt: skip
        read_only_fields = fields


class SpecialReportWriteSerializer(serializers.Serializer):
    """`audience`: agencies or internal; a paper for the public is not issued here."""

    incident = serializers.IntegerField(min_value=1)
    audience = serializers.ChoiceField(choices=Audience.choices, default=Audience.AGENCIES)
    situation = serializers.CharField(max_length=MAX_TEXT)
    plan = serializers.CharField(max_length=MAX_TEXT)


class SpecialReportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Special reports (laporan khusus): issued papers of incidents, which never change."""

    queryset = SpecialReport.objects.select_related("incident", "issued_by", "agency").order_by(
        "-issued_at", "-pk"
    )
    serializer_class = SpecialReportSerializer
    filter_backends = []
    needs = {
        "list": Permission.INCIDENT_VIEW,
        "retrieve": Permission.INCIDENT_VIEW,
        "create": Permission.INCIDENT_HANDLE,
        "file": Permission.INCIDENT_VIEW,
    }

    def get_object(self) -> Any:
        return read_by(self.actor, super().get_object())

    @extend_schema(request=SpecialReportWriteSerializer, responses={201: SpecialReportSerializer})
    def create(self, request: Request) -> Response:
        """Issue the report of an incident as it stands now."""
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        given = valid(SpecialReportWriteSerializer, request, self.actor)
        seen = Incident.objects.visible_to(self.actor)
        incident = get_object_or_404(seen, pk=given.pop("incident"))
        report = issue_special_report(incident, **given, by=self.actor, at=clock.now())
        return Response(self.get_serializer(report).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={(200, PDF_TYPE): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=[AnyFile])
    def file(self, request: Request, pk: str) -> Any:
        """The paper as it was issued; the download is recorded."""
        report = get_object_or_404(self.get_queryset(), pk=pk)
        paper = paper_of(report)
        if paper is None:
            raise Http404
        record_read(paper, by=self.actor, at=clock.now(), verb="download")
        return download(read(paper.path), PDF_TYPE, paper.name)


class SituationQuery(serializers.Serializer):
    """`day` and `hour` name the cut-off in WITA; without them the last one that has passed."""

    region = serializers.CharField(max_length=13, required=False, default="")
    day = serializers.DateField(required=False, default=None)
    hour = serializers.ChoiceField(choices=HOURS, required=False, default=HOURS[0])


class SituationRowSerializer(serializers.Serializer):
    """An incident as it stood at the cut-off."""

    number = serializers.CharField()
    title = serializers.CharField()
    type = serializers.CharField()
    place = serializers.CharField()
    reported_at = serializers.DateTimeField()
    severity = serializers.IntegerField()
    state = serializers.CharField()
    lead = serializers.CharField()
    casualties = serializers.CharField(allow_blank=True)
    loss = serializers.CharField(allow_blank=True)
    action_taken = serializers.CharField(allow_blank=True)
    illustrative = serializers.BooleanField()


class SituationCountSerializer(serializers.Serializer):
    label = serializers.CharField()
    new = serializers.IntegerField()
    open = serializers.IntegerField()


class SituationWarningSerializer(serializers.Serializer):
    """An early warning that was valid at the cut-off."""

    number = serializers.CharField()
    rule = serializers.CharField()
    place = serializers.CharField()
    severity = serializers.IntegerField()
    raised_at = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()
    illustrative = serializers.BooleanField()


class SituationReadinessSerializer(serializers.Serializer):
    light = serializers.CharField(allow_blank=True)
    expected = serializers.IntegerField()
    received = serializers.IntegerField()
    late = serializers.IntegerField()
    missing = serializers.IntegerField()
    quarantined = serializers.IntegerField()
    present = serializers.IntegerField()
    total = serializers.IntegerField()
    as_of = serializers.DateTimeField(allow_null=True)


class SituationSerializer(serializers.Serializer):
    """The report; `withheld` are incidents of a higher class, in no other number."""

    region = serializers.CharField(source="region.code")
    since = serializers.DateTimeField()
    at = serializers.DateTimeField()
    new = SituationRowSerializer(many=True)
    open = SituationRowSerializer(many=True)
    by_severity = SituationCountSerializer(many=True)
    by_type = SituationCountSerializer(many=True)
    casualties = SituationRowSerializer(many=True)
    referred = SituationRowSerializer(many=True)
    warnings = SituationWarningSerializer(many=True)
    readiness = SituationReadinessSerializer(allow_null=True)
    withheld = serializers.IntegerField()


class SituationViewSet(ScopedViewSet):
    """The situation report (laporan situasi) of a region at 06.00 or 18.00 WITA."""

    queryset = Incident.objects.none()
    serializer_class = SituationSerializer
    needs = {"list": Permission.INCIDENT_VIEW, "pdf": Permission.INCIDENT_VIEW}
    filter_backends = []
    pagination_class = None

    @extend_schema(parameters=[SituationQuery], responses=SituationSerializer)
    def list(self, request: Request) -> Response:
        """The region as it stood at the cut-off, as far as its incidents are in sight."""
        return Response(SituationSerializer(self._found(request)).data)

    @extend_schema(
        parameters=[SituationQuery], request=None, responses={(200, PDF_TYPE): OpenApiTypes.BINARY}
    )
    @action(detail=False, methods=["get"], renderer_classes=[AnyFile])
    def pdf(self, request: Request) -> Any:
        """The same as PDF/A; the download is recorded."""
        found, at = self._found(request), clock.now()
        record_read(found.region, by=self.actor, at=at, verb="situation_print")
        name, pdf = situation_pdf(found, reader=self.actor, at=at)
        return download(pdf, PDF_TYPE, name)

    def _found(self, request: Request) -> Situation:
        asked = SituationQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        values, now = asked.validated_data, clock.now()
        regions = reportable(self.actor)
        code = values["region"]
        region = get_object_or_404(regions, pk=code) if code else regions.first()
        if region is None:
            raise Http404
        day = values["day"]
        moment = cut_off(day, values["hour"]) if day else last_cut_off(now)
        if moment > now:
            raise Refused(_("Batas waktu ini belum lewat."), "day")
        return situation(self.actor, region, moment)
