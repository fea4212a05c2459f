"""Polling stations and the operations that need their own."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.access.actor import Actor
from portal.audit.record import record
from portal.registry.models import Operation, PollingStation

BATCH = 2000
KEY = ("operation", "code")


def open_operation(slug: str, values: dict[str, Any], *, by: Actor, at: datetime) -> Operation:
    """An operation besides those of the registry's files, e.g. a re-vote; the same slug again
    returns the one there is."""
    with transaction.atomic():
        operation, created = Operation.objects.get_or_create(slug=slug, defaults=values)
        if created:
            record("operation.open", operation, by=by, at=at, after={"slug": slug} | values)
    return operation


def load_stations(
    operation: Operation, stations: Iterable[PollingStation], *, by: Actor, at: datetime
) -> int:
    """Add an operation's stations, or bring those of the same code to what is given; returns how
    many were given. One entry in the trail for all of them."""
    given = list(stations)
    with transaction.atomic():
        changed = [
            field.name
            for field in PollingStation._meta.concrete_fields
            if field.name not in {"id", *KEY}
        ]
        PollingStation.objects.bulk_create(
            given,
            update_conflicts=True,
            unique_fields=KEY,
            update_fields=changed,
            batch_size=BATCH,
        )
        record("station.load", operation, by=by, at=at, after={"stations": len(given)})
    return len(given)
