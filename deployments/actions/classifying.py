"""The police's class of polling stations: of chosen ones, or of all that a filter selects."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deployments.actions.stations import locked, owner_of
from deployments.enums import TpsClass
from deployments.models import StationClass
from deployments.queries.stations import newest_classes, selection_digest
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record
from portal.registry.enums import AgencyKind
from portal.registry.models import Agency, Operation, PollingStation
from portal.web.templatetags.portal import tanggal_pendek

BATCH = 2000
AT_ONCE = 500
"""Stations that one form may classify together, one by one chosen."""


def classify_stations(
    seen: Mapping[int, int],
    *,
    tps_class: str,
    valid_from: date,
    reason: str,
    by: Actor,
    at: datetime,
) -> int:
    """Give the stations the police's class from a day on, for one reason; returns how many changed.

    `seen`: by station id the id of the class row that the user saw, 0 for none. Refused when
    somebody else classified one of them meanwhile. A station that has the class keeps its row.
    """
    if len(seen) > AT_ONCE:
        raise Refused(
            _("Paling banyak %(limit)d TPS sekaligus, Anda memilih %(number)d.")
            % {"limit": AT_ONCE, "number": len(seen)}
        )
    agency = _agency(seen, tps_class, reason, by)
    with transaction.atomic():
        changed, before = _to_change(seen, tps_class, valid_from)
        rows = _rows(changed, agency, tps_class, valid_from, reason, by, at)
        StationClass.objects.bulk_create(rows)
        for station in changed:
            record(
                "station.classify",
                station,
                by=by,
                at=at,
                before={"tps_class": before.get(station.pk, "")},
                after={"tps_class": tps_class, "valid_from": valid_from, "reason": reason},
            )
    return len(changed)


def classify_matching(
    operation: Operation,
    seen: Mapping[int, int],
    *,
    digest: str,
    query: str,
    tps_class: str,
    valid_from: date,
    reason: str,
    by: Actor,
    at: datetime,
) -> int:
    """Give all stations that a filter selects the police's class, with one entry in the trail;
    returns how many changed.

    `seen`: what the filter (`query`, as in the address) selects now, as in `classify_stations`;
    `digest`: of what was confirmed. Refused where the two are not the same.
    """
    agency = _agency(seen, tps_class, reason, by)
    if selection_digest(seen) != digest:
        raise Refused(
            _("TPS yang cocok dengan saringan ini sudah berubah. Periksa jumlahnya sekali lagi.")
        )
    with transaction.atomic():
        changed, _before = _to_change(seen, tps_class, valid_from)
        rows = _rows(changed, agency, tps_class, valid_from, reason, by, at)
        StationClass.objects.bulk_create(rows, batch_size=BATCH)
        if changed:
            after = {
                "filter": query,
                "stations": len(changed),
                "tps_class": tps_class,
                "valid_from": valid_from,
                "reason": reason,
            }
            record("station.classify_matching", operation, by=by, at=at, after=after)
    return len(changed)


def _agency(seen: Mapping[int, int], tps_class: str, reason: str, by: Actor) -> Agency:
    """The police of the acting post. Raises Refused for what cannot be set."""
    if not seen:
        raise Refused(_("Pilih paling sedikit satu TPS."))
    if tps_class not in TpsClass.values:
        raise Refused(_("Kelas TPS tidak dikenal."), "tps_class")
    if not reason:
        raise Refused(_("Sebutkan alasan kelas ini."), "reason")
    return owner_of(by, AgencyKind.POLICE)


def _to_change(
    seen: Mapping[int, int], tps_class: str, valid_from: date
) -> tuple[list[PollingStation], dict[int, str]]:
    """The stations, locked, that have not got the class yet, and the class of each that has one.
    Raises Refused when one was classified since it was seen, or holds another from a later day."""
    stations = locked(seen)
    newest = newest_classes(seen)
    moved = [
        station
        for station in stations
        if (newest[station.pk].pk if station.pk in newest else 0) != seen[station.pk]
    ]
    if moved:
        raise Refused(
            ngettext(
                "%(station)s sudah diklasifikasi pihak lain sejak Anda membukanya. "
                "Muat ulang daftar.",
                "%(station)s dan TPS lain sudah diklasifikasi pihak lain sejak Anda "
                "membukanya. Muat ulang daftar.",
                len(moved),
            )
            % {"station": moved[0].name}
        )
    later = [row for row in newest.values() if row.valid_from > valid_from]
    if later:
        raise Refused(
            _("Kelas yang ada berlaku sejak %(day)s; yang baru tidak dapat lebih dahulu.")
            % {"day": tanggal_pendek(max(row.valid_from for row in later))},
            "valid_from",
        )
    before = {pk: row.tps_class for pk, row in newest.items()}
    return [station for station in stations if before.get(station.pk) != tps_class], before


def _rows(
    stations: list[PollingStation],
    agency: Agency,
    tps_class: str,
    valid_from: date,
    reason: str,
    by: Actor,
    at: datetime,
) -> list[StationClass]:
    return [
        StationClass(
            station=station,
            agency=agency,
            tps_class=tps_class,
            valid_from=valid_from,
            reason=reason,
            recorded_at=at,
            recorded_by_id=by.post_id,
        )
        for station in stations
    ]
