from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from deployments import actions
from deployments.enums import AccountPart
from deployments.models import StrengthAccount, StrengthTransfer
from deployments.queries.statement import (
    RELATED,
    Asked,
    entry_text,
    held_on,
    statement,
)
from deployments.views.reading import running
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.registry.models import Agency, Operation, Place, Region, Unit
from portal.web.idempotency import api_once

KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=False)


class StrengthAccountSerializer(serializers.ModelSerializer):
    """People of one agency at one place in one part. `balance`: how many at the asked moment, as a
    statement until its day closes."""

    agency = serializers.SlugRelatedField("slug", read_only=True)
    unit = serializers.SlugRelatedField("slug", read_only=True)
    controller = serializers.SlugRelatedField("slug", read_only=True)
    region = serializers.CharField(source="region_id", read_only=True)
    name = serializers.CharField(source="__str__", read_only=True)
    balance = serializers.SerializerMethodField()

    class Meta:
        model = StrengthAccount
        fields = (
            "id", "name", "agency", "part", "unit", "region", "place", "controller", "balance",
        )  # fmt: skip
        read_only_fields = fields

    def get_balance(self, account: StrengthAccount) -> int:
        balances: Mapping[int, int] = self.context["view"].balances
        return balances[account.pk]


class AccountQuery(serializers.Serializer):
    """At which moment; without `at` now."""

    at = serializers.DateTimeField(required=False, default=None)


@extend_schema_view(
    list=extend_schema(parameters=[AccountQuery]), retrieve=extend_schema(parameters=[AccountQuery])
)
class StrengthAccountViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Accounts of the ledger in sight: the own ones and those under one's control."""

    queryset = StrengthAccount.objects.select_related(
        "agency", "unit", "region", "place", "controller"
    ).order_by("agency__position", "region", "part", "pk")
    serializer_class = StrengthAccountSerializer
    needs = {"list": Permission.DEPLOYMENT_VIEW, "retrieve": Permission.DEPLOYMENT_VIEW}
    filterset_fields = ()

    balances: Mapping[int, int] = {}

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        self._weigh(page)
        return page

    def get_object(self) -> StrengthAccount:
        account = super().get_object()
        self._weigh([account])
        return account

    def _weigh(self, accounts: Iterable[StrengthAccount]) -> None:
        """The balances of all that is shown in one question."""
        asked = AccountQuery(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        at = asked.validated_data["at"] or clock.now()
        shown = [account.pk for account in accounts]
        self.balances = held_on(shown, clock.local(at).date(), at)


class StrengthTransferSerializer(serializers.ModelSerializer):
    """One entry. Without `source` they were announced; without `target` the announcement shrank."""

    agency = serializers.SlugRelatedField("slug", read_only=True)
    by_post = serializers.CharField(source="by_post.title", default="", read_only=True)
    text = serializers.SerializerMethodField()

    class Meta:
        model = StrengthTransfer
        fields = (
            "id", "agency", "source", "target", "text", "personnel", "effective_on", "recorded_at",
            "reason", "origin", "as_of", "by_post", "deployment", "reverses",
        )  # fmt: skip
        read_only_fields = fields

    def get_text(self, entry: StrengthTransfer) -> str:
        return entry_text(entry)


class NewTransferSerializer(serializers.Serializer):
    """A move from an account to a place of the same owner."""

    source = serializers.PrimaryKeyRelatedField(queryset=StrengthAccount.objects.none())
    part = serializers.ChoiceField(AccountPart.choices)
    unit = serializers.SlugRelatedField(
        "slug", queryset=Unit.objects.all(), required=False, allow_null=True, default=None
    )
    region = serializers.PrimaryKeyRelatedField(
        queryset=Region.objects.exclude(level=Region.Level.VILLAGE)
    )
    place = serializers.PrimaryKeyRelatedField(
        queryset=Place.objects.all(), required=False, allow_null=True, default=None
    )
    controller = serializers.SlugRelatedField(
        "slug", queryset=Agency.objects.all(), required=False, allow_null=True, default=None
    )
    personnel = serializers.IntegerField(min_value=1, max_value=2_147_483_647)
    effective_on = serializers.DateField()
    reason = serializers.CharField(max_length=300)
    origin = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        view = self.context.get("view")
        if view is not None and not getattr(view, "swagger_fake_view", False):
            seen = StrengthAccount.objects.visible_to(view.actor)
            field: Any = self.fields["source"]
            field.queryset = seen.select_related("operation", "agency")


class ReversalSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class StrengthTransferViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Entries of the ledger in sight. Nothing is changed or removed; a mistake is reversed."""

    queryset = StrengthTransfer.objects.select_related("agency", *RELATED).order_by(
        "effective_on", "pk"
    )
    serializer_class = StrengthTransferSerializer
    needs = {
        "list": Permission.DEPLOYMENT_VIEW,
        "retrieve": Permission.DEPLOYMENT_VIEW,
        "create": Permission.DEPLOYMENT_EDIT,
        "reverse": Permission.DEPLOYMENT_EDIT,
    }
    filterset_fields = ()

    @extend_schema(
        request=NewTransferSerializer, responses={201: StrengthTransferSerializer}, parameters=[KEY]
    )
    def create(self, request: Request) -> Response:
        """Move people. The same `Idempotency-Key` again has no second effect."""
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        form = NewTransferSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        values = form.validated_data
        require(self.actor, Permission.DEPLOYMENT_EDIT, values["source"])
        moved = actions.transfer(values["source"], values, by=self.actor, at=clock.now())
        return self._made(moved)

    @extend_schema(
        request=ReversalSerializer, responses={201: StrengthTransferSerializer}, parameters=[KEY]
    )
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: str | None = None) -> Response:
        """Take an entry back by its mirror image, with a reason."""
        entry = self.get_object()
        require(self.actor, Permission.DEPLOYMENT_EDIT, entry)
        return api_once(request, lambda: self._reverse(request, entry))

    def _reverse(self, request: Request, entry: StrengthTransfer) -> Response:
        form = ReversalSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        reason = form.validated_data["reason"]
        written = actions.reverse_transfer(entry, reason=reason, by=self.actor, at=clock.now())
        return self._made(written)

    def _made(self, entry: StrengthTransfer) -> Response:
        place = reverse("strength-transfer-detail", args=[entry.pk])
        body = self.get_serializer(entry).data
        return Response(body, status=status.HTTP_201_CREATED, headers={"Location": place})


class StatementQuery(serializers.Serializer):
    """Whose statement and from which day to which, both included."""

    agency = serializers.SlugRelatedField("slug", queryset=Agency.objects.all(), default=None)
    unit = serializers.SlugRelatedField("slug", queryset=Unit.objects.all(), default=None)
    region = serializers.PrimaryKeyRelatedField(queryset=Region.objects.all(), default=None)
    controller = serializers.SlugRelatedField("slug", queryset=Agency.objects.all(), default=None)
    since = serializers.DateField(required=False, default=None)
    until = serializers.DateField(required=False, default=None)


class StatementLineSerializer(serializers.Serializer):
    entry = StrengthTransferSerializer()
    incoming = serializers.IntegerField()
    outgoing = serializers.IntegerField()
    balance = serializers.IntegerField()


class StatementSerializer(serializers.Serializer):
    """`closing` = `opening` + `incoming` − `outgoing` = the sum of `parts`. Persons."""

    title = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField()
    opening = serializers.IntegerField()
    incoming = serializers.IntegerField()
    outgoing = serializers.IntegerField()
    closing = serializers.IntegerField()
    parts = serializers.DictField(child=serializers.IntegerField())
    lines = StatementLineSerializer(many=True)


class StatementViewSet(ScopedViewSet):
    """A statement over the accounts in sight, read like a bank's."""

    queryset = StrengthAccount.objects.none()
    serializer_class = StatementSerializer
    needs = {"list": Permission.DEPLOYMENT_VIEW}
    filter_backends = []
    pagination_class = None

    @extend_schema(parameters=[StatementQuery], responses=StatementSerializer)
    def list(self, request: Request) -> Response:
        """Without days: the whole operation until today."""
        asked = StatementQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        at = clock.now()
        operation: Operation = running(at)
        values = dict(asked.validated_data)
        values["since"] = values["since"] or operation.starts_on
        today = max(operation.starts_on, clock.local(at).date())
        values["until"] = values["until"] or max(today, values["since"])
        if values["until"] < values["since"]:
            raise ValidationError({"until": [_("Tanggal selesai mendahului tanggal mulai.")]})
        found = statement(self.actor, operation, Asked(**values), at)
        return Response(StatementSerializer(found).data)
