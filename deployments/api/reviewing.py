"""The superior's part of a report over the API; and the report that nothing has changed."""

from collections.abc import Callable
from typing import ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.requests import valid, with_etag
from coordination.api.serializers import VersionSerializer
from deployments import actions
from deployments.api.readiness import ReadinessReportSerializer, ReadinessReportViewSet
from deployments.api.requests import needed_version
from deployments.models import ReadinessReport
from deployments.queries.pages import may_answer
from portal import clock
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.web.idempotency import api_once


class ReturnSerializer(VersionSerializer):
    """Why it goes back: in general, or at single fields by the key of a field or group."""

    note = serializers.CharField(max_length=2000, allow_blank=True, default="")
    comments = serializers.DictField(
        child=serializers.CharField(max_length=1000, allow_blank=True), default=dict
    )


class ReleaseSerializer(VersionSerializer):
    reason = serializers.CharField(max_length=2000)


class NihilSerializer(serializers.Serializer):
    unit = serializers.SlugField()
    cut_off_at = serializers.DateTimeField()


class ReviewedReportViewSet(ReadinessReportViewSet):
    """Readiness reports: every version in sight, newest cut-off first; what units send, and what
    the superior unit makes of it."""

    needs: ClassVar[dict[str, Permission]] = {
        **ReadinessReportViewSet.needs,
        "send_back": Permission.READINESS_VERIFY,
        "release": Permission.READINESS_VERIFY,
        "verify": Permission.READINESS_VERIFY,
        "nihil": Permission.READINESS_SUBMIT,
    }

    @extend_schema(request=ReturnSerializer, responses=ReadinessReportSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, pk: str) -> Response:
        """Send it back with a reason; it leaves all totals until the unit corrects it."""
        return self._review(request, ReturnSerializer, actions.return_report)

    @extend_schema(request=ReleaseSerializer, responses=ReadinessReportSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        """Let a quarantined report into the totals, with a reason."""
        return self._review(request, ReleaseSerializer, actions.release_report)

    @extend_schema(request=VersionSerializer, responses=ReadinessReportSerializer)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        """Confirm the figures as they stand."""
        return self._review(request, VersionSerializer, actions.verify_report)

    def _review(self, request: Request, serializer: type, call: Callable) -> Response:
        def run() -> Response:
            given = valid(serializer, request)
            report = self.get_object()
            require(self.actor, Permission.READINESS_VERIFY, report)
            version = needed_version(request, given)
            call(report, version=version, by=self.actor, at=clock.now(), **given)
            return self._shown(report)

        return api_once(request, run)

    @extend_schema(request=NihilSerializer, responses={201: ReadinessReportSerializer})
    @action(detail=False, methods=["post"])
    def nihil(self, request: Request) -> Response:
        """Nothing has changed: the figures of the last report hold for this cut-off too."""
        return api_once(request, lambda: self._nihil(request))

    def _nihil(self, request: Request) -> Response:
        given = valid(NihilSerializer, request)
        rows = may_answer(self.actor).filter(unit__slug=given["unit"])
        expected = rows.filter(cut_off_at=given["cut_off_at"]).first()
        if expected is None:
            text = _("Tidak ada laporan yang ditunggu dari satuan ini untuk saat itu.")
            raise serializers.ValidationError({"unit": text})
        require(self.actor, Permission.READINESS_SUBMIT, expected.unit)
        report = actions.repeat_report(expected, by=self.actor, at=clock.now())
        return self._shown(report, 201)

    def _shown(self, report: ReadinessReport, status: int = 200) -> Response:
        row = self.get_queryset().get(pk=report.pk)
        return with_etag(Response(self.get_serializer(row).data, status=status), row)
