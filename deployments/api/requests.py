"""What the view sets that write share: the version that the caller saw, regions, units, posts."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from coordination.api.requests import version_of
from portal.registry.models import Agency, Region, Unit


class VersionNeeded(APIException):
    """Nothing is written over what the caller has not seen."""

    status_code = 428

    def __init__(self):
        super().__init__(_("Sebutkan versi data yang Anda lihat, di `If-Match` atau `version`."))


def needed_version(request: Request, given: dict[str, Any]) -> int:
    """The version that the caller saw. Raises VersionNeeded."""
    version = version_of(request, given)
    if version is None:
        raise VersionNeeded
    return version


def agency(**kwargs: Any) -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField("slug", queryset=Agency.objects.all(), **kwargs)


def unit(**kwargs: Any) -> serializers.SlugRelatedField:
    rows = Unit.objects.filter(is_active=True).select_related("agency")
    return serializers.SlugRelatedField("slug", queryset=rows, **kwargs)


def region(**kwargs: Any) -> serializers.PrimaryKeyRelatedField:
    """By its code, from the province down to the district."""
    rows = Region.objects.exclude(level=Region.Level.VILLAGE)
    return serializers.PrimaryKeyRelatedField(queryset=rows, **kwargs)
