"""Signing in a rakor: with the code, at the desk, or afterwards; the list of it to take away."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions import attendance as actions
from coordination.api.lessons import seen
from coordination.api.requests import ReadViewSet, valid, version_of
from coordination.api.serializers import (
    AttendanceListSerializer,
    AttendanceRemoveSerializer,
    AttendanceSerializer,
    AttendeeSerializer,
    CheckInSerializer,
    DeskSerializer,
    MeetingDetailSerializer,
)
from coordination.exports.attendance import attendance_file
from coordination.models import Attendance
from coordination.queries.meetings import loaded
from portal import clock
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.audit.record import record_read
from portal.documents.download import PDF_TYPE, AnyFile, download
from portal.documents.xlsx import XLSX_TYPE
from portal.web.idempotency import api_once

PERSON = ("name", "office", "rank", "service_number", "represents")


class AttendanceActions(ReadViewSet):
    """For the view set of meetings."""

    attendance_needs: ClassVar[dict[str, Permission]] = {
        "check_in": Permission.MEETING_ATTEND,
        "sign_late": Permission.MEETING_ATTEND,
        "desk": Permission.MEETING_RUN,
        "attendance": Permission.MEETING_RUN,
        "remove_attendance": Permission.MEETING_RUN,
        "attendance_pdf": Permission.MEETING_VIEW,
        "attendance_xlsx": Permission.MEETING_VIEW,
    }

    @extend_schema(request=CheckInSerializer, responses={201: AttendanceSerializer})
    @action(detail=True, methods=["post"])
    def check_in(self, request: Request, pk: str) -> Response:
        """Sign for oneself with the code on the screen; a code works once per person."""
        return self._sign(request, CheckInSerializer, actions.check_in)

    @extend_schema(request=AttendeeSerializer, responses={201: AttendanceSerializer})
    @action(detail=True, methods=["post"], url_path="sign-late")
    def sign_late(self, request: Request, pk: str) -> Response:
        """Sign for oneself after the session; the line says so and counts for no quorum."""
        return self._sign(request, AttendeeSerializer, actions.sign_late)

    @extend_schema(request=DeskSerializer, responses={201: AttendanceSerializer})
    @action(detail=True, methods=["post"])
    def desk(self, request: Request, pk: str) -> Response:
        """Take down who stands at the desk, also of an agency without an invitation."""
        return self._sign(request, DeskSerializer, actions.check_in_at_desk)

    def _sign(self, request: Request, serializer: type, call: Callable) -> Response:
        def run() -> Response:
            given: dict[str, Any] = valid(serializer, request)
            person = actions.Attendee(**{name: given.pop(name) for name in PERSON})
            line = call(self.get_object(), person, by=self.actor, at=clock.now(), **given)
            shown = AttendanceSerializer(line, context=self.get_serializer_context())
            return Response(shown.data, status=201)

        return api_once(request, run)

    @extend_schema(request=AttendanceListSerializer, responses=MeetingDetailSerializer)
    @action(detail=True, methods=["post"])
    def attendance(self, request: Request, pk: str) -> Response:
        """Write the host's list as a whole; it stays open until the minutes are out."""

        def run() -> Response:
            given = valid(AttendanceListSerializer, request)
            version = version_of(request, given)
            seats = [actions.Seat(pk=line.pop("id"), **line) for line in given.pop("lines")]
            meeting = self.get_object()
            actions.record_attendance(
                meeting, seats, by=self.actor, at=clock.now(), version=version, **given
            )
            return self.shown_again(meeting)

        return api_once(request, run)

    @extend_schema(request=AttendanceRemoveSerializer, responses=MeetingDetailSerializer)
    @action(detail=True, methods=["post"], url_path="remove-attendance")
    def remove_attendance(self, request: Request, pk: str) -> Response:
        """Take a line off the list; the audit keeps what it said and why it went."""

        def run() -> Response:
            given = valid(AttendanceRemoveSerializer, request)
            meeting = self.get_object()
            require(self.actor, Permission.MEETING_RUN, meeting)
            lines = Attendance.objects.filter(meeting=meeting).select_related("meeting")
            line = seen(lines, given, "line")
            actions.remove_line(line, by=self.actor, at=clock.now(), **given)
            return self.shown_again(meeting)

        return api_once(request, run)

    @extend_schema(request=None, responses={(200, PDF_TYPE): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path="attendance-pdf", renderer_classes=[AnyFile])
    def attendance_pdf(self, request: Request, pk: str) -> Any:
        """The daftar hadir as PDF/A; the download is recorded."""
        return self._sheet(request, "pdf")

    @extend_schema(request=None, responses={(200, XLSX_TYPE): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path="attendance-xlsx", renderer_classes=[AnyFile])
    def attendance_xlsx(self, request: Request, pk: str) -> Any:
        """The daftar hadir as XLSX; the download is recorded."""
        return self._sheet(request, "xlsx")

    def _sheet(self, request: Request, kind: str) -> Any:
        meeting, at = loaded(self.actor).get(pk=self.read_object().pk), clock.now()
        file = attendance_file(meeting, kind, reader=self.actor, name=request.user.name, at=at)
        if file is None:
            raise Http404
        record_read(meeting, by=self.actor, at=at, verb="attendance_download")
        return download(*file)
