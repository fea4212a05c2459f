"""The police's class and the supervisors' tags of polling stations: each writes only its own."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from deployments.models import StationClass, StationIndicator, StationTag
from deployments.queries.stations import newest_classes
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record
from portal.registry.enums import AgencyKind
from portal.registry.models import Agency, Operation, PollingStation

BATCH = 2000


def set_tags(
    station: PollingStation,
    keys: Collection[str],
    *,
    seen: Collection[str],
    note: str,
    by: Actor,
    at: datetime,
) -> int:
    """Make the supervisors' tags of a station exactly those; returns how many changed.

    `seen`: the tags that the user saw. `note` goes with each new tag and is the reason for each
    that is taken off.
    """
    agency = owner_of(by, AgencyKind.SUPERVISOR)
    with transaction.atomic():
        [current] = locked([station.pk])
        standing = {
            tag.indicator_id: tag for tag in StationTag.objects.standing(at).filter(station=current)
        }
        if set(seen) != standing.keys():
            raise Refused(_("Tanda TPS ini sudah diubah sejak Anda membukanya. Muat ulang."))
        wanted = set(StationIndicator.objects.filter(pk__in=keys).values_list("pk", flat=True))
        added, removed = wanted - standing.keys(), standing.keys() - wanted
        if not added and not removed:
            return 0
        if removed and not note:
            raise Refused(_("Sebutkan alasan mencabut tanda."), "note")
        for key in sorted(removed):
            tag = standing[key]
            tag.removed_at, tag.removed_by_id, tag.removal_reason = at, by.post_id, note
            tag.save()
        StationTag.objects.bulk_create(
            StationTag(
                station=current,
                indicator_id=key,
                agency=agency,
                note=note,
                recorded_at=at,
                recorded_by_id=by.post_id,
            )
            for key in sorted(added)
        )
        record(
            "station.tag",
            current,
            by=by,
            at=at,
            before={"tags": sorted(standing)},
            after={"tags": sorted(wanted), "note": note},
        )
    return len(added) + len(removed)


def load_classes(
    operation: Operation,
    classes: Mapping[str, str],
    *,
    valid_from: date,
    reason: str,
    by: Actor,
    at: datetime,
    illustrative: bool = False,
) -> int:
    """Take over a whole list of the police's classes by station code, with one entry in the trail;
    returns how many stations got a new one."""
    agency = owner_of(by, AgencyKind.POLICE)
    with transaction.atomic():
        stations = _by_code(operation, classes)
        newest = newest_classes(stations.values())
        rows = [
            StationClass(
                station_id=stations[code],
                agency=agency,
                tps_class=kind,
                valid_from=valid_from,
                reason=reason,
                recorded_at=at,
                recorded_by_id=by.post_id,
                illustrative=illustrative,
            )
            for code, kind in sorted(classes.items())
            if stations[code] not in newest or newest[stations[code]].tps_class != kind
        ]
        StationClass.objects.bulk_create(rows, batch_size=BATCH)
        after = {"stations": len(rows), "valid_from": valid_from, "reason": reason}
        record("station.load_classes", operation, by=by, at=at, after=after)
    return len(rows)


def load_tags(
    operation: Operation,
    tags: Iterable[tuple[str, str]],
    *,
    note: str,
    by: Actor,
    at: datetime,
    illustrative: bool = False,
) -> int:
    """Add a whole list of the supervisors' tags as (station code, indicator), with one entry in the
    trail; a tag that stands stays. Returns how many were new."""
    agency = owner_of(by, AgencyKind.SUPERVISOR)
    given = sorted(set(tags))
    with transaction.atomic():
        stations = _by_code(operation, {code for code, _key in given})
        standing = set(
            StationTag.objects.filter(removed_at=None, station__in=stations.values()).values_list(
                "station_id", "indicator_id"
            )
        )
        rows = [
            StationTag(
                station_id=stations[code],
                indicator_id=key,
                agency=agency,
                note=note,
                recorded_at=at,
                recorded_by_id=by.post_id,
                illustrative=illustrative,
            )
            for code, key in given
            if (stations[code], key) not in standing
        ]
        StationTag.objects.bulk_create(rows, batch_size=BATCH)
        record("station.load_tags", operation, by=by, at=at, after={"tags": len(rows)})
    return len(rows)


def owner_of(by: Actor, kind: str) -> Agency:
    """The acting post's own agency. Raises Refused when the list is not that agency's to keep."""
    agency = Agency.objects.filter(pk=by.agency_id, kind=kind).first()
    if agency is None:
        raise Refused(
            _("Kelas TPS hanya ditetapkan Polri.")
            if kind == AgencyKind.POLICE
            else _("Tanda TPS rawan hanya ditetapkan Bawaslu.")
        )
    return agency


def locked(ids: Iterable[int]) -> list[PollingStation]:
    """The stations, locked in one order so that two writers never wait for each other in a ring."""
    return list(
        PollingStation.objects.select_for_update(of=("self",))
        .filter(pk__in=list(ids))
        .order_by("pk")
    )


def _by_code(operation: Operation, codes: Iterable[str]) -> dict[str, int]:
    """Station ids by code. Raises Refused for codes that the operation does not have."""
    wanted = set(codes)
    found = dict(
        PollingStation.objects.filter(operation=operation, code__in=wanted).values_list(
            "code", "pk"
        )
    )
    if strange := sorted(wanted - found.keys()):
        raise Refused(_("Kode TPS %(code)s tidak ada dalam operasi ini.") % {"code": strange[0]})
    return found
