"""What the view sets share: reading what was sent, versions in headers, secrets noted."""

import re
from typing import Any

from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.classification import Classification
from portal.accounts.stepup import recent_proof
from portal.audit.record import record_read

ETAG = re.compile(r'(?:W/)?"?(\d{1,9})"?')


def valid(serializer: type, request: Request) -> dict[str, Any]:
    """What was sent, checked; raises ValidationError."""
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return given.validated_data


def version_of(request: Request, given: dict[str, Any]) -> int | None:
    """The version that the caller saw: the header If-Match, else the field `version`."""
    header = ETAG.fullmatch(request.headers.get("If-Match", "").strip())
    stated = given.pop("version", None)
    return int(header[1]) if header else stated


def proof_of(request: Request) -> str:
    """How the person of the session proved himself just now; a token proves nobody."""
    return "" if request.auth is not None else recent_proof(request._request)


def with_etag(response: Response, row: Any) -> Response:
    version = getattr(row, "version", None)
    if version is not None:
        response["ETag"] = f'"{version}"'
    return response


class ReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """List and retrieve; a row comes with its version as ETag, reading a secret is recorded."""

    detail_serializer_class: type | None = None

    def get_serializer_class(self):
        if self.action != "list" and self.detail_serializer_class:
            return self.detail_serializer_class
        return super().get_serializer_class()

    def retrieve(self, request: Request, *args, **kwargs) -> Response:
        return self.shown(self.read_object())

    def read_object(self) -> Any:
        """The row of the address, to be shown; reading a Rahasia row is recorded."""
        row = self.get_object()
        if row.classification >= Classification.RAHASIA:
            record_read(row, by=self.actor, at=clock.now())
        return row

    def shown(self, row: Any, status: int = 200) -> Response:
        return with_etag(Response(self.get_serializer(row).data, status=status), row)

    def shown_again(self, row: Any, status: int = 200) -> Response:
        """The row as it stands after an action, loaded with all that its serializer shows."""
        return self.shown(self.get_queryset().get(pk=row.pk), status)
