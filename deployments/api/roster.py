from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from deployments import actions
from deployments.filters.roster import RosterFilter
from deployments.models import Deployment, RosterMember
from deployments.queries.roster import masked
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.audit.record import record_read
from portal.web.idempotency import api_once


class RosterMemberSerializer(serializers.ModelSerializer):
    """A person of the own agency's placement; `nrp` shows the last four digits."""

    nrp = serializers.SerializerMethodField()

    class Meta:
        model = RosterMember
        fields = ("id", "deployment", "name", "rank", "nrp", "version")
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_nrp(self, member: RosterMember) -> str:
        return masked(member.nrp)


class PersonSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    rank = serializers.CharField(max_length=60)
    nrp = serializers.CharField(max_length=30)


class NewMemberSerializer(PersonSerializer):
    deployment = serializers.PrimaryKeyRelatedField(queryset=Deployment.objects.none())

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        view = self.context.get("view")
        if view is not None and not getattr(view, "swagger_fake_view", False):
            seen = Deployment.objects.visible_to(view.actor)
            field: Any = self.fields["deployment"]
            field.queryset = seen.filter(agency=view.actor.agency_id).select_related("unit")


class MemberChangeSerializer(PersonSerializer):
    version = serializers.IntegerField(min_value=1)


class WrittenMemberSerializer(serializers.ModelSerializer):
    """What a writer gets back: no name, so that no stored answer holds one."""

    class Meta:
        model = RosterMember
        fields = ("id", "deployment", "version")
        read_only_fields = fields


class RosterMemberViewSet(mixins.ListModelMixin, ScopedViewSet):
    """The names of the own agency's placements, of one `deployment` at a time; each reading is
    recorded. Nobody outside the owning agency gets any."""

    queryset = RosterMember.objects.select_related("deployment__unit").order_by("pk")
    serializer_class = RosterMemberSerializer
    filterset_class = RosterFilter
    needs = {
        "list": Permission.ROSTER_VIEW,
        "create": Permission.ROSTER_EDIT,
        "partial_update": Permission.ROSTER_EDIT,
        "destroy": Permission.ROSTER_EDIT,
    }

    def filter_queryset(self, queryset: Any) -> Any:
        """One placement at a time is a rule of the list; a single person needs none."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        answer = super().list(request, *args, **kwargs)
        asked = str(request.query_params.get("deployment", ""))
        seen = Deployment.objects.visible_to(self.actor).filter(agency=self.actor.agency_id)
        read = seen.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 19 else None
        if read is not None:
            record_read(read, by=self.actor, at=clock.now(), verb="roster")
        return answer

    @extend_schema(request=NewMemberSerializer, responses={201: WrittenMemberSerializer})
    def create(self, request: Request) -> Response:
        """Add a person. The same `Idempotency-Key` again has no second effect."""
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        form = NewMemberSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        values = dict(form.validated_data)
        deployment = values.pop("deployment")
        require(self.actor, Permission.ROSTER_EDIT, deployment)
        member = actions.add_roster_member(deployment, values, by=self.actor, at=clock.now())
        return Response(WrittenMemberSerializer(member).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=MemberChangeSerializer, responses=WrittenMemberSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        member = self.get_object()
        require(self.actor, Permission.ROSTER_EDIT, member.deployment)
        form = MemberChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        values = dict(form.validated_data)
        version = values.pop("version")
        changed = actions.change_roster_member(
            member, values, version=version, by=self.actor, at=clock.now()
        )
        return Response(WrittenMemberSerializer(changed).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str | None = None) -> Response:
        member = self.get_object()
        require(self.actor, Permission.ROSTER_EDIT, member.deployment)
        actions.remove_roster_member(member, by=self.actor, at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
