"""What becomes clearer of an incident, over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.serializers import AgendaItemSerializer, DirectiveSerializer
from coordination.api.steps import DirectiveWriteSerializer
from coordination.models import Meeting, MeetingSeries
from coordination.queries.agenda import items_for
from incidents.actions.agenda import bring_to_rakor
from incidents.actions.directives import direct_from_incident
from incidents.actions.editing import add_file, edit_incident, state_publicly, strike_update
from incidents.actions.grouping import merge_incident, split_incident
from incidents.api.field_reports import ChosenReportsSerializer, IncidentReasonSerializer
from incidents.api.incidents import (
    IncidentReportSerializer,
    IncidentSerializer,
    IncidentUpdateSerializer,
    IncidentViewSet,
    valid,
)
from incidents.models import TOLD, Incident, IncidentUpdate, InvolvedPerson
from incidents.queries.agenda import open_series
from portal import clock
from portal.access.permissions import Permission
from portal.web.forms import MAX_TEXT
from portal.web.idempotency import api_once
from portal.web.parsing import TextFilesParser, TextParser

UPLOADS = [TextParser, TextFilesParser]


class EditSerializer(IncidentReportSerializer):
    """The fields to change, and under `seen` what they said when they were read: a field that
    somebody else changed meanwhile is refused."""

    classification = None
    seen = serializers.DictField(child=serializers.JSONField(allow_null=True))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, partial=True, **kwargs)


class PublicTextSerializer(serializers.Serializer):
    public_text = serializers.CharField(max_length=MAX_TEXT, allow_blank=True)
    version = serializers.IntegerField(min_value=1, required=False)


class IncidentFileSerializer(serializers.Serializer):
    file = serializers.FileField()


class MergeSerializer(IncidentReasonSerializer):
    into = serializers.SlugRelatedField(slug_field="number", queryset=Incident.objects.none())

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = Incident.objects.visible_to(self.context.get("actor"))


class SplitSerializer(ChosenReportsSerializer, IncidentReasonSerializer):
    persons = serializers.PrimaryKeyRelatedField(
        many=True, queryset=InvolvedPerson.objects.none(), default=list
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = InvolvedPerson.objects.visible_to(self.context.get("actor"))
        self.fields["persons"].child_relation.queryset = rows.defer("sealed")


class UpdateStrikeSerializer(IncidentReasonSerializer):
    update = serializers.IntegerField(min_value=1, help_text="The entry's id.")


class BringSerializer(serializers.Serializer):
    """Where the incident is brought up: exactly one of `meeting` and `series`, by id."""

    meeting = serializers.PrimaryKeyRelatedField(
        queryset=Meeting.objects.none(), allow_null=True, default=None
    )
    series = serializers.PrimaryKeyRelatedField(
        queryset=MeetingSeries.objects.none(), allow_null=True, default=None
    )
    title = serializers.CharField(max_length=200)
    planned_minutes = serializers.IntegerField(min_value=1, max_value=600, default=15)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        actor = self.context.get("actor")
        if actor is None:  # Described, not used.
            return
        self.fields["meeting"].queryset = Meeting.objects.visible_to(actor)
        self.fields["series"].queryset = open_series(actor)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if (given["meeting"] is None) == (given["series"] is None):
            raise serializers.ValidationError({"meeting": _("Pilih satu rakor atau satu seri.")})
        return given


class FullIncidentViewSet(IncidentViewSet):
    """Incidents: reported, moved on, mended, merged, split; their timeline and files."""

    needs = {
        **IncidentViewSet.needs,
        "partial_update": Permission.INCIDENT_HANDLE,
        "public_text": Permission.INCIDENT_HANDLE,
        "add_file": Permission.INCIDENT_REPORT,
        "merge": Permission.INCIDENT_HANDLE,
        "split": Permission.INCIDENT_HANDLE,
        "strike": Permission.INCIDENT_REPORT,
        "direct": Permission.DIRECTIVE_ISSUE,
        "bring": Permission.MEETING_PLAN,
    }

    @extend_schema(request=EditSerializer, responses=IncidentSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change fields; two writers on different fields do not disturb each other."""
        return api_once(request, lambda: self._edit(request))

    def _edit(self, request: Request) -> Response:
        given = valid(EditSerializer, request, self.actor)
        seen = given.pop("seen", {})
        wanted = {name: value for name, value in given.items() if name in TOLD and name in seen}
        before = EditSerializer(data={**seen, "seen": {}}, context={"actor": self.actor})
        before.is_valid(raise_exception=True)
        incident = edit_incident(
            self.get_object(), wanted, seen=before.validated_data, **self._by()
        )
        return Response(self.get_serializer(incident).data)

    @extend_schema(request=PublicTextSerializer, responses=IncidentSerializer)
    @action(detail=True, methods=["post"], url_path="public-text")
    def public_text(self, request: Request, pk: str) -> Response:
        """What may be said to the public."""
        return api_once(request, lambda: self._public_text(request))

    def _public_text(self, request: Request) -> Response:
        given = valid(PublicTextSerializer, request, self.actor)
        text, version = given["public_text"], given.get("version")
        incident = state_publicly(self.get_object(), text, version=version, **self._by())
        return Response(self.get_serializer(incident).data)

    @extend_schema(
        request={"multipart/form-data": IncidentFileSerializer}, responses=IncidentSerializer
    )
    @action(
        detail=True,
        methods=["post"],
        url_path="files",
        parser_classes=[TextParser, TextFilesParser],
    )
    def add_file(self, request: Request, pk: str) -> Response:
        return api_once(request, lambda: self._add_file(request))

    def _add_file(self, request: Request) -> Response:
        given = valid(IncidentFileSerializer, request, self.actor)
        incident = self.get_object()
        add_file(incident, given["file"], **self._by())
        return Response(self.get_serializer(self.get_queryset().get(pk=incident.pk)).data)

    @extend_schema(request=MergeSerializer, responses=IncidentSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """Two were one: this one ends in `into`, which is returned."""
        return api_once(request, lambda: self._merge(request))

    def _merge(self, request: Request) -> Response:
        incident = self.get_object()
        given = valid(MergeSerializer, request, self.actor)
        into = merge_incident(incident, given["into"], reason=given["reason"], **self._by())
        return Response(self.get_serializer(into).data)

    @extend_schema(request=SplitSerializer, responses=IncidentSerializer)
    @action(detail=True, methods=["post"])
    def split(self, request: Request, pk: str) -> Response:
        """One was two: the given reports become an incident of their own, which is returned."""
        return api_once(request, lambda: self._split(request))

    def _split(self, request: Request) -> Response:
        given = valid(SplitSerializer, request, self.actor)
        apart = split_incident(
            self.get_object(),
            given["reports"],
            reason=given["reason"],
            persons=given["persons"],
            **self._by(),
        )
        return Response(self.get_serializer(apart).data)

    @extend_schema(request=UpdateStrikeSerializer, responses=IncidentUpdateSerializer)
    @action(detail=True, methods=["post"])
    def strike(self, request: Request, pk: str) -> Response:
        """Strike out an entry of the own agency; it stays readable."""
        return api_once(request, lambda: self._strike(request))

    def _strike(self, request: Request) -> Response:
        given = valid(UpdateStrikeSerializer, request, self.actor)
        rows = IncidentUpdate.objects.visible_to(self.actor).filter(incident=self.get_object())
        update = get_object_or_404(rows, pk=given["update"])
        strike_update(update, given["reason"], **self._by())
        return Response(IncidentUpdateSerializer(rows.get(pk=update.pk)).data)

    @extend_schema(request=DirectiveWriteSerializer, responses={201: DirectiveSerializer})
    @action(detail=True, methods=["post"])
    def direct(self, request: Request, pk: str) -> Response:
        """Issue a directive because of the incident."""
        return api_once(request, lambda: self._direct(request))

    def _direct(self, request: Request) -> Response:
        sent = DirectiveWriteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        directive = direct_from_incident(self.get_object(), **sent.values(), **self._by())
        return Response(DirectiveSerializer(directive).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=BringSerializer, responses={201: AgendaItemSerializer})
    @action(detail=True, methods=["post"])
    def bring(self, request: Request, pk: str) -> Response:
        """Put the incident onto an own rakor's agenda, or into an own series' backlog."""
        return api_once(request, lambda: self._bring(request))

    def _bring(self, request: Request) -> Response:
        incident = self.get_object()
        given = valid(BringSerializer, request, self.actor)
        meeting, series = given.pop("meeting"), given.pop("series")
        item = bring_to_rakor(incident, meeting or series, **given, **self._by())
        shown = items_for(self.actor).get(pk=item.pk)
        return Response(AgendaItemSerializer(shown).data, status=status.HTTP_201_CREATED)

    def _by(self) -> dict[str, Any]:
        return {"by": self.actor, "at": clock.now()}
