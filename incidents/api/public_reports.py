"""The public's reports for programs of those who sort them. Nobody reports by this door: people do
so on /lapor/, and who sent what is in no answer here but that of `contact`."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.actions.public_triage import (
    AT_ONCE,
    answer_report,
    follow_up,
    open_contact,
    set_aside,
    take_back,
)
from incidents.filters import PublicReportFilter
from incidents.models import Incident, PublicMessage, PublicReport, TriageReason
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.audit.record import record_read
from portal.web.idempotency import api_once


class PublicMessageSerializer(serializers.ModelSerializer):
    post = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = PublicMessage
        fields = ["id", "kind", "text", "post", "at", "read_at"]


class PublicReportSerializer(serializers.ModelSerializer):
    class Meta:
        model = PublicReport
        fields = [
            "id",
            "number",
            "subject",
            "region",
            "place",
            "latitude",
            "longitude",
            "timing",
            "occurred_at",
            "text",
            "anonymous",
            "classification",
            "received_at",
            "suspicions",
            "suspect",
            "likely_of",
            "state",
            "reason",
            "incident",
            "decided_at",
            "added_at",
            "answered_at",
            "answer_read_at",
            "illustrative",
            "version",
        ]
        read_only_fields = fields


class PublicChosenSerializer(serializers.Serializer):
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        min_length=1,
        max_length=AT_ONCE,
    )


class PublicSetAsideSerializer(PublicChosenSerializer):
    reason = serializers.PrimaryKeyRelatedField(queryset=TriageReason.objects.all())


class PublicFollowSerializer(PublicChosenSerializer):
    incident = serializers.CharField(max_length=20, help_text="Nomor kejadian, KJ-2024-0001.")

    def validate_incident(self, number: str) -> Incident:
        actor = self.context["actor"]
        row = Incident.objects.visible_to(actor).filter(number__iexact=number.strip()).first()
        if row is None:
            raise serializers.ValidationError("Kejadian ini tidak ada dalam lingkup Anda.")
        return row


class PublicSortedSerializer(serializers.Serializer):
    changed = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Sudah diputus orang lain, atau tidak terlihat.")


class PublicAnswerSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=2_000)


class PublicContactSerializer(serializers.Serializer):
    name = serializers.CharField()
    reach = serializers.CharField()


class PublicReportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Reports of the public in the post's sight, likely spam last, the longest waiting first."""

    queryset = PublicReport.objects.select_related("subject__type").defer("stems")
    serializer_class = PublicReportSerializer
    filterset_class = PublicReportFilter
    needs = dict.fromkeys(
        (
            "list",
            "retrieve",
            "messages",
            "set_aside",
            "follow",
            "take_back",
            "answer",
            "contact",
        ),
        Permission.PUBLIC_REPORT_TRIAGE,
    )

    def retrieve(self, request: Request, *args, **kwargs) -> Response:
        report = self.get_object()
        if report.confidential:
            record_read(report, by=self.actor, at=clock.now())
        return Response(self.get_serializer(report).data)

    @extend_schema(responses=PublicMessageSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def messages(self, request: Request, pk: str) -> Response:
        """The thread, oldest first."""
        report = self.get_object()
        if report.confidential:
            record_read(report, by=self.actor, at=clock.now())
        rows = PublicMessage.objects.visible_to(self.actor).filter(report=report)
        return Response(PublicMessageSerializer(rows.select_related("post"), many=True).data)

    @extend_schema(request=PublicSetAsideSerializer, responses=PublicSortedSerializer)
    @action(detail=False, methods=["post"], url_path="set-aside", filterset_class=None)
    def set_aside(self, request: Request) -> Response:
        """Set many aside for one quick reason."""

        def call() -> Response:
            given = self._given(PublicSetAsideSerializer)
            done = set_aside(given["ids"], given["reason"], by=self.actor, at=clock.now())
            return Response(PublicSortedSerializer(done).data)

        return api_once(request, call)

    @extend_schema(request=PublicFollowSerializer, responses=PublicSortedSerializer)
    @action(detail=False, methods=["post"], filterset_class=None)
    def follow(self, request: Request) -> Response:
        """Hang many on one incident."""

        def call() -> Response:
            given = self._given(PublicFollowSerializer)
            done = follow_up(given["ids"], given["incident"], by=self.actor, at=clock.now())
            return Response(PublicSortedSerializer(done).data)

        return api_once(request, call)

    @extend_schema(request=PublicChosenSerializer, responses=PublicSortedSerializer)
    @action(detail=False, methods=["post"], url_path="take-back", filterset_class=None)
    def take_back(self, request: Request) -> Response:
        """Put many back into the queue."""

        def call() -> Response:
            given = self._given(PublicChosenSerializer)
            done = take_back(given["ids"], by=self.actor, at=clock.now())
            return Response(PublicSortedSerializer(done).data)

        return api_once(request, call)

    @extend_schema(request=PublicAnswerSerializer, responses={201: PublicMessageSerializer})
    @action(detail=True, methods=["post"], filterset_class=None)
    def answer(self, request: Request, pk: str) -> Response:
        """Answer whoever sent it."""

        def call() -> Response:
            given = self._given(PublicAnswerSerializer)
            message = answer_report(self.get_object(), **given, by=self.actor, at=clock.now())
            return Response(PublicMessageSerializer(message).data, status=201)

        return api_once(request, call)

    @extend_schema(request=None, responses=PublicContactSerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def contact(self, request: Request, pk: str) -> Response:
        """How its sender wishes to be reached; each asking is recorded, and no answer kept."""
        contact = open_contact(self.get_object(), by=self.actor, at=clock.now())
        return Response(PublicContactSerializer(contact).data)

    def _given(self, serializer_class: type[serializers.Serializer]) -> dict:
        serializer = serializer_class(data=self.request.data, context={"actor": self.actor})
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)
