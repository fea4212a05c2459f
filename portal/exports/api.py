"""Lists as files over the API: asked for, followed, taken. A worker makes them all."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.documents.download import AnyFile, download
from portal.exports import actions
from portal.exports.enums import ExportState, Format
from portal.exports.kinds import kind_of
from portal.exports.making import MEDIA_TYPES, file_name
from portal.exports.models import ExportJob
from portal.web.idempotency import api_once


class ExportSerializer(serializers.ModelSerializer):
    """`done` of `total` rows stand in the file; `file` is its address once it is ready."""

    file = serializers.SerializerMethodField()

    class Meta:
        model = ExportJob
        fields = [
            "id",
            "kind",
            "format",
            "query",
            "state",
            "done",
            "total",
            "size",
            "error",
            "classification",
            "created_at",
            "finished_at",
            "expires_at",
            "file",
        ]

    def get_file(self, job: ExportJob) -> str | None:
        ready = job.state == ExportState.DONE and job.expires_at and job.expires_at > clock.now()
        return reverse("export-file", args=[job.pk]) if ready else None


class ExportWriteSerializer(serializers.Serializer):
    """`query` is the filter of the list, as it stands in the address of its page."""

    kind = serializers.CharField(max_length=40)
    format = serializers.ChoiceField(choices=Format.choices)
    query = serializers.CharField(max_length=1000, allow_blank=True, default="")


class ExportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """What the post asked for, newest first."""

    queryset = ExportJob.objects.order_by("-created_at", "-pk")
    serializer_class = ExportSerializer
    needs = {
        "list": Permission.EXPORT_CREATE,
        "retrieve": Permission.EXPORT_CREATE,
        "create": Permission.EXPORT_CREATE,
        "file": Permission.EXPORT_CREATE,
    }

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.exclude(state=ExportState.EXPIRED) if self.action == "list" else rows

    @extend_schema(request=ExportWriteSerializer, responses={201: ExportSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a file; its job says when it is ready."""
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        given = ExportWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        kind = kind_of(asked["kind"])
        if kind is None:
            raise serializers.ValidationError({"kind": _("Daftar ini tidak dikenal.")})
        require(self.actor, kind.permission)
        at = clock.now()
        selection = kind.select(self.actor, asked["query"], at)
        job = actions.request_export(kind, asked["format"], selection, by=self.actor, at=at)
        return Response(ExportSerializer(job).data, status=201)

    @extend_schema(request=None, responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=[AnyFile])
    def file(self, request: Request, pk: str) -> Any:
        """The file; taking it is recorded."""
        job = self.get_object()
        kind = kind_of(job.kind)
        if kind is not None:
            require(self.actor, kind.permission)
        body = actions.read_file(job, by=self.actor, at=clock.now())
        name = file_name(kind, job.format, job.created_at) if kind else f"ekspor.{job.format}"
        return download(body, MEDIA_TYPES[job.format], name)


ROUTES = [("exports", ExportViewSet, "export")]
