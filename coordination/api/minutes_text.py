"""Writing minutes over the API: begun, head and passages, kept texts and the way back."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions import minutes as actions
from coordination.api.lessons import seen
from coordination.api.requests import ReadViewSet, valid, version_of
from coordination.api.serializers.minutes import MinutesDetailSerializer
from coordination.api.serializers.writing import (
    HeadWriteSerializer,
    HistorySerializer,
    MinutesEditSerializer,
    OpenMinutesSerializer,
    RestoreSerializer,
)
from coordination.models import AgendaItem, Meeting, Minutes, SectionRevision
from coordination.queries import minutes as queries
from portal import clock
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.registry.models import Agency
from portal.web.idempotency import api_once


def speaking(minutes: Minutes, agencies: list[Agency] | None) -> list[str] | None:
    """Slugs of who speaks in a passage; raises ValidationError for one that has no seat."""
    if agencies is None:
        return None
    seated = {agency.pk for agency in queries.agencies_of_seats(minutes.meeting)}
    if strange := [agency for agency in agencies if agency.pk not in seated]:
        text = _("%(agency)s tidak diundang ke rakor ini.") % {"agency": strange[0].short_name}
        raise serializers.ValidationError({"speaking": text})
    return [agency.slug for agency in agencies]


class TextActions(ReadViewSet):
    """For the view set of minutes."""

    text_needs: ClassVar[dict[str, Permission]] = {
        "create": Permission.MINUTES_WRITE,
        "partial_update": Permission.MINUTES_WRITE,
        "write_head": Permission.MINUTES_WRITE,
        "history": Permission.MINUTES_WRITE,
        "restore": Permission.MINUTES_WRITE,
    }

    @extend_schema(request=OpenMinutesSerializer, responses={201: MinutesDetailSerializer})
    def create(self, request: Request) -> Response:
        """Begin the minutes of a rakor, one passage per agenda item; a second time finds them."""

        def run() -> Response:
            given = valid(OpenMinutesSerializer, request)
            meeting = seen(Meeting.objects.visible_to(self.actor), given, "meeting")
            opened = actions.open_minutes(meeting, by=self.actor, at=clock.now())
            return self.shown_again(opened, status=201)

        return api_once(request, run)

    @extend_schema(request=MinutesEditSerializer, responses=MinutesDetailSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Keep the draft as a whole: the head, and where they are sent the passages in order."""
        return api_once(request, lambda: self._edit(request))

    def _edit(self, request: Request) -> Response:
        given = valid(MinutesEditSerializer, request)
        version = version_of(request, given)
        minutes = self._written()
        lines = given.pop("sections", None)
        sections = None if lines is None else [self._section_of(minutes, line) for line in lines]
        actions.save_minutes(
            minutes, by=self.actor, at=clock.now(), version=version, sections=sections, **given
        )
        return self.shown_again(minutes)

    def _section_of(self, minutes: Minutes, line: dict[str, Any]) -> actions.SectionDraft:
        items = AgendaItem.objects.filter(meeting=minutes.meeting_id)
        line["agenda_item"] = seen(items, line, "agenda_item")
        line["speaking"] = speaking(minutes, line["speaking"])
        return actions.SectionDraft(pk=line.pop("id"), **line)

    @extend_schema(request=HeadWriteSerializer, responses=MinutesDetailSerializer)
    @action(detail=True, methods=["post"], url_path="head")
    def write_head(self, request: Request, pk: str) -> Response:
        """Keep opening, conclusion, closing and the persons, joined with what others wrote since
        `base_version`."""

        def run() -> Response:
            given = valid(HeadWriteSerializer, request)
            minutes = self._written()
            actions.save_head(minutes, by=self.actor, at=clock.now(), **given)
            return self.shown_again(minutes)

        return api_once(request, run)

    @extend_schema(request=None, responses=HistorySerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def history(self, request: Request, pk: str) -> Response:
        """Every kept text of every passage, with what changed in it."""
        minutes = self.read_object()
        require(self.actor, Permission.MINUTES_WRITE, minutes.meeting)
        return Response(HistorySerializer(queries.history(minutes), many=True).data)

    @extend_schema(request=RestoreSerializer, responses=MinutesDetailSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Make a kept text the present one again, as a new revision."""

        def run() -> Response:
            given = valid(RestoreSerializer, request)
            minutes = self._written()
            rows = SectionRevision.objects.filter(minutes=minutes)
            rows = rows.select_related("minutes__meeting", "section")
            kept = seen(rows, given, "revision")
            actions.restore_revision(kept, by=self.actor, at=clock.now())
            return self.shown_again(minutes)

        return api_once(request, run)

    def _written(self) -> Minutes:
        """The minutes of the address, for who writes them."""
        minutes = self.get_object()
        require(self.actor, Permission.MINUTES_WRITE, minutes.meeting)
        return minutes
