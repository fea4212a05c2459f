"""What is asked of agencies about incidents, over the API."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.requests import ReadViewSet, valid
from incidents.actions import requests as actions
from incidents.enums.requests import RequestKind
from incidents.models import AgencyRequest, Incident
from portal import clock
from portal.access.permissions import Permission
from portal.registry.models import Agency
from portal.web.forms import MAX_TEXT
from portal.web.idempotency import api_once
from portal.web.parsing import TextFilesParser, TextParser


def _slug(**kwargs: Any) -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(slug_field="slug", **kwargs)


class AgencyRequestSerializer(serializers.ModelSerializer):
    number = serializers.CharField(source="incident.number", read_only=True)
    from_agency = _slug(read_only=True)
    agency = _slug(read_only=True)
    asked_by = _slug(read_only=True)
    answered_by = _slug(read_only=True)

    class Meta:
        model = AgencyRequest
        fields = [
            "id", "incident", "number", "kind", "matter", "reason", "by_when", "from_agency",
            "agency", "asked_by", "asked_at", "state", "accepted_at", "ended_at", "answered_by",
            "answer",
        ]  # fmt: skip
        read_only_fields = fields


class RequestAskSerializer(serializers.Serializer):
    """`reason` is needed for a referral; `version` guards against a stale view of the incident."""

    incident = serializers.IntegerField(min_value=1)
    kind = serializers.ChoiceField(choices=RequestKind.choices)
    to = _slug(queryset=Agency.objects.all())
    matter = serializers.CharField(max_length=MAX_TEXT)
    reason = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")
    by_when = serializers.DateTimeField(allow_null=True, default=None)
    version = serializers.IntegerField(min_value=1, required=False)


class RequestAcceptSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")


class RequestDeclineSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=MAX_TEXT)


class RequestWithdrawSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")


class RequestAnswerSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=MAX_TEXT)
    files = serializers.ListField(child=serializers.FileField(), default=list)


class AgencyRequestFilter(django_filters.FilterSet):
    class Meta:
        model = AgencyRequest
        fields = ["incident", "kind", "state"]


class AgencyRequestViewSet(ReadViewSet):
    """Referrals and questions between agencies, of incidents in sight."""

    queryset = AgencyRequest.objects.select_related(
        "incident", "from_agency", "agency", "asked_by", "answered_by"
    ).order_by("-asked_at", "-pk")
    serializer_class = AgencyRequestSerializer
    filterset_class = AgencyRequestFilter
    needs = {
        "list": Permission.INCIDENT_VIEW,
        "retrieve": Permission.INCIDENT_VIEW,
        "create": Permission.INCIDENT_HANDLE,
        "accept": Permission.INCIDENT_ANSWER,
        "decline": Permission.INCIDENT_ANSWER,
        "answer": Permission.INCIDENT_ANSWER,
        "withdraw": Permission.INCIDENT_HANDLE,
    }

    @extend_schema(request=RequestAskSerializer, responses={201: AgencyRequestSerializer})
    def create(self, request: Request) -> Response:
        """Ask an agency to take an incident over, whole or in part, or to advise on it."""

        def run() -> Response:
            given = valid(RequestAskSerializer, request)
            rows = Incident.objects.visible_to(self.actor)
            incident = rows.filter(pk=given.pop("incident")).first()
            if incident is None:
                raise NotFound
            asked = actions.ask_agency(incident, by=self.actor, at=clock.now(), **given)
            return self.shown_again(asked, status=201)

        return api_once(request, run)

    @extend_schema(request=RequestAcceptSerializer, responses=AgencyRequestSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Take on what was referred; a whole referral hands over the lead."""
        return self._act(request, RequestAcceptSerializer, actions.accept_request)

    @extend_schema(request=RequestDeclineSerializer, responses=AgencyRequestSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Say why it is not taken on."""
        return self._act(request, RequestDeclineSerializer, actions.decline_request)

    @extend_schema(
        request={
            "application/json": RequestAnswerSerializer,
            "multipart/form-data": RequestAnswerSerializer,
        },
        responses=AgencyRequestSerializer,
    )
    @action(detail=True, methods=["post"], parser_classes=[TextParser, TextFilesParser])
    def answer(self, request: Request, pk: str) -> Response:
        """Report what came of a referral, or give the advice."""
        return self._act(request, RequestAnswerSerializer, actions.answer_request)

    @extend_schema(request=RequestWithdrawSerializer, responses=AgencyRequestSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take back what nobody has answered yet."""
        return self._act(request, RequestWithdrawSerializer, actions.withdraw_request)

    def _act(self, request: Request, given_as: type, act: Any) -> Response:
        def run() -> Response:
            given = valid(given_as, request)
            done = act(self.get_object(), by=self.actor, at=clock.now(), **given)
            # Who declined may have no part in the incident any more; it still reads its own answer.
            row = AgencyRequest.objects.select_related(*self.queryset.query.select_related)
            return self.shown(row.get(pk=done.pk))

        return api_once(request, run)
