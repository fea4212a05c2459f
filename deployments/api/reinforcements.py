from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.enums import Priority
from deployments import actions
from deployments.enums import NeedState, TaskForce
from deployments.filters import ReinforcementFilter
from deployments.models import (
    Contribution,
    Deployment,
    NeedAddressee,
    NeedsLogEntry,
    Reinforcement,
)
from deployments.queries.reinforcement_detail import binding_of, givers_of, origins_of
from deployments.views.reading import running
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.registry.models import Place, Region, Unit
from portal.web.forms import MAX_TEXT
from portal.web.idempotency import api_once


class NeedAddresseeSerializer(serializers.ModelSerializer):
    unit = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = NeedAddressee
        fields = ("unit", "declined_at", "reason")
        read_only_fields = fields


class ContributionSerializer(serializers.ModelSerializer):
    """An answer. `personnel` and `state` are those of its placement; `version` too."""

    unit = serializers.SlugRelatedField("slug", read_only=True, source="deployment.unit")
    agency = serializers.SlugRelatedField("slug", read_only=True, source="deployment.agency")
    personnel = serializers.IntegerField(source="deployment.personnel", read_only=True)
    state = serializers.CharField(source="deployment.state", read_only=True)
    version = serializers.IntegerField(source="deployment.version", read_only=True)
    binding = serializers.SerializerMethodField()

    class Meta:
        model = Contribution
        fields = (
            "id", "deployment", "unit", "agency", "binding", "personnel", "state", "version",
        )  # fmt: skip
        read_only_fields = fields

    def get_binding(self, row: Contribution) -> str:
        return binding_of(row.reinforcement, row.deployment.unit).value


class NeedsLogSerializer(serializers.ModelSerializer):
    """A line of the needs log; `missing` is what was missing after it."""

    by = serializers.SlugRelatedField("slug", read_only=True)
    unit = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = NeedsLogEntry
        fields = ("at", "by", "event", "unit", "personnel", "deployment_state", "missing", "text")
        read_only_fields = fields


class ReinforcementSerializer(serializers.ModelSerializer):
    """A request for people of others. Persons; `missing` = `personnel` − `promised`, and nothing
    once it is released or withdrawn."""

    agency = serializers.SlugRelatedField("slug", read_only=True)
    unit = serializers.SlugRelatedField("slug", read_only=True)
    region = serializers.CharField(source="region_id", read_only=True)
    asked_by = serializers.SlugRelatedField("slug", read_only=True)
    state = serializers.ChoiceField(NeedState.choices, read_only=True)
    promised = serializers.IntegerField(read_only=True)
    ordered = serializers.IntegerField(read_only=True)
    present = serializers.IntegerField(read_only=True)
    released = serializers.IntegerField(read_only=True)
    missing = serializers.IntegerField(read_only=True)
    addressees = NeedAddresseeSerializer(many=True, read_only=True)
    contributions = ContributionSerializer(many=True, read_only=True)
    log = NeedsLogSerializer(many=True, read_only=True)

    class Meta:
        model = Reinforcement
        fields = (
            "id", "agency", "unit", "region", "place", "personnel", "allows_more", "task_force",
            "function", "starts_on", "ends_on", "priority", "reason", "asked_at", "asked_by",
            "state", "promised", "ordered", "present", "released", "missing", "withdrawn_at",
            "withdrawal", "illustrative", "version", "addressees", "contributions", "log",
        )  # fmt: skip
        read_only_fields = fields


class AskSerializer(serializers.Serializer):
    """A request. The superior unit is always asked; `addressees` are asked beside it."""

    unit = serializers.SlugRelatedField("slug", queryset=Unit.objects.filter(is_active=True))
    region = serializers.PrimaryKeyRelatedField(
        queryset=Region.objects.exclude(level=Region.Level.VILLAGE)
    )
    place = serializers.PrimaryKeyRelatedField(
        queryset=Place.objects.all(), required=False, allow_null=True, default=None
    )
    personnel = serializers.IntegerField(min_value=1, max_value=2_147_483_647)
    allows_more = serializers.BooleanField(default=False)
    task_force = serializers.ChoiceField(TaskForce.choices, allow_blank=True, default="")
    function = serializers.CharField(max_length=80, allow_blank=True, default="")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    priority = serializers.ChoiceField(Priority.choices, default=Priority.ORDINARY)
    reason = serializers.CharField(max_length=MAX_TEXT)
    addressees = serializers.SlugRelatedField(
        "slug", many=True, default=list, queryset=Unit.objects.filter(parent=None)
    )


class GiveSerializer(serializers.Serializer):
    """People of one's own units. `drawn_from`: the placement that gives them up once ordered."""

    unit = serializers.SlugRelatedField("slug", queryset=Unit.objects.none())
    personnel = serializers.IntegerField(min_value=1, max_value=2_147_483_647)
    drawn_from = serializers.PrimaryKeyRelatedField(
        queryset=Deployment.objects.none(), required=False, allow_null=True, default=None
    )
    note = serializers.CharField(max_length=500, allow_blank=True, default="")

    def __init__(self, *args: Any, request_row: Any = None, actor: Any = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if request_row is not None:
            unit: Any = self.fields["unit"]
            unit.queryset = givers_of(request_row, actor)
            origin: Any = self.fields["drawn_from"]
            origin.queryset = origins_of(request_row, actor)


class DeclineSerializer(serializers.Serializer):
    unit = serializers.SlugRelatedField("slug", queryset=Unit.objects.all())
    reason = serializers.CharField(max_length=2000)


class NeedWithdrawSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)
    version = serializers.IntegerField(min_value=1)


class ReleasePeopleSerializer(serializers.Serializer):
    """`contribution` stands in place; `version` is its placement's."""

    contribution = serializers.IntegerField(min_value=1)
    version = serializers.IntegerField(min_value=1)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class ReinforcementViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Requests for reinforcement in sight, with their answers and the needs log. What was given is
    ordered and moved as a deployment."""

    queryset = (
        Reinforcement.objects.select_related("unit", "agency", "asked_by", "operation")
        .prefetch_related(
            "addressees__unit",
            "contributions__reinforcement",
            "contributions__deployment__unit",
            "contributions__deployment__agency",
            "log__by",
            "log__unit",
        )
        .order_by("-asked_at", "-pk")
    )
    serializer_class = ReinforcementSerializer
    filterset_class = ReinforcementFilter
    needs = {
        "list": Permission.DEPLOYMENT_VIEW,
        "retrieve": Permission.DEPLOYMENT_VIEW,
        "create": Permission.REINFORCEMENT_ASK,
        "give": Permission.REINFORCEMENT_ANSWER,
        "decline": Permission.REINFORCEMENT_ANSWER,
        "withdraw": Permission.REINFORCEMENT_ASK,
        "release": Permission.REINFORCEMENT_ASK,
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().counted(clock.now())

    @extend_schema(request=AskSerializer, responses={201: ReinforcementSerializer})
    def create(self, request: Request) -> Response:
        """Ask for people. The same `Idempotency-Key` again has no second effect."""
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        values = _valid(AskSerializer(data=request.data))
        addressees = values.pop("addressees")
        require(self.actor, Permission.REINFORCEMENT_ASK, values["unit"])
        at = clock.now()
        asked = actions.ask_reinforcement(
            running(at), values, addressees=addressees, by=self.actor, at=at
        )
        return self._answer(asked, status.HTTP_201_CREATED)

    @extend_schema(request=GiveSerializer, responses={201: ReinforcementSerializer})
    @action(detail=True, methods=["post"])
    def give(self, request: Request, pk: str | None = None) -> Response:
        """Offer or assign people of one's own units."""
        row = self.get_object()
        return api_once(request, lambda: self._give(request, row))

    def _give(self, request: Request, row: Any) -> Response:
        form = GiveSerializer(data=request.data, request_row=row, actor=self.actor)
        values = _valid(form)
        require(self.actor, Permission.REINFORCEMENT_ANSWER, values["unit"])
        actions.give_people(row, **values, by=self.actor, at=clock.now())
        return self._answer(row, status.HTTP_201_CREATED)

    @extend_schema(request=DeclineSerializer, responses=ReinforcementSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str | None = None) -> Response:
        """Say that one of the units asked cannot help, and why."""
        row = self.get_object()
        return api_once(request, lambda: self._decline(request, row))

    def _decline(self, request: Request, row: Any) -> Response:
        values = _valid(DeclineSerializer(data=request.data))
        asked = row.addressees.select_related("unit").filter(unit=values["unit"]).first()
        if asked is None:
            raise NotFound
        require(self.actor, Permission.REINFORCEMENT_ANSWER, asked.unit)
        actions.decline_need(asked, reason=values["reason"], by=self.actor, at=clock.now())
        return self._answer(row)

    @extend_schema(request=NeedWithdrawSerializer, responses=ReinforcementSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str | None = None) -> Response:
        """Take the request back as long as nobody was ordered."""
        row = self.get_object()
        require(self.actor, Permission.REINFORCEMENT_ASK, row)
        return api_once(request, lambda: self._withdraw(request, row))

    def _withdraw(self, request: Request, row: Any) -> Response:
        values = _valid(NeedWithdrawSerializer(data=request.data))
        actions.withdraw_reinforcement(row, **values, by=self.actor, at=clock.now())
        return self._answer(row)

    @extend_schema(request=ReleasePeopleSerializer, responses=ReinforcementSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str | None = None) -> Response:
        """Let the people of one answer go, who stand in place."""
        row = self.get_object()
        require(self.actor, Permission.REINFORCEMENT_ASK, row)
        return api_once(request, lambda: self._release(request, row))

    def _release(self, request: Request, row: Any) -> Response:
        values = _valid(ReleasePeopleSerializer(data=request.data))
        given = row.contributions.select_related("deployment").filter(pk=values.pop("contribution"))
        if not given:
            raise NotFound
        actions.release_people(given[0], **values, by=self.actor, at=clock.now())
        return self._answer(row)

    def _answer(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        fresh = self.get_queryset().get(pk=row.pk)
        return Response(ReinforcementSerializer(fresh).data, status=code)


def _valid(form: Any) -> dict[str, Any]:
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)
