"""By what reports are judged: thresholds of the lights, rules of odd numbers."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.requests import valid, with_etag
from coordination.api.serializers import Unsent, VersionSerializer
from deployments import actions
from deployments.actions.thresholds import RULE, THRESHOLD
from deployments.api.requests import needed_version
from deployments.enums import RuleKind, Severity
from deployments.models import OddityRule, ReadinessThreshold
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.web.idempotency import api_once


class ThresholdSerializer(serializers.ModelSerializer):
    """From how many per cent a group is ready, or ready with conditions."""

    class Meta:
        model = ReadinessThreshold
        fields = ("id", "group", *THRESHOLD, "illustrative", "version")
        read_only_fields = fields


class ThresholdEditSerializer(Unsent, VersionSerializer):
    """What is not sent stays as it is."""

    ready = serializers.IntegerField(min_value=0, max_value=100)
    conditional = serializers.IntegerField(min_value=0, max_value=100)
    source = serializers.CharField(max_length=200)


class OddityRuleSerializer(serializers.ModelSerializer):
    """What makes a number odd, and what then happens."""

    label = serializers.CharField(read_only=True)

    class Meta:
        model = OddityRule
        fields = ("id", "key", "label", "kind", "field", "other", *RULE, "illustrative", "version")
        read_only_fields = fields


class OddityRuleEditSerializer(Unsent, VersionSerializer):
    """What is not sent stays as it is."""

    percent = serializers.IntegerField(min_value=0, max_value=32_767)
    floor = serializers.IntegerField(min_value=0, max_value=2_147_483_647)
    severity = serializers.ChoiceField(choices=Severity.choices)
    is_active = serializers.BooleanField()
    source = serializers.CharField(max_length=200)


class KeptViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Settings of readiness, for who keeps the forms. Reports that came in are not judged anew."""

    filter_backends = []
    needs = {
        "list": Permission.FORM_EDIT,
        "retrieve": Permission.FORM_EDIT,
        "partial_update": Permission.FORM_EDIT,
    }

    def _edit(self, request: Request, serializer: type, names: tuple[str, ...], call: Any) -> Any:
        def run() -> Response:
            given = valid(serializer, request)
            version = needed_version(request, given)
            row = self.get_object()
            values = {name: getattr(row, name) for name in names} | given
            changed = call(row, values, version=version, by=self.actor, at=clock.now())
            return with_etag(Response(self.get_serializer(changed).data), changed)

        return api_once(request, run)


class ThresholdViewSet(KeptViewSet):
    """The thresholds of the lights, group by group."""

    queryset = ReadinessThreshold.objects.order_by("pk")
    serializer_class = ThresholdSerializer

    @extend_schema(request=ThresholdEditSerializer, responses=ThresholdSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Set from how many per cent a group is ready."""
        return self._edit(request, ThresholdEditSerializer, THRESHOLD, actions.change_threshold)


class OddityRuleAddSerializer(serializers.Serializer):
    """`field` and, for a ratio, `other` name counted fields of the published forms by key."""

    key = serializers.SlugField(max_length=40)
    name = serializers.CharField(max_length=160)
    name_en = serializers.CharField(max_length=160, allow_blank=True, default="")
    kind = serializers.ChoiceField(choices=RuleKind.choices)
    field = serializers.CharField(max_length=40)
    other = serializers.CharField(max_length=40, allow_blank=True, default="")
    percent = serializers.IntegerField(min_value=0, max_value=32_767, default=100)
    floor = serializers.IntegerField(min_value=0, max_value=2_147_483_647, default=1)
    severity = serializers.ChoiceField(choices=Severity.choices)
    is_active = serializers.BooleanField(default=True)
    source = serializers.CharField(max_length=200)


class OddityRuleViewSet(KeptViewSet):
    """The rules of odd numbers."""

    needs = KeptViewSet.needs | {"create": Permission.FORM_EDIT}

    queryset = OddityRule.objects.order_by("pk")
    serializer_class = OddityRuleSerializer

    @extend_schema(request=OddityRuleAddSerializer, responses={201: OddityRuleSerializer})
    def create(self, request: Request) -> Response:
        """Say what else makes a number odd; reports that came in are not judged anew."""

        def run() -> Response:
            given = valid(OddityRuleAddSerializer, request)
            rule = actions.add_rule(given, by=self.actor, at=clock.now())
            return with_etag(Response(self.get_serializer(rule).data, status=201), rule)

        return api_once(request, run)

    @extend_schema(request=OddityRuleEditSerializer, responses=OddityRuleSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Set what makes a number odd, and what follows."""
        return self._edit(request, OddityRuleEditSerializer, RULE, actions.change_rule)
