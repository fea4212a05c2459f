"""Files of minutes, and minutes as files."""

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import exports
from coordination.actions import minutes as actions
from coordination.api.lessons import seen
from coordination.api.requests import ReadViewSet, valid
from coordination.api.serializers.writing import (
    FileChoiceSerializer,
    FileSerializer,
    FileWriteSerializer,
)
from coordination.enums import MinutesState
from portal import clock
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.attachments.models import Attachment
from portal.audit.record import record_read
from portal.documents.docx import DOCX_TYPE
from portal.documents.download import PDF_TYPE, AnyFile, download
from portal.web.idempotency import api_once
from portal.web.parsing import TextFilesParser

WITHOUT = OpenApiParameter(
    "without", str, many=True, enum=list(exports.PARTS), description="Parts to leave out."
)


class FileActions(ReadViewSet):
    """For the view set of minutes."""

    file_needs: ClassVar[dict[str, Permission]] = {
        "files": Permission.MINUTES_VIEW,
        "add_file": Permission.MINUTES_WRITE,
        "remove_file": Permission.MINUTES_WRITE,
        "pdf": Permission.MINUTES_VIEW,
        "docx": Permission.MINUTES_VIEW,
    }

    @extend_schema(request=None, responses=FileSerializer(many=True))
    @action(
        detail=True,
        methods=["get"],
        pagination_class=None,
        filter_backends=[],
        parser_classes=[TextFilesParser],
    )
    def files(self, request: Request, pk: str) -> Response:
        """The files that belong to the minutes."""
        return Response(FileSerializer(exports.files_of(self.read_object()), many=True).data)

    @extend_schema(
        request={"multipart/form-data": FileWriteSerializer}, responses={201: FileSerializer}
    )
    @files.mapping.post
    def add_file(self, request: Request, pk: str) -> Response:
        """Hang a file on the draft (multipart/form-data)."""

        def run() -> Response:
            given = valid(FileWriteSerializer, request)
            file = actions.add_file(self.get_object(), by=self.actor, at=clock.now(), **given)
            return Response(FileSerializer(file).data, status=201)

        return api_once(request, run)

    @extend_schema(request=FileChoiceSerializer, responses={204: None})
    @action(detail=True, methods=["post"], url_path="remove-file")
    def remove_file(self, request: Request, pk: str) -> Response:
        """Take a file off the draft again."""

        def run() -> Response:
            given = valid(FileChoiceSerializer, request)
            minutes = self.get_object()
            require(self.actor, Permission.MINUTES_WRITE, minutes.meeting)
            own = Attachment.objects.filter(pk__in=[row.pk for row in exports.files_of(minutes)])
            file = seen(own, given, "file")
            actions.remove_file(minutes, file, by=self.actor, at=clock.now())
            return Response(status=204)

        return api_once(request, run)

    @extend_schema(
        request=None, parameters=[WITHOUT], responses={(200, PDF_TYPE): OpenApiTypes.BINARY}
    )
    @action(detail=True, methods=["get"], renderer_classes=[AnyFile])
    def pdf(self, request: Request, pk: str) -> Any:
        """The published notula as PDF/A; the download is recorded, and the copy known again."""
        minutes, at = self.read_object(), clock.now()
        if minutes.state != MinutesState.PUBLISHED:
            raise Http404
        file = self._file(request, minutes, "pdf", at)
        actions.issue_copy(minutes, file[0], by=self.actor, at=at)
        return download(*file)

    @extend_schema(
        request=None, parameters=[WITHOUT], responses={(200, DOCX_TYPE): OpenApiTypes.BINARY}
    )
    @action(detail=True, methods=["get"], renderer_classes=[AnyFile])
    def docx(self, request: Request, pk: str) -> Any:
        """The notula as DOCX for further work, drafts too; the download is recorded."""
        minutes, at = self.read_object(), clock.now()
        record_read(minutes, by=self.actor, at=at, verb="download")
        return download(*self._file(request, minutes, "docx", at))

    def _file(self, request: Request, minutes: Any, kind: str, at: Any) -> tuple[bytes, str, str]:
        return exports.notula_file(
            minutes,
            kind,
            reader=self.actor,
            name=request.user.name,
            without=request.query_params.getlist("without"),
            at=at,
        )
