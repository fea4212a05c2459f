from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.enums import Severity
from incidents.queries.statistics import Statistics, Tally


@extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
class SeveritiesField(serializers.Field):
    """How many of each severity, by its number."""

    def to_representation(self, severities: tuple[int, ...]) -> dict[str, int]:
        return dict(zip(map(str, sorted(Severity.values)), severities, strict=True))


class TallySerializer(serializers.Serializer[Tally]):
    key = serializers.CharField()
    label = serializers.CharField()
    total = serializers.IntegerField()
    severities = SeveritiesField()


class StageTallySerializer(TallySerializer):
    """`days` until the moment; `daily`: incidents per day."""

    days = serializers.FloatField()
    daily = serializers.FloatField(allow_null=True)


class PlaceTallySerializer(TallySerializer):
    """`weeks`: one number for each Monday of `columns`."""

    weeks = serializers.SerializerMethodField()

    def get_weeks(self, row: Any) -> list[int]:
        return [number for number, _shade in row.weeks]


class WeekTallySerializer(serializers.Serializer):
    monday = serializers.DateField()
    total = serializers.IntegerField()
    severities = SeveritiesField()


class StatisticsSerializer(serializers.Serializer[Statistics]):
    """The figures of the page `/kejadian/angka/`; every table has the sum `total`, of the weeks
    without the `earlier` ones."""

    total = serializers.IntegerField()
    severities = SeveritiesField()
    earlier = serializers.IntegerField()
    within = serializers.CharField()
    columns = serializers.ListField(child=serializers.DateField())
    weeks = WeekTallySerializer(many=True)
    stages = StageTallySerializer(many=True)
    types = TallySerializer(many=True)
    places = PlaceTallySerializer(many=True)
