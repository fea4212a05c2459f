"""Placing people over the API: entered, changed, taken one step on."""

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.requests import valid, with_etag
from coordination.api.serializers import Moment, Unsent, VersionSerializer, slug
from deployments import actions, queries
from deployments.actions.placements import EDITABLE
from deployments.api.requests import agency, needed_version, region, unit
from deployments.api.strength import DeploymentSerializer
from deployments.enums import DeploymentState, DeploymentStatus, TaskForce
from deployments.filters import DeploymentFilter
from deployments.models import Deployment
from deployments.views.reading import running
from portal import clock
from portal.access.actor import Actor
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.accounts.models import Post
from portal.registry.enums import Quality
from portal.registry.models import Operation, Place, Stage
from portal.web.idempotency import api_once

LARGEST = 2_147_483_647


class PlacementSerializer(serializers.Serializer):
    """A part of an agency's people; the owner follows from the `unit`. `place` and `stage` belong
    to the operation, `in_charge` is a post of the own agency."""

    unit = unit()
    region = region()
    place = serializers.PrimaryKeyRelatedField(
        queryset=Place.objects.all(), required=False, allow_null=True, default=None
    )
    personnel = serializers.IntegerField(min_value=1, max_value=LARGEST)
    status = serializers.ChoiceField(choices=DeploymentStatus.choices)
    controller = agency(required=False, allow_null=True, default=None)
    task_force = serializers.ChoiceField(choices=TaskForce.choices, allow_blank=True, default="")
    function = serializers.CharField(max_length=80, allow_blank=True, default="")
    stage = serializers.PrimaryKeyRelatedField(
        queryset=Stage.objects.all(), required=False, allow_null=True, default=None
    )
    task = serializers.CharField(max_length=160)
    in_charge = slug(queryset=Post.objects.all(), required=False, allow_null=True, default=None)
    contact = serializers.CharField(max_length=120, allow_blank=True, default="")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True, default=None)
    source = serializers.CharField(max_length=200)
    as_of = Moment()
    quality = serializers.ChoiceField(choices=Quality.choices, default=Quality.REPORTED)


class PlacementWriteSerializer(PlacementSerializer):
    """`state`: `requested` for what is asked for; without it, as already standing as `status`
    says."""

    state = serializers.ChoiceField(
        choices=[DeploymentState.REQUESTED], required=False, allow_null=True, default=None
    )


class PlacementEditSerializer(Unsent, PlacementSerializer, VersionSerializer):
    """What is not sent stays as it is; the state moves by `move` alone. `reason`: why, needed once
    it is ordered."""

    reason = serializers.CharField(max_length=300, allow_blank=True)


class DeploymentStepSerializer(VersionSerializer):
    """`ordered` needs the Sprin, `cancelled` the reason in `note`."""

    to = serializers.ChoiceField(choices=DeploymentState.choices)
    sprin_number = serializers.CharField(max_length=80, allow_blank=True, default="")
    sprin_date = serializers.DateField(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=4000, allow_blank=True, default="")


def refuse_others(actor: Actor, given: dict[str, Any]) -> None:
    """Raises ValidationError for a unit or post that is not the caller's to name."""
    asked, post = given.get("unit"), given.get("in_charge")
    if asked is not None and not queries.units_of(actor).filter(pk=asked.pk).exists():
        text = _("Satuan ini tidak ada dalam lingkup jabatan Anda.")
        raise serializers.ValidationError({"unit": text})
    own = Post.objects.of_agencies([actor.agency_id])
    if post is not None and not own.filter(pk=post.pk).exists():
        raise serializers.ValidationError({"in_charge": _("Jabatan ini bukan dari instansi Anda.")})


class DeploymentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Placed parts of the strength, by agency, unit and region. `region` includes what is inside
    it; `at` gives those in place on that day."""

    queryset = (
        Deployment.objects.select_related(
            "agency", "unit__agency", "controller", "stage", "in_charge"
        )
        .prefetch_related("moves__by")
        .annotate(listed=Count("roster"))
        .order_by("agency__position", "region_id", "pk")
    )
    serializer_class = DeploymentSerializer
    filterset_class = DeploymentFilter
    needs = {
        "list": Permission.DEPLOYMENT_VIEW,
        "retrieve": Permission.DEPLOYMENT_VIEW,
        "create": Permission.DEPLOYMENT_EDIT,
        "partial_update": Permission.DEPLOYMENT_EDIT,
        "move": Permission.DEPLOYMENT_EDIT,
    }

    @extend_schema(request=PlacementWriteSerializer, responses={201: DeploymentSerializer})
    def create(self, request: Request) -> Response:
        """Enter a part of an agency's people in the running operation."""

        def run() -> Response:
            given = valid(PlacementWriteSerializer, request)
            refuse_others(self.actor, given)
            require(self.actor, Permission.DEPLOYMENT_EDIT, given["unit"].agency)
            state, at = given.pop("state"), clock.now()
            operation: Operation = running(at)
            placed = actions.place_deployment(operation, given, by=self.actor, at=at, state=state)
            return self._shown(placed, 201)

        return api_once(request, run)

    @extend_schema(request=PlacementEditSerializer, responses=DeploymentSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a placed part that is not over."""

        def run() -> Response:
            given = valid(PlacementEditSerializer, request)
            deployment = self._kept()
            version, reason = needed_version(request, given), given.pop("reason", "")
            refuse_others(self.actor, given)
            values = {name: getattr(deployment, name) for name in EDITABLE} | given
            require(self.actor, Permission.DEPLOYMENT_EDIT, values["unit"].agency)
            actions.change_deployment(
                deployment,
                values,
                version=version,
                by=self.actor,
                at=clock.now(),
                reason=reason,
            )
            return self._shown(deployment)

        return api_once(request, run)

    @extend_schema(request=DeploymentStepSerializer, responses=DeploymentSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Take it one step on; where it already stands nothing happens."""

        def run() -> Response:
            given = valid(DeploymentStepSerializer, request)
            deployment = self._kept()
            version = needed_version(request, given)
            actions.move_deployment(
                deployment, version=version, by=self.actor, at=clock.now(), **given
            )
            return self._shown(deployment)

        return api_once(request, run)

    def _kept(self) -> Deployment:
        """The deployment of the address, for who keeps its agency's strength."""
        deployment = self.get_object()
        require(self.actor, Permission.DEPLOYMENT_EDIT, deployment)
        return deployment

    def _shown(self, deployment: Deployment, status: int = 200) -> Response:
        row = self.get_queryset().get(pk=deployment.pk)
        return with_etag(Response(self.get_serializer(row).data, status=status), row)
