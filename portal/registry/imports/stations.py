"""Polling stations (TPS) of the running operation, by their codes."""

from collections.abc import Callable, Sequence, Set
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.imports.enums import CellType, RowVerdict
from portal.imports.kinds import Column, Entry, Kind, Values, Verdict, compared, refused
from portal.registry import actions
from portal.registry.actions.stations import FIELDS, digest
from portal.registry.enums import Quality
from portal.registry.imports.codes import known_codes, region_code
from portal.registry.models import Operation, PollingStation
from portal.registry.queries import current_operation
from portal.registry.rules import station_region, within

NAMES = {"district_id": "district", "village_id": "village"}
"""A field whose column is called otherwise."""

COLUMNS = (
    Column(
        "code",
        gettext_lazy("Kode TPS"),
        CellType.CODE,
        required=True,
        most=24,
        example="63.03.01-001",
        help=gettext_lazy("Mengenali TPS: kode yang sudah ada diperbarui, yang belum ditambahkan."),
    ),
    Column(
        "number",
        gettext_lazy("Nomor"),
        CellType.WHOLE,
        required=True,
        least=1,
        most=32_767,
        example="1",
    ),
    Column(
        "district",
        gettext_lazy("Kode kecamatan"),
        CellType.CODE,
        required=True,
        example="63.03.01",
        help=gettext_lazy("Kode Kemendagri, dengan atau tanpa titik."),
    ),
    Column(
        "village",
        gettext_lazy("Kode desa/kelurahan"),
        CellType.CODE,
        example="63.03.01.2001",
        help=gettext_lazy("Harus terletak di kecamatan itu."),
    ),
    Column("name", gettext_lazy("Nama"), required=True, most=120, example="TPS 1 Aluh-Aluh"),
    Column(
        "latitude",
        gettext_lazy("Lintang"),
        CellType.DECIMAL,
        least=-90,
        most=90,
        example="-3,4512",
        help=gettext_lazy("Derajat desimal; isi bersama bujur."),
    ),
    Column(
        "longitude",
        gettext_lazy("Bujur"),
        CellType.DECIMAL,
        least=-180,
        most=180,
        example="114,6021",
    ),
    Column("voters", gettext_lazy("Pemilih"), CellType.WHOLE, least=0, most=10_000, example="480"),
    Column(
        "is_active",
        gettext_lazy("Dipakai"),
        CellType.YES_NO,
        example="Ya",
        help=gettext_lazy("Kosong berarti Ya untuk TPS baru."),
    ),
    Column("source", gettext_lazy("Sumber"), required=True, most=200, example="KPU Kab. Banjar"),
    Column(
        "as_of", gettext_lazy("Per tanggal"), CellType.DATE, required=True, example="25/11/2024"
    ),
    Column("quality", gettext_lazy("Mutu"), CellType.CHOICE, choices=Quality.choices),
)


def key(values: Values) -> str:
    return str(values["code"])


def running(at: datetime) -> Operation:
    operation = current_operation(at)
    if operation is None:
        raise Refused(_("Tidak ada operasi yang berjalan."))
    return operation


def check(
    actor: Actor,
    rows: Sequence[Values],
    at: datetime,
    brought: Callable[[Set[str]], Set[str]],
) -> list[Verdict]:
    operation = running(at)
    districts = known_codes({region_code(row["district"]) for row in rows}, "district")
    villages = known_codes(
        {region_code(row["village"]) for row in rows if row["village"]}, "village"
    )
    stations = PollingStation.objects.filter(operation=operation, code__in=map(key, rows))
    known = {station.code: station for station in stations}
    kept = station_region(actor)
    return [_judge(row, known.get(key(row)), districts, villages, kept) for row in rows]


def _judge(
    row: Values,
    station: PollingStation | None,
    districts: set[str],
    villages: set[str],
    kept: str | None,
) -> Verdict:
    district = region_code(row["district"])
    village = region_code(row["village"]) if row["village"] else None
    reasons: dict[str, str] = {}
    if district not in districts:
        reasons["district"] = _("Kecamatan %(code)s tidak dikenal.") % {"code": district}
    elif not within(kept, district) or (station and not within(kept, station.district_id)):
        reasons["district"] = _("TPS ini di luar wewenang jabatan Anda.")
    if village and village not in villages:
        reasons["village"] = _("Desa/kelurahan %(code)s tidak dikenal.") % {"code": village}
    elif village and not village.startswith(f"{district}."):
        reasons["village"] = _("Desa/kelurahan ini tidak terletak di kecamatan %(code)s.") % {
            "code": district
        }
    before = shown(station) if station else None
    after = _after(row, before, district, village)
    if (after["latitude"] is None) != (after["longitude"] is None):
        reasons["longitude"] = _("Isi lintang dan bujur bersama-sama.")
    if not reasons and after["village"] and not after["village"].startswith(f"{district}."):
        reasons["village"] = _("Desa/kelurahan ini tidak terletak di kecamatan %(code)s.") % {
            "code": district
        }
    if reasons:
        return refused(reasons)
    return compared(before, after, str(station.pk) if station else "")


def _after(row: Values, before: Values | None, district: str, village: str | None) -> Values:
    """What the row makes of the station; an empty cell leaves what is there."""
    given = row | {"district": district, "village": village}
    empty = before or {column.name: None for column in COLUMNS} | {
        "is_active": True,
        "quality": Quality.REPORTED.value,
    }
    return {
        column.name: empty[column.name] if given[column.name] is None else given[column.name]
        for column in COLUMNS
    }


def shown(station: PollingStation) -> Values:
    """A station by column."""
    values = digest(station)
    return {"code": station.code} | {NAMES.get(name, name): values[name] for name in FIELDS}


def _fields(values: Values) -> dict[str, Any]:
    found = {name: values[NAMES.get(name, name)] for name in FIELDS}
    return found | {"as_of": date.fromisoformat(values["as_of"])}


def apply(actor: Actor, rows: Sequence[Entry], at: datetime) -> list[str]:
    given = {row.after["code"]: _fields(row.after) for row in rows}
    written = actions.import_stations(running(at), given, by=actor, at=at)
    return [str(written[row.after["code"]]) for row in rows]


def undo(actor: Actor, rows: Sequence[Entry], at: datetime) -> None:
    stations = PollingStation.objects.select_related("operation").in_bulk(
        [int(row.object_id) for row in rows]
    )
    given: dict[str, dict[str, Any] | None] = {}
    kept = station_region(actor)
    for row in rows:
        station = stations.get(int(row.object_id))
        if station is None:
            raise Refused(_("TPS ini sudah tidak ada."))
        if not within(kept, station.district_id):
            raise Refused(_("TPS ini di luar wewenang jabatan Anda."))
        if shown(station) != row.after:
            raise Refused(_("TPS ini sudah diubah sesudah impor, jadi tetap."))
        new = row.verdict == RowVerdict.NEW
        given[station.code] = None if new else _fields(row.before)
    operation = next(iter(stations.values())).operation
    actions.restore_stations(operation, given, by=actor, at=at)


STATIONS = Kind(
    name="tps",
    permission=Permission.STATION_EDIT,
    title=pgettext_lazy("impor", "TPS"),
    about=gettext_lazy(
        "Tempat pemungutan suara operasi yang berjalan, menurut kodenya. Sel yang kosong "
        "membiarkan isi yang ada; kelas Polri dan tanda Bawaslu tidak tersentuh."
    ),
    columns=COLUMNS,
    key=key,
    check=check,
    apply=apply,
    undo=undo,
    page="deployments:station_list",
    open_to=lambda actor: station_region(actor) is not None,
    bulk=True,
)
