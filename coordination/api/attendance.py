"""Signing in a rakor: with the code on the screen, at the desk, or afterwards."""

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions import attendance as actions
from coordination.api.requests import ReadViewSet, valid
from coordination.api.serializers import (
    AttendanceSerializer,
    AttendeeSerializer,
    CheckInSerializer,
    DeskSerializer,
)
from portal import clock
from portal.access.permissions import Permission
from portal.web.idempotency import api_once

PERSON = ("name", "office", "rank", "service_number", "represents")


class AttendanceActions(ReadViewSet):
    """For the view set of meetings."""

    attendance_needs: ClassVar[dict[str, Permission]] = {
        "check_in": Permission.MEETING_ATTEND,
        "sign_late": Permission.MEETING_ATTEND,
        "desk": Permission.MEETING_RUN,
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
