"""What the police and the supervisors say of polling stations, over the API."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.requests import valid
from deployments import actions
from deployments.api.stations import PollingStationReading, PollingStationSerializer
from deployments.enums import TpsClass
from deployments.models import StationIndicator
from deployments.queries.stations import Territory, matching, territory
from portal import clock
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.registry.enums import AgencyKind
from portal.registry.models import PollingStation
from portal.web.idempotency import api_once

LARGEST = 2**63 - 1


class ClassSerializer(serializers.Serializer):
    tps_class = serializers.ChoiceField(choices=TpsClass.choices)
    valid_from = serializers.DateField()
    reason = serializers.CharField(max_length=300)


class ChosenSerializer(serializers.Serializer):
    """A station, and the `class_row` that was seen; 0 for none."""

    id = serializers.IntegerField(min_value=1, max_value=LARGEST)
    seen = serializers.IntegerField(min_value=0, max_value=LARGEST, default=0)


class ClassifySerializer(ClassSerializer):
    stations = ChosenSerializer(many=True)


class MatchingQuerySerializer(serializers.Serializer):
    """`query`: the filter as it stands in the address of the list."""

    query = serializers.CharField(max_length=1000, allow_blank=True, default="")


class MatchingSerializer(serializers.Serializer):
    """How many stations of the own territory match, and how many others; `digest` stands for
    exactly these with their classes."""

    count = serializers.IntegerField()
    outside = serializers.IntegerField()
    digest = serializers.CharField()


class ClassifyMatchingSerializer(ClassSerializer, MatchingQuerySerializer):
    """`digest` as `matching` told it: what is classified is what was counted."""

    digest = serializers.CharField(max_length=64)


class ClassifiedSerializer(serializers.Serializer):
    """How many changed; the others had that class already."""

    changed = serializers.IntegerField()
    chosen = serializers.IntegerField()


class TagWriteSerializer(serializers.Serializer):
    """All `tags` that are to stand, by indicator; `seen` those that stood. `note` is needed where
    one is taken off."""

    tags = serializers.ListField(child=serializers.CharField(max_length=40), max_length=100)
    seen = serializers.ListField(child=serializers.CharField(max_length=40), max_length=100)
    note = serializers.CharField(max_length=300, allow_blank=True, default="")


class PollingStationViewSet(PollingStationReading):
    """The polling stations of an operation, with the filter of the page: `q`, `region` (and what is
    inside it), `tps_class`, `tag`, `disagrees`, `operation`. Each agency writes its own side."""

    needs = {
        **PollingStationReading.needs,
        "classify": Permission.STATION_CLASSIFY,
        "matching": Permission.STATION_CLASSIFY,
        "classify_matching": Permission.STATION_CLASSIFY,
        "tags": Permission.STATION_TAG,
    }

    @extend_schema(request=ClassifySerializer, responses=ClassifiedSerializer)
    @action(detail=False, methods=["post"])
    def classify(self, request: Request) -> Response:
        """One class and one reason for the chosen stations, all of them in the own territory."""
        return api_once(request, lambda: self._classify(request))

    def _classify(self, request: Request) -> Response:
        given = valid(ClassifySerializer, request)
        chosen = {row["id"]: row["seen"] for row in given.pop("stations")}
        rows = PollingStation.objects.visible_to(self.actor).filter(pk__in=chosen)
        districts = dict(rows.values_list("pk", "district_id"))
        if chosen.keys() - districts.keys():
            text = _("Tidak ditemukan dalam lingkup Anda.")
            raise serializers.ValidationError({"stations": text})
        own = self._own()
        if not all(own.covers(district) for district in districts.values()):
            raise PermissionDenied(Permission.STATION_CLASSIFY)
        changed = actions.classify_stations(chosen, by=self.actor, at=clock.now(), **given)
        return Response({"changed": changed, "chosen": len(chosen)})

    @extend_schema(parameters=[MatchingQuerySerializer], responses=MatchingSerializer)
    @action(detail=False, methods=["get"], pagination_class=None)
    def matching(self, request: Request) -> Response:
        """How many `classify-matching` would classify."""
        asked = MatchingQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        data: Mapping[str, Any] = QueryDict(asked.validated_data["query"])
        found = matching(self._found(request, data)[1], self._own())
        body = {"count": len(found.seen), "outside": found.outside, "digest": found.digest}
        return Response(body)

    @extend_schema(request=ClassifyMatchingSerializer, responses=ClassifiedSerializer)
    @action(detail=False, methods=["post"], url_path="classify-matching")
    def classify_matching(self, request: Request) -> Response:
        """One class and one reason for all stations of the own territory that the filter selects;
        409 where they are no longer those that were counted."""

        def run() -> Response:
            given = valid(ClassifyMatchingSerializer, request)
            own = self._own()
            operation, rows = self._found(request, QueryDict(given["query"]))
            seen = matching(rows, own).seen
            changed = actions.classify_matching(
                operation, seen, by=self.actor, at=clock.now(), **given
            )
            return Response({"changed": changed, "chosen": len(seen)})

        return api_once(request, run)

    @extend_schema(request=TagWriteSerializer, responses=PollingStationSerializer)
    @action(detail=True, methods=["post"])
    def tags(self, request: Request, pk: str) -> Response:
        """Make the supervisors' tags of the station exactly those."""

        def run() -> Response:
            given = valid(TagWriteSerializer, request)
            station = self.get_object()
            require(self.actor, Permission.STATION_TAG, station)
            keys = given.pop("tags")
            known = set(StationIndicator.objects.values_list("pk", flat=True))
            if strange := sorted(set(keys) - known):
                text = _("Tanda %(key)s tidak dikenal.") % {"key": strange[0]}
                raise serializers.ValidationError({"tags": text})
            actions.set_tags(station, keys, by=self.actor, at=clock.now(), **given)
            return Response(self.get_serializer(self.get_object()).data)

        return api_once(request, run)

    def _own(self) -> Territory:
        """Where the post may classify. Raises PermissionDenied where that is nowhere."""
        own = territory(self.actor, AgencyKind.POLICE)
        if not own:
            raise PermissionDenied(Permission.STATION_CLASSIFY)
        return own
