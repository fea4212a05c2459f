"""What the serializers of all nouns share."""

from datetime import datetime

from django.utils.translation import gettext as _
from rest_framework import serializers

from portal.registry.models import Agency
from portal.web.forms import FIRST_YEAR, LAST_YEAR


def slug(**kwargs) -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(slug_field="slug", **kwargs)


def agencies(**kwargs) -> serializers.SlugRelatedField:
    return slug(queryset=Agency.objects.all(), **kwargs)


def number(**kwargs) -> serializers.IntegerField:
    """The id of another record; it is looked for among what the post sees."""
    return serializers.IntegerField(min_value=1, max_value=2**63 - 1, **kwargs)


class Moment(serializers.DateTimeField):
    """A time with offset, in a year that people live in."""

    def to_internal_value(self, value) -> datetime:
        moment = super().to_internal_value(value)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise serializers.ValidationError(
                _("Tahun harus antara %(first)s dan %(last)s.")
                % {"first": FIRST_YEAR, "last": LAST_YEAR},
                code="year",
            )
        return moment


class Unsent:
    """For what is sent to change a record: what is not sent stays as it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required, field.default = False, serializers.empty


class VersionSerializer(serializers.Serializer):
    version = serializers.IntegerField(min_value=1, required=False)


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500)
