"""What every page of this app does first: find the row in scope, and note who read a secret."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from portal import clock
from portal.access.classification import Classification
from portal.audit.record import record_read


def found(request: HttpRequest, rows: QuerySet, **key: Any) -> Any:
    """The row if the acting post may see it, else 404; reading a Rahasia row is recorded."""
    row = get_object_or_404(rows, **key)
    if row.classification >= Classification.RAHASIA and request.method == "GET":
        record_read(row, by=request.actor, at=clock.now())
    return row


def address_of(request: HttpRequest, name: str, pk: int) -> str:
    """The whole address of a record's page, to be passed on to somebody else."""
    return request.build_absolute_uri(reverse(f"coordination:{name}", args=[pk]))
