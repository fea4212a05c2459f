from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.requests import ReadViewSet, valid, version_of, with_etag
from incidents.actions.threats import set_threat
from incidents.actions.warning_acts import acknowledge_warning, end_warning
from incidents.actions.warning_rules import EDITABLE, LONGEST, change_rule
from incidents.enums import Severity
from incidents.enums.warning import (
    BY_HAND,
    Certainty,
    RuleArea,
    ThreatLevel,
    Urgency,
    WarningState,
)
from incidents.exports.cap import cap_message
from incidents.filters import WarningFilter
from incidents.models import EarlyWarning, Threat, WarningReceipt, WarningRule
from incidents.queries.warning_rules import rule_acts
from incidents.queries.warnings import RECEIPTS, Precision, grounds_seen, precision
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.registry.models import Region
from portal.web.idempotency import api_once


class WarningReceiptSerializer(serializers.ModelSerializer):
    agency = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    acknowledged_by = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = WarningReceipt
        fields = ["agency", "told_at", "acknowledged_at", "acknowledged_by"]


class WarningSerializer(serializers.ModelSerializer):
    """`incidents` are the numbers of those behind it that the caller may see."""

    receipts = WarningReceiptSerializer(many=True, read_only=True)
    incidents = serializers.SerializerMethodField()

    class Meta:
        model = EarlyWarning
        fields = [
            "id", "number", "rule", "region", "why", "why_en", "urgency", "certainty", "severity",
            "state", "raised_at", "valid_until", "ended_at", "incidents", "receipts",
            "classification", "illustrative", "version", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_incidents(self, warning: EarlyWarning) -> list[str]:
        return grounds_seen(warning, self.context["view"].actor)


class _Versioned(serializers.Serializer):
    version = serializers.IntegerField(min_value=1, required=False)


class WarningEndSerializer(_Versioned):
    state = serializers.ChoiceField(choices=[(one.value, one.label) for one in BY_HAND])
    reason = serializers.CharField(max_length=300)


class WarningViewSet(ReadViewSet):
    """Warnings that were told to the caller's agency or stand in the region it watches."""

    queryset = (
        EarlyWarning.objects.select_related("rule", "region__parent")
        .prefetch_related(RECEIPTS)
        .order_by("-raised_at", "-pk")
    )
    serializer_class = WarningSerializer
    filterset_class = WarningFilter
    needs = {
        "list": Permission.INCIDENT_VIEW,
        "retrieve": Permission.INCIDENT_VIEW,
        "cap": Permission.INCIDENT_VIEW,
        "acknowledge": Permission.WARNING_ACKNOWLEDGE,
        "end": Permission.WARNING_HANDLE,
    }

    @extend_schema(responses={(200, "application/cap+xml"): OpenApiTypes.STR})
    @action(detail=True, methods=["get"])
    def cap(self, request: Request, pk: str) -> HttpResponse:
        """The newest message in CAP 1.2, the same as the page gives."""
        warning = self.get_object()
        message = cap_message(warning, list(warning.entries.order_by("at", "pk")))
        return HttpResponse(message, content_type="application/cap+xml; charset=utf-8")

    @extend_schema(request=None, responses=WarningSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        """The caller's agency has it; the first time counts."""

        def run() -> Response:
            warning = self.get_object()
            acknowledge_warning(warning, by=self.actor, at=clock.now())
            return self.shown_again(warning)

        return api_once(request, run)

    @extend_schema(request=WarningEndSerializer, responses=WarningSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """It came true, was wrong, or is called off."""

        def run() -> Response:
            given = valid(WarningEndSerializer, request)
            version = version_of(request, given)
            warning = self.get_object()
            end_warning(warning, by=self.actor, at=clock.now(), version=version, **given)
            return self.shown_again(warning)

        return api_once(request, run)


class PrecisionSerializer(serializers.Serializer):
    """Of the warnings that the caller sees; `share` in per cent of those judged."""

    confirmed = serializers.IntegerField()
    false = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    open = serializers.IntegerField()
    share = serializers.IntegerField(allow_null=True)


class WarningRuleSerializer(serializers.ModelSerializer):
    precision = serializers.SerializerMethodField()

    class Meta:
        model = WarningRule
        fields = ["code", "position", "kind", *EDITABLE, "precision", "by_hand", "version"]
        read_only_fields = fields

    @extend_schema_field(PrecisionSerializer)
    def get_precision(self, rule: WarningRule):
        if "precision" not in self.context:
            self.context["precision"] = precision(self.context["view"].actor)
        return PrecisionSerializer(self.context["precision"].get(rule.pk, Precision())).data


class WarningRuleWriteSerializer(_Versioned):
    """What is not sent stays as it is."""

    name = serializers.CharField(max_length=120, required=False)
    name_en = serializers.CharField(max_length=120, required=False)
    types = serializers.CharField(max_length=120, allow_blank=True, required=False)
    min_severity = serializers.ChoiceField(choices=Severity.choices, required=False)
    area = serializers.ChoiceField(choices=RuleArea.choices, required=False)
    threshold = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    window_hours = serializers.IntegerField(min_value=1, max_value=LONGEST, required=False)
    factor = serializers.DecimalField(
        max_digits=4, decimal_places=1, min_value=1, max_value=100, required=False
    )
    weeks = serializers.IntegerField(min_value=1, max_value=26, required=False)
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False)
    certainty = serializers.ChoiceField(choices=Certainty.choices, required=False)
    valid_hours = serializers.IntegerField(min_value=1, max_value=LONGEST, required=False)
    instruction = serializers.CharField(max_length=300, required=False)
    instruction_en = serializers.CharField(max_length=300, required=False)
    active = serializers.BooleanField(required=False)
    reason = serializers.CharField(max_length=300)


class FieldChangeSerializer(serializers.Serializer):
    field = serializers.CharField()
    label = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class RuleActSerializer(serializers.Serializer):
    """Who did what with a rule, when and why; values in the caller's language."""

    at = serializers.DateTimeField()
    act = serializers.CharField()
    post = serializers.CharField()
    reason = serializers.CharField()
    changes = FieldChangeSerializer(many=True)


class WarningRuleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """The rules as they are set, and how often each was right."""

    queryset = WarningRule.objects.order_by("position")
    serializer_class = WarningRuleSerializer
    needs = {
        "list": Permission.INCIDENT_VIEW,
        "retrieve": Permission.INCIDENT_VIEW,
        "partial_update": Permission.WARNING_EDIT,
        "history": Permission.INCIDENT_VIEW,
    }

    @extend_schema(responses=RuleActSerializer(many=True))
    @action(detail=True, pagination_class=None, filter_backends=[])
    def history(self, request: Request, pk: str) -> Response:
        """What was changed on the rule, the newest first."""
        return Response(RuleActSerializer(rule_acts(self.get_object()), many=True).data)

    @extend_schema(request=WarningRuleWriteSerializer, responses=WarningRuleSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change when a rule warns, or what it says."""

        def run() -> Response:
            given = valid(WarningRuleWriteSerializer, request)
            version = version_of(request, given)
            rule = change_rule(
                self.get_object(), by=self.actor, at=clock.now(), version=version, **given
            )
            return with_etag(Response(self.get_serializer(rule).data), rule)

        return api_once(request, run)


class ThreatSerializer(serializers.ModelSerializer):
    post = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    agency = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Threat
        fields = ["id", "region", "level", "reason", "post", "agency", "at", "illustrative"]
        read_only_fields = fields


class ThreatWriteSerializer(serializers.Serializer):
    """`warning`: the id of a running warning as ground for raising the level."""

    region = serializers.CharField(max_length=8)
    level = serializers.ChoiceField(choices=ThreatLevel.choices)
    reason = serializers.CharField(max_length=300)
    warning = serializers.IntegerField(min_value=1, required=False)


class ThreatViewSet(mixins.ListModelMixin, ScopedViewSet):
    """The history of the levels of threat, newest first; of a kecamatan the first row holds."""

    queryset = Threat.objects.select_related("post", "agency").order_by("-at", "-pk")
    serializer_class = ThreatSerializer
    filterset_fields = ["region"]
    needs = {"list": Permission.INCIDENT_VIEW, "create": Permission.WARNING_HANDLE}

    @extend_schema(request=ThreatWriteSerializer, responses={201: ThreatSerializer})
    def create(self, request: Request) -> Response:
        """Set the level of a kecamatan from now on."""

        def run() -> Response:
            given = valid(ThreatWriteSerializer, request)
            region = Region.objects.districts().filter(pk=given.pop("region")).first()
            if region is None:
                raise NotFound
            ground = given.pop("warning", None)
            seen = EarlyWarning.objects.visible_to(self.actor).filter(state=WarningState.RUNNING)
            warning = seen.filter(pk=ground).first() if ground else None
            if ground and warning is None:
                raise NotFound
            row = set_threat(region, by=self.actor, at=clock.now(), warning=warning, **given)
            return Response(ThreatSerializer(row).data, status=201)

        return api_once(request, run)
