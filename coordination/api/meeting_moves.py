"""A rakor that is planned already: changed, opened, closed, put off, called off, more invited."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions import meetings
from coordination.api.planning import series_of
from coordination.api.requests import ReadViewSet, valid, version_of
from coordination.api.serializers import (
    InviteSerializer,
    MeetingDetailSerializer,
    MeetingEditSerializer,
    ReasonSerializer,
)
from portal import clock
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.web.idempotency import api_once


def refuse_other_chair(actor: Actor, post: Post | None) -> None:
    """Raises ValidationError unless the own agency's commander or coordinator is named."""
    chairs = Post.objects.of_agencies([actor.agency_id]).with_role(Role.COMMANDER, Role.COORDINATOR)
    if post is not None and not chairs.filter(pk=post.pk).exists():
        text = _("Jabatan ini bukan pimpinan atau koordinator instansi Anda.")
        raise serializers.ValidationError({"chair_post": text})


class MoveActions(ReadViewSet):
    """For the view set of meetings."""

    move_needs: ClassVar[dict[str, Permission]] = {
        "partial_update": Permission.MEETING_PLAN,
        "open_session": Permission.MEETING_RUN,
        "close_session": Permission.MEETING_RUN,
        "postpone": Permission.MEETING_PLAN,
        "cancel": Permission.MEETING_PLAN,
        "invite": Permission.MEETING_PLAN,
    }

    @extend_schema(request=MeetingEditSerializer, responses=MeetingDetailSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a rakor that has not begun; who is invited hears of a new title, time or place."""
        return api_once(request, lambda: self._edit(request))

    def _edit(self, request: Request) -> Response:
        given = valid(MeetingEditSerializer, request)
        version = version_of(request, given)
        refuse_other_chair(self.actor, given.get("chair_post"))
        if "series" in given:
            given["series"] = series_of(self.actor, given["series"])
        if "agenda" in given:
            given["agenda"] = [
                meetings.AgendaDraft(pk=line.pop("id"), **line) for line in given["agenda"]
            ]
        meeting = self.get_object()
        meetings.edit_meeting(meeting, by=self.actor, at=clock.now(), version=version, **given)
        return self.shown_again(meeting)

    @extend_schema(request=None, responses=MeetingDetailSerializer)
    @action(detail=True, methods=["post"], url_path="open")
    def open_session(self, request: Request, pk: str) -> Response:
        """Open the session; a second time changes nothing."""
        return self._moved(request, None, meetings.start_meeting)

    @extend_schema(request=None, responses=MeetingDetailSerializer)
    @action(detail=True, methods=["post"], url_path="close")
    def close_session(self, request: Request, pk: str) -> Response:
        """Close the session; a second time changes nothing."""
        return self._moved(request, None, meetings.close_meeting)

    @extend_schema(request=ReasonSerializer, responses=MeetingDetailSerializer)
    @action(detail=True, methods=["post"])
    def postpone(self, request: Request, pk: str) -> Response:
        """Put it off, with the reason that everyone invited will read."""
        return self._moved(request, ReasonSerializer, meetings.postpone_meeting)

    @extend_schema(request=ReasonSerializer, responses=MeetingDetailSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Call it off, with the reason that everyone invited will read."""
        return self._moved(request, ReasonSerializer, meetings.cancel_meeting)

    @extend_schema(request=InviteSerializer, responses=MeetingDetailSerializer)
    @action(detail=True, methods=["post"])
    def invite(self, request: Request, pk: str) -> Response:
        """Give agencies a seat, or ask one again whose seat was taken back; letters go out if the
        rakor is called for."""

        def call(meeting: Any, *, agencies: list, **who: Any) -> Any:
            return meetings.invite_agencies(meeting, agencies, **who)

        return self._moved(request, InviteSerializer, call)

    def _moved(self, request: Request, serializer: type | None, call: Callable) -> Response:
        def run() -> Response:
            given = valid(serializer, request) if serializer else {}
            meeting = self.get_object()
            call(meeting, by=self.actor, at=clock.now(), **given)
            return self.shown_again(meeting)

        return api_once(request, run)
