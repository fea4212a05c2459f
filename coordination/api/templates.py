"""Examples of running orders, kept by an agency for its planners."""

from typing import ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions import agenda_templates as actions
from coordination.api.requests import ReadViewSet, valid
from coordination.api.serializers import MeetingDetailSerializer, number
from coordination.models import AgendaTemplate, AgendaTemplateItem
from portal import clock
from portal.access.permissions import Permission
from portal.web.idempotency import api_once


class TemplateItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = AgendaTemplateItem
        fields = ["position", "section", "title", "planned_minutes"]


class TemplateSerializer(serializers.ModelSerializer):
    items = TemplateItemSerializer(many=True, read_only=True)

    class Meta:
        model = AgendaTemplate
        fields = ["id", "name", "kind", "items", "version", "updated_at"]


class TemplateNameSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120)


class TemplateChoiceSerializer(serializers.Serializer):
    template = number()


class AgendaTemplateViewSet(ReadViewSet):
    """The examples of the own agency."""

    queryset = AgendaTemplate.objects.prefetch_related("items").order_by("name", "pk")
    serializer_class = TemplateSerializer
    needs = {
        "list": Permission.MEETING_PLAN,
        "retrieve": Permission.MEETING_PLAN,
        "destroy": Permission.MEETING_PLAN,
    }

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Throw an example away; agendas made from it stay."""
        actions.delete_template(self.get_object(), by=self.actor, at=clock.now())
        return Response(status=204)


class TemplateActions(ReadViewSet):
    """For the view set of meetings."""

    template_needs: ClassVar[dict[str, Permission]] = {
        "save_template": Permission.MEETING_PLAN,
        "apply_template": Permission.MEETING_PLAN,
    }

    @extend_schema(request=TemplateNameSerializer, responses={201: TemplateSerializer})
    @action(detail=True, methods=["post"], url_path="save-template")
    def save_template(self, request: Request, pk: str) -> Response:
        """Keep the agenda as an example under a name; the same name is written over."""

        def run() -> Response:
            given = valid(TemplateNameSerializer, request)
            kept = actions.save_template(self.get_object(), by=self.actor, at=clock.now(), **given)
            return Response(TemplateSerializer(kept).data, status=201)

        return api_once(request, run)

    @extend_schema(request=TemplateChoiceSerializer, responses=MeetingDetailSerializer)
    @action(detail=True, methods=["post"], url_path="apply-template")
    def apply_template(self, request: Request, pk: str) -> Response:
        """Add an example's lines to the end of the agenda."""

        def run() -> Response:
            wanted = valid(TemplateChoiceSerializer, request)["template"]
            template = AgendaTemplate.objects.visible_to(self.actor).filter(pk=wanted).first()
            if template is None:
                raise serializers.ValidationError(
                    {"template": _("Tidak ditemukan dalam lingkup Anda.")}
                )
            meeting = self.get_object()
            actions.apply_template(meeting, template, by=self.actor, at=clock.now())
            return self.shown_again(meeting)

        return api_once(request, run)
