from django.utils.translation import gettext as _
from rest_framework import serializers

from coordination.api.serializers.fields import agencies, number, slug
from coordination.models import AgendaItem
from coordination.queries.agenda import is_shown


class AgendaItemSerializer(serializers.ModelSerializer):
    """A line of the running order. With `shown` false the item is closed to the caller's agency,
    and only its place, minutes and times are told."""

    presenter = slug(read_only=True)
    presenter_post = slug(read_only=True)
    audience = slug(read_only=True, many=True)
    shown = serializers.SerializerMethodField()

    class Meta:
        model = AgendaItem
        fields = [
            "id",
            "meeting",
            "series",
            "position",
            "section",
            "title",
            "presenter",
            "presenter_post",
            "presenter_office",
            "planned_minutes",
            "is_closed",
            "audience",
            "shown",
            "started_at",
            "ended_at",
            "obligation",
            "lesson",
            "origin_label",
            "version",
        ]

    def get_shown(self, item: AgendaItem) -> bool:
        return is_shown(item)

    def to_representation(self, item: AgendaItem) -> dict:
        told = super().to_representation(item)
        if not is_shown(item):
            told |= {
                "title": _("Butir tertutup"),
                "presenter": None,
                "presenter_post": None,
                "presenter_office": "",
                "audience": [],
                "obligation": None,
                "lesson": None,
                "origin_label": "",
            }
        return told


class AgendaWriteSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    presenter = agencies(required=False, allow_null=True, default=None)
    planned_minutes = serializers.IntegerField(min_value=1, max_value=600, default=15)


class AgendaLineSerializer(AgendaWriteSerializer):
    """`id` names the item that the line replaces; without it the line is a new one."""

    id = number(required=False, allow_null=True, default=None)
