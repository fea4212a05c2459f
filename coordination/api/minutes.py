"""Notula over the API: from a passage of a draft to publication, and objections on the way."""

from collections.abc import Callable

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions import minutes as actions
from coordination.api.addenda import AddendumActions
from coordination.api.minutes_files import FileActions
from coordination.api.minutes_text import TextActions, speaking
from coordination.api.requests import ReadViewSet, proof_of, valid, version_of
from coordination.api.serializers import (
    CirculateSerializer,
    MinutesDetailSerializer,
    MinutesSerializer,
    ObjectionAnswerSerializer,
    ObjectionSerializer,
    ObjectionWriteSerializer,
    SectionWriteSerializer,
    SigningSerializer,
    SignSerializer,
    TakeBackSerializer,
    VersionSerializer,
)
from coordination.exports import digest, signable
from coordination.models import Minutes, MinutesSection, Objection
from portal import clock
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.web.idempotency import api_once


class MinutesViewSet(TextActions, FileActions, AddendumActions):
    """Notula in the post's sight; writing, circulating, objecting, signing, publishing."""

    queryset = Minutes.objects.select_related(
        "published_by", "signed_by", "meeting__host_agency"
    ).order_by("-pk")
    serializer_class = MinutesSerializer
    detail_serializer_class = MinutesDetailSerializer
    filterset_fields = ("meeting", "state")
    needs = {
        "list": Permission.MINUTES_VIEW,
        "retrieve": Permission.MINUTES_VIEW,
        "section": Permission.MINUTES_WRITE,
        "circulate": Permission.MINUTES_WRITE,
        "objections": Permission.MINUTES_OBJECT,
        "take_back": Permission.MINUTES_WRITE,
        "signing": Permission.MINUTES_SIGN,
        "sign": Permission.MINUTES_SIGN,
        "publish": Permission.MINUTES_PUBLISH,
        **TextActions.text_needs,
        **FileActions.file_needs,
        **AddendumActions.addendum_needs,
    }

    @extend_schema(request=SectionWriteSerializer, responses=MinutesDetailSerializer)
    @action(detail=True, methods=["post"])
    def section(self, request: Request, pk: str) -> Response:
        """Keep one passage of a draft, joined with what others wrote since `base_version`."""

        def run() -> Response:
            given = valid(SectionWriteSerializer, request)
            row = self._section(given.pop("section"))
            if "speaking" in given:
                require(self.actor, Permission.MINUTES_WRITE, row.minutes.meeting)
                given["speaking"] = speaking(row.minutes, given["speaking"])
            actions.save_section(row, by=self.actor, at=clock.now(), **given)
            return self.shown_again(row.minutes)

        return api_once(request, run)

    @extend_schema(request=ObjectionWriteSerializer, responses=MinutesDetailSerializer)
    @action(detail=True, methods=["post"])
    def objections(self, request: Request, pk: str) -> Response:
        """Object to a passage of one's own agency while the minutes circulate."""

        def run() -> Response:
            given = valid(ObjectionWriteSerializer, request)
            row = self._section(given.pop("section"))
            actions.object_to(row, by=self.actor, at=clock.now(), **given)
            return self.shown_again(row.minutes)

        return api_once(request, run)

    @extend_schema(request=CirculateSerializer, responses=MinutesDetailSerializer)
    @action(detail=True, methods=["post"])
    def circulate(self, request: Request, pk: str) -> Response:
        """Lay the draft before every seated agency."""
        return self._move(request, CirculateSerializer, actions.circulate_minutes)

    @extend_schema(request=TakeBackSerializer, responses=MinutesDetailSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        """Make a draft again of what circulates or is signed, with a reason."""
        return self._move(request, TakeBackSerializer, actions.return_to_draft)

    @extend_schema(request=None, responses=SigningSerializer)
    @action(detail=True, methods=["get"], url_path="sign")
    def signing(self, request: Request, pk: str) -> Response:
        """What signing would answer for."""
        minutes = self.read_object()
        require(self.actor, Permission.MINUTES_SIGN, minutes.meeting)
        unanswered = minutes.objections.unanswered().count()
        seen = digest(signable(minutes))[1]
        return Response(SigningSerializer({"seen": seen, "unanswered": unanswered}).data)

    @extend_schema(request=SignSerializer, responses=MinutesDetailSerializer)
    @signing.mapping.post
    def sign(self, request: Request, pk: str) -> Response:
        """Close the circulation by the chair's signature: only in a session whose person has proved
        himself within five minutes, never by a token."""

        def run() -> Response:
            given = valid(SignSerializer, request)
            minutes = self.get_object()
            actions.sign_minutes(
                minutes, by=self.actor, at=clock.now(), proof=proof_of(request), **given
            )
            return self.shown_again(minutes)

        return api_once(request, run)

    @extend_schema(request=VersionSerializer, responses=MinutesDetailSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Number the signed minutes, fix them by their hash, and issue what they direct."""
        return self._move(request, VersionSerializer, actions.publish_minutes)

    def _move(self, request: Request, serializer: type, call: Callable) -> Response:
        def run() -> Response:
            given = valid(serializer, request)
            version = version_of(request, given)
            minutes = self.get_object()
            call(minutes, by=self.actor, at=clock.now(), version=version, **given)
            return self.shown_again(minutes)

        return api_once(request, run)

    def _section(self, pk: int) -> MinutesSection:
        rows = MinutesSection.objects.filter(minutes=self.get_object())
        return get_object_or_404(rows.select_related("minutes__meeting", "agenda_item"), pk=pk)


class ObjectionViewSet(ReadViewSet):
    """Objections of the own agency; to the host all of its meetings'."""

    queryset = Objection.objects.select_related("agency", "minutes__meeting", "section").order_by(
        "-made_at", "-pk"
    )
    serializer_class = ObjectionSerializer
    filterset_fields = ("minutes", "state")
    needs = {
        "list": Permission.MINUTES_VIEW,
        "retrieve": Permission.MINUTES_VIEW,
        "answer": Permission.MINUTES_WRITE,
    }

    @extend_schema(request=ObjectionAnswerSerializer, responses=ObjectionSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Accept it, and the passage says `body` from now on; or not, with the reason."""

        def run() -> Response:
            given = valid(ObjectionAnswerSerializer, request)
            version = version_of(request, given)
            objection = actions.answer_objection(
                self.get_object(), by=self.actor, at=clock.now(), version=version, **given
            )
            return self.shown_again(objection)

        return api_once(request, run)
