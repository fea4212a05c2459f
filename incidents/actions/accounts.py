"""What is told of an event, checked before it is written down."""

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from incidents.actions.texts import refuse_tally
from incidents.enums import Disturbance, Occurrence
from incidents.models import Account, IncidentType
from incidents.models.account import EAST, NORTH, SOUTH, WEST
from portal import clock
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.registry.geometry import district_at
from portal.registry.models import PollingStation, Region

WRITABLE = (Region.Level.REGENCY, Region.Level.DISTRICT)
SKEW = timedelta(minutes=15)
"""By so much the clock of a phone may be fast; what it says is then taken as now."""
EARLIEST = datetime(2000, 1, 1, tzinfo=clock.WITA)
BACK = timedelta(days=365)
LATE = timedelta(days=1)
"""So late what was expected may be told where nothing says when it was written."""
AHEAD = timedelta(days=366)
"""What is expected lies within a year; anything else is a slip of the hand, or meant to do harm."""
WORDS = ("title", "involved", "place", "cause", "chronology", "casualties", "loss", "action_taken")


@dataclass(frozen=True)
class Told:
    """An event in the order of 5W1H. `occurred_at` is when it happened, or is expected to;
    `latitude` and `longitude` are degrees (WGS 84)."""

    type: IncidentType
    title: str
    chronology: str
    region: Region
    place: str
    occurred_at: datetime
    severity: int
    occurrence: str = Occurrence.OVER
    disturbance: str = Disturbance.REAL
    involved: str = ""
    cause: str = ""
    casualties: str = ""
    loss: str = ""
    action_taken: str = ""
    latitude: float | None = None
    longitude: float | None = None
    at_kpps_request: bool = False
    classification: int = Classification.TERBATAS

    def values(self) -> dict[str, Any]:
        """For the row: texts without blanks around them."""
        row = {field.name: getattr(self, field.name) for field in fields(self)}
        return row | {name: row[name].strip() for name in WORDS}

    @classmethod
    def of(cls, account: Account) -> "Told":
        return cls(**{field.name: getattr(account, field.name) for field in fields(cls)})


def checked(told: Told, *, by: Actor, at: datetime) -> Told:
    """The account as it may be written at that moment.

    Raises Refused at the field that is wrong. A time a few minutes ahead is that of a fast clock
    and becomes now.
    """
    if told.occurrence != Occurrence.EXPECTED and at < told.occurred_at <= at + SKEW:
        told = replace(told, occurred_at=at)
    if told.occurred_at < EARLIEST or told.occurred_at > at + AHEAD:
        raise Refused(_("Periksa tahunnya: waktu ini terlalu jauh."), "occurred_at")
    if told.region.level not in WRITABLE:
        raise Refused(_("Pilih kabupaten/kota atau kecamatan."), "region")
    if told.occurred_at > at and told.occurrence != Occurrence.EXPECTED:
        raise Refused(
            _(
                "Waktu kejadian tidak dapat di masa depan. Yang baru diperkirakan dilaporkan "
                "sebagai “Akan terjadi”."
            ),
            "occurred_at",
        )
    refuse_point(told.latitude, told.longitude)
    if told.classification > by.clearance:
        raise Refused(_("Klasifikasi ini melebihi kewenangan jabatan Anda."), "classification")
    for name in ("title", "place", "chronology"):
        if not getattr(told, name).strip():
            raise Refused(_("Isian ini wajib."), name)
    refuse_tally(**{name: getattr(told, name) for name in WORDS})
    return told


def refuse_timing(told: Told, *, written_at: datetime, at: datetime) -> None:
    """Raises Refused for what was over when somebody wrote that it would occur, and for what
    occurred before the operation."""
    if told.occurrence == Occurrence.EXPECTED and told.occurred_at < written_at - SKEW:
        raise Refused(
            _("Waktu ini sudah lewat. Pilih “Telah terjadi” atau “Sedang berlangsung”."),
            "occurred_at",
        )
    if told.occurred_at < at - BACK:
        raise Refused(_("Kejadian ini lebih dari setahun yang lalu."), "occurred_at")


def refuse_point(latitude: float | None, longitude: float | None) -> None:
    """Raises Refused for half a point and for one outside the province."""
    if (latitude is None) != (longitude is None):
        missing = "latitude" if latitude is None else "longitude"
        raise Refused(_("Isi lintang dan bujur, atau kosongkan keduanya."), missing)
    if latitude is not None and longitude is not None and not _inside(latitude, longitude):
        raise Refused(_("Titik ini berada di luar Kalimantan Selatan."), "latitude")


def refuse_station(station: PollingStation | None, region: Region) -> None:
    """Raises Refused when the polling station lies in another region than the account says."""
    if station is None:
        return
    code = station.district_id
    if code != region.pk and not code.startswith(f"{region.pk}."):
        raise Refused(_("TPS ini berada di wilayah lain."), "station")


def _inside(latitude: float, longitude: float) -> bool:
    # The frame first: it also turns away infinity and what is no number.
    framed = SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST
    return framed and district_at(latitude, longitude) is not None
