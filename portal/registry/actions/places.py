"""Places at which people are put: posko, groups of polling stations, warehouses, offices."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.audit.record import record
from portal.registry.actions.units import in_use
from portal.registry.models import Operation, Place, Region

Key = tuple[str, str, str]
"""District code, kind and name: what tells one place of an operation from another."""

FIELDS = (
    "agency_id", "latitude", "longitude", "is_active", "source", "as_of", "quality", "illustrative",
)  # fmt: skip
"""What is said of a place besides its key."""


def key_of(place: Place) -> Key:
    return (place.district_id, place.kind, place.name)


def add_place(operation: Operation, values: Mapping[str, Any], *, by: Actor, at: datetime) -> Place:
    """Register one place. `values`: district, kind, name, agency, source, as_of and, where they are
    known, latitude, longitude and quality."""
    district: Region = values["district"]
    key = (district.pk, values["kind"], values["name"].strip())
    with transaction.atomic():
        # Two at once come one after the other: the second finds the first.
        Operation.objects.select_for_update().get(pk=operation.pk)
        if Place.objects.filter(operation=operation, **_named(key)).exists():
            raise Refused(_("Tempat ini sudah terdaftar di kecamatan itu."), "name")
        agency = values.get("agency")
        given = {name: values[name] for name in FIELDS if name in values}
        given |= {"agency_id": agency.pk if agency else None}
        keep_places(operation, {key: given}, by=by, at=at)
    return Place.objects.get(operation=operation, **_named(key))


def keep_places(
    operation: Operation, given: Mapping[Key, Mapping[str, Any]], *, by: Actor, at: datetime
) -> dict[Key, int]:
    """Add the operation's places of these keys or bring them to what is given (FIELDS; what is left
    out stays); returns their ids. The trail keeps what each was before."""
    with transaction.atomic():
        known = _locked(operation, given)
        before = {_said(key): digest(place) for key, place in known.items()}
        for place in known.values():
            require(by, Permission.PLACE_EDIT, place)
        rows = []
        for key, values in given.items():
            place = known.get(key) or Place(operation=operation, **_named(key))
            for name, value in values.items():
                setattr(place, name, value)
            _refuse_impossible(place)
            require(by, Permission.PLACE_EDIT, place)
            rows.append(place)
        for place in rows:
            place.save()
        after = {_said(key_of(place)): digest(place) for place in rows}
        record("place.keep", operation, by=by, at=at, before=before, after=after)
    return {key_of(place): place.pk for place in rows}


def restore_places(
    operation: Operation,
    given: Mapping[Key, Mapping[str, Any] | None],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Bring places back to what they were; one that was not there (None) goes again, as long as
    nobody is placed there."""
    with transaction.atomic():
        known = _locked(operation, given)
        before = {_said(key): digest(place) for key, place in known.items()}
        gone = [place for key, place in known.items() if given[key] is None]
        used = in_use(gone)
        if used:
            raise Refused(_("%(place)s sudah dipakai data lain, jadi tetap.") % {"place": used})
        for key, place in known.items():
            require(by, Permission.PLACE_EDIT, place)
            for name, value in (given[key] or {}).items():
                setattr(place, name, value)
            if given[key] is not None:
                place.save()
        Place.objects.filter(pk__in=[place.pk for place in gone]).delete()
        after = {_said(key): values and _plain(values) for key, values in given.items()}
        record("place.restore", operation, by=by, at=at, before=before, after=after)


def _refuse_impossible(place: Place) -> None:
    if not place.name.strip():
        raise Refused(_("Beri nama tempat ini."), "name")
    if (place.latitude is None) != (place.longitude is None):
        raise Refused(_("Isi lintang dan bujur bersama-sama."), "longitude")


def _locked(operation: Operation, keys: Iterable[Key]) -> dict[Key, Place]:
    wanted = set(keys)
    rows = Place.objects.select_for_update(of=("self",)).order_by("pk")
    rows = rows.filter(operation=operation, district__in={district for district, _k, _n in wanted})
    return {key_of(row): row for row in rows if key_of(row) in wanted}


def _named(key: Key) -> dict[str, str]:
    district, kind, name = key
    return {"district_id": district, "kind": kind, "name": name}


def _said(key: Key) -> str:
    return " / ".join(key)


def digest(place: Place) -> dict[str, Any]:
    """A place as the trail and an import compare it."""
    return _plain({name: getattr(place, name) for name in FIELDS})


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    day = values.get("as_of")
    return dict(values) | ({"as_of": day.isoformat()} if isinstance(day, date) else {})
