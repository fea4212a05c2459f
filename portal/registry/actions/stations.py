"""Polling stations and the operations that need their own."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record
from portal.registry.actions.units import in_use
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


FIELDS = (
    "number",
    "district_id",
    "village_id",
    "name",
    "latitude",
    "longitude",
    "voters",
    "is_active",
    "source",
    "as_of",
    "quality",
)
"""What a list of stations says of each besides its code."""


def import_stations(
    operation: Operation, given: Mapping[str, Mapping[str, Any]], *, by: Actor, at: datetime
) -> dict[str, int]:
    """Add the operation's stations of these codes or bring them to what is given (FIELDS); returns
    their ids by code. The trail keeps what each was before."""
    with transaction.atomic():
        known = _locked(operation, given)
        before = {code: digest(station) for code, station in known.items()}
        fresh = [
            PollingStation(operation=operation, code=code, **values)
            for code, values in given.items()
            if code not in known
        ]
        for code, station in known.items():
            for name in FIELDS:
                setattr(station, name, given[code].get(name, getattr(station, name)))
        PollingStation.objects.bulk_create(fresh, batch_size=BATCH)
        PollingStation.objects.bulk_update(known.values(), FIELDS, batch_size=BATCH)
        after = {row.code: digest(row) for row in (*fresh, *known.values())}
        record("station.import", operation, by=by, at=at, before=before, after=after)
    return {row.code: row.pk for row in (*fresh, *known.values())}


def restore_stations(
    operation: Operation,
    given: Mapping[str, Mapping[str, Any] | None],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Bring stations back to what they were; one that was not there (None) goes again, as long as
    nothing refers to it."""
    with transaction.atomic():
        known = _locked(operation, given)
        before = {code: digest(station) for code, station in known.items()}
        back = {code: station for code, station in known.items() if given[code] is not None}
        for code, station in back.items():
            for name, value in (given[code] or {}).items():
                setattr(station, name, value)
        PollingStation.objects.bulk_update(back.values(), FIELDS, batch_size=BATCH)
        _remove([station for code, station in known.items() if code not in back])
        after = {code: values and dict(values) for code, values in given.items()}
        record("station.restore", operation, by=by, at=at, before=before, after=after)


def _remove(stations: list[PollingStation]) -> None:
    used = in_use(stations)
    if used:
        raise Refused(
            _("%(station)s sudah diklasifikasi, ditandai, atau dipakai data lain, jadi tetap.")
            % {"station": used.name}
        )
    PollingStation.objects.filter(pk__in=[station.pk for station in stations]).delete()


def _locked(operation: Operation, codes: Iterable[str]) -> dict[str, PollingStation]:
    rows = PollingStation.objects.select_for_update(of=("self",)).order_by("pk")
    return {row.code: row for row in rows.filter(operation=operation, code__in=list(codes))}


def digest(station: PollingStation) -> dict[str, Any]:
    """A station as the trail and an import compare it."""
    values = {name: getattr(station, name) for name in FIELDS}
    return values | {"as_of": station.as_of.isoformat() if station.as_of else None}
