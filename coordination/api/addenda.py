"""Corrections of published minutes over the API."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions import minutes as actions
from coordination.api.requests import ReadViewSet, proof_of, valid, version_of
from coordination.api.serializers import (
    AddendumSerializer,
    AddendumWriteSerializer,
    VersionSerializer,
)
from coordination.models import Addendum, Minutes, MinutesSection
from portal import clock
from portal.access.permissions import Permission
from portal.web.idempotency import api_once


def wording(request: Request, minutes: Minutes) -> dict[str, Any]:
    """What was sent of a correction, its passage out of these minutes; raises ValidationError."""
    given = valid(AddendumWriteSerializer, request)
    pk = given["section"]
    if pk is not None:
        given["section"] = MinutesSection.objects.filter(minutes=minutes, pk=pk).first()
        if given["section"] is None:
            raise serializers.ValidationError({"section": _("Bagian ini bukan dari notula ini.")})
    return given


class AddendumActions(ReadViewSet):
    """For the view set of minutes."""

    addendum_needs: ClassVar[dict[str, Permission]] = {"addenda": Permission.MINUTES_WRITE}

    @extend_schema(request=AddendumWriteSerializer, responses={201: AddendumSerializer})
    @action(detail=True, methods=["post"])
    def addenda(self, request: Request, pk: str) -> Response:
        """Begin a correction of published minutes."""

        def run() -> Response:
            minutes = self.get_object()
            given = wording(request, minutes)
            given.pop("version", None)
            made = actions.draft_addendum(minutes, by=self.actor, at=clock.now(), **given)
            return Response(AddendumSerializer(made).data, status=201)

        return api_once(request, run)


class AddendumViewSet(ReadViewSet):
    """Corrections in the post's sight: published ones, and the host's drafts."""

    queryset = Addendum.objects.select_related("minutes__meeting").order_by("minutes", "pk")
    serializer_class = AddendumSerializer
    filterset_fields = ("minutes", "state")
    needs = {
        "list": Permission.MINUTES_VIEW,
        "retrieve": Permission.MINUTES_VIEW,
        "partial_update": Permission.MINUTES_WRITE,
        "sign": Permission.MINUTES_SIGN,
        "publish": Permission.MINUTES_PUBLISH,
    }

    @extend_schema(request=AddendumWriteSerializer, responses=AddendumSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Write it anew; a signature goes with it."""

        def run() -> Response:
            addendum = self.get_object()
            given = wording(request, addendum.minutes)
            version = version_of(request, given)
            actions.edit_addendum(addendum, by=self.actor, at=clock.now(), version=version, **given)
            return self.shown_again(addendum)

        return api_once(request, run)

    @extend_schema(request=VersionSerializer, responses=AddendumSerializer)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: str) -> Response:
        """The chair's signature: only in a session whose person has proved himself within five
        minutes, never by a token."""

        def run() -> Response:
            given = valid(VersionSerializer, request)
            version, proof = version_of(request, given), proof_of(request)
            addendum = self.get_object()
            actions.sign_addendum(
                addendum, by=self.actor, at=clock.now(), proof=proof, version=version
            )
            return self.shown_again(addendum)

        return api_once(request, run)

    @extend_schema(request=None, responses=AddendumSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Number it, fix it by its hash, tell everyone invited, once."""

        def run() -> Response:
            addendum = self.get_object()
            actions.publish_addendum(addendum, by=self.actor, at=clock.now())
            return self.shown_again(addendum)

        return api_once(request, run)
