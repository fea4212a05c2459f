"""Lists out of files over the API: sent, followed, applied or thrown away, undone."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.documents.download import AnyFile, download
from portal.documents.xlsx import CSV_TYPE, XLSX_TYPE
from portal.imports import actions, queries, sheets
from portal.imports.enums import Mode, RowVerdict, Source
from portal.imports.kinds import Kind, kind_of, opens
from portal.imports.models import ImportJob, ImportRow
from portal.web.idempotency import api_once
from portal.web.parsing import TextParser

MEDIA_TYPES = {Source.XLSX: XLSX_TYPE, Source.CSV: CSV_TYPE}


class ImportSerializer(serializers.ModelSerializer):
    """`done` of `total` rows of the present step; counts by verdict and by what became of them.
    `rejected`: the address of the refused rows as a file, if there are any."""

    rejected = serializers.SerializerMethodField()
    done = serializers.SerializerMethodField()

    class Meta:
        model = ImportJob
        fields = (
            "id", "kind", "name", "source", "size", "sha256", "state", "mode", "done", "total",
            "new", "changed", "same", "refused", "applied", "left_out", "undone", "kept", "notices",
            "error", "created_at", "finished_at", "expires_at", "rejected",
        )  # fmt: skip
        read_only_fields = fields

    def get_done(self, job: ImportJob) -> int:
        return queries.done_of(job)

    def get_rejected(self, job: ImportJob) -> str | None:
        there = queries.choices(job).rejected
        return reverse("import-rejected", args=[job.pk]) if there else None


class ImportRowSerializer(serializers.ModelSerializer):
    """A row: as it came (`raw`), its verdict, what it changes and what became of it."""

    class Meta:
        model = ImportRow
        fields = (
            "line", "raw", "verdict", "reasons", "before", "after", "object_id", "outcome",
            "outcome_reason",
        )  # fmt: skip
        read_only_fields = fields


class ImportWriteSerializer(serializers.Serializer):
    """Sent as `multipart/form-data`."""

    kind = serializers.CharField(max_length=40)
    file = serializers.FileField(allow_empty_file=True)


class ImportApplySerializer(serializers.Serializer):
    mode = serializers.ChoiceField(choices=Mode.choices)


class ImportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """What the post sent, newest first."""

    queryset = ImportJob.objects.order_by("-created_at", "-pk")
    serializer_class = ImportSerializer
    parser_classes = [TextParser, MultiPartParser]
    filterset_fields = ()
    needs = dict.fromkeys(
        ("list", "retrieve", "create", "rows", "apply", "discard", "undo", "rejected"),
        Permission.IMPORT_CREATE,
    )

    @extend_schema(
        request={"multipart/form-data": ImportWriteSerializer}, responses={201: ImportSerializer}
    )
    def create(self, request: Request) -> Response:
        """Send a file; a worker checks its rows, nothing is written."""
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        given = ImportWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        kind = kind_of(given.validated_data["kind"])
        if kind is None:
            raise serializers.ValidationError({"kind": _("Daftar ini tidak dikenal.")})
        self._open(kind)
        file = given.validated_data["file"]
        job = actions.upload_file(kind, file, by=self.actor, at=clock.now())
        return Response(ImportSerializer(job).data, status=201)

    def _open(self, kind: Kind | None) -> Kind:
        if kind is None or not opens(kind, self.actor):
            raise PermissionDenied
        return kind

    @extend_schema(
        parameters=[OpenApiParameter("verdict", str, enum=RowVerdict.values)],
        responses=ImportRowSerializer(many=True),
    )
    @action(detail=True, methods=["get"])
    def rows(self, request: Request, pk: str) -> Response:
        """The rows of the file, of one verdict if that is asked for."""
        rows = queries.rows_of(self.get_object(), request.query_params.get("verdict", ""))
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(ImportRowSerializer(page, many=True).data)

    @extend_schema(request=ImportApplySerializer, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str) -> Response:
        """Have the rows written: `all` or nothing, or only the `good` ones."""
        return api_once(request, lambda: self._apply(request))

    def _apply(self, request: Request) -> Response:
        given = ImportApplySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        job, mode = self.get_object(), given.validated_data["mode"]
        done = actions.request_apply(job, mode, by=self.actor, at=clock.now())
        return Response(ImportSerializer(done).data)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        """Throw a file away that was not applied."""
        return api_once(request, self._discard)

    def _discard(self) -> Response:
        job = actions.discard_import(self.get_object(), by=self.actor, at=clock.now())
        return Response(ImportSerializer(job).data)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Have what was written taken back, as far as nothing was built on it since."""
        return api_once(request, self._undo)

    def _undo(self) -> Response:
        job = actions.request_undo(self.get_object(), by=self.actor, at=clock.now())
        return Response(ImportSerializer(job).data)

    @extend_schema(request=None, responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=[AnyFile])
    def rejected(self, request: Request, pk: str) -> Any:
        """The refused rows as a file, to be mended and sent again; taking it is recorded."""
        job = self.get_object()
        kind = self._open(kind_of(job.kind))
        rows = queries.rejected(job, kind)
        actions.note_download(job, len(rows), by=self.actor, at=clock.now())
        body = sheets.refused_rows(kind, job.source, rows)
        name = f"ditolak-{kind.name}-{job.pk}.{job.source}"
        return download(body, MEDIA_TYPES[Source(job.source)], name)


ROUTES = [("imports", ImportViewSet, "import")]
