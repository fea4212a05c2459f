"""Places of the running operation (posko, groups of polling stations, warehouses, offices)."""

from collections.abc import Callable, Sequence, Set
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.imports.enums import CellType, RowVerdict
from portal.imports.kinds import Column, Entry, Kind, Values, Verdict, compared, refused
from portal.registry import actions
from portal.registry.actions.places import FIELDS, Key, digest, key_of
from portal.registry.enums import PlaceKind, Quality
from portal.registry.imports.codes import known_codes, region_code
from portal.registry.imports.stations import running
from portal.registry.models import Agency, Place

COLUMNS = (
    Column(
        "name",
        gettext_lazy("Nama tempat"),
        required=True,
        most=160,
        example="Posko Kecamatan Aluh-Aluh",
        help=gettext_lazy(
            "Bersama jenis dan kecamatan mengenali tempat: yang sudah ada diperbarui, yang belum "
            "ditambahkan."
        ),
    ),
    Column(
        "kind",
        gettext_lazy("Jenis"),
        CellType.CHOICE,
        required=True,
        choices=PlaceKind.choices,
        example="Posko",
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
        "agency",
        gettext_lazy("Instansi"),
        CellType.CODE,
        example="polda-kalsel",
        help=gettext_lazy("Kode instansi pemilik tempat; kosong: instansi pengirim."),
    ),
    Column("latitude", gettext_lazy("Lintang"), CellType.DECIMAL, least=-90, most=90),
    Column("longitude", gettext_lazy("Bujur"), CellType.DECIMAL, least=-180, most=180),
    Column(
        "is_active",
        gettext_lazy("Dipakai"),
        CellType.YES_NO,
        example="Ya",
        help=gettext_lazy("Tidak: tempat ini tidak lagi dapat dipilih."),
    ),
    Column("source", gettext_lazy("Sumber"), required=True, most=200, example="Renpam Polres"),
    Column(
        "as_of", gettext_lazy("Per tanggal"), CellType.DATE, required=True, example="25/11/2024"
    ),
    Column("quality", gettext_lazy("Mutu"), CellType.CHOICE, choices=Quality.choices),
)


def key(values: Values) -> str:
    parts = (region_code(values["district"]), values["kind"], values["name"].casefold())
    return "|".join(parts)


def check(
    actor: Actor,
    rows: Sequence[Values],
    at: datetime,
    brought: Callable[[Set[str]], Set[str]],
) -> list[Verdict]:
    operation = running(at)
    codes = known_codes({region_code(row["district"]) for row in rows}, "district")
    places = Place.objects.filter(operation=operation, district__in=codes)
    known = {
        "|".join([place.district_id, place.kind, place.name.casefold()]): place
        for place in places.select_related("agency")
    }
    agencies: dict[str, Agency] = {}
    for agency in Agency.objects.order_by("position"):
        for word in (agency.slug, agency.name, agency.short_name):
            agencies.setdefault(word.casefold(), agency)
    return [_judge(actor, row, known.get(key(row)), codes, agencies) for row in rows]


def _judge(
    actor: Actor,
    row: Values,
    place: Place | None,
    codes: set[str],
    agencies: dict[str, Agency],
) -> Verdict:
    district = region_code(row["district"])
    reasons: dict[str, str] = {}
    if district not in codes:
        reasons["district"] = _("Kecamatan %(code)s tidak dikenal.") % {"code": district}
    if row["agency"] and row["agency"].casefold() not in agencies:
        reasons["agency"] = _("Instansi “%(name)s” tidak dikenal.") % {"name": row["agency"]}
    if reasons:
        return refused(reasons)
    before = shown(place) if place else None
    after = _after(actor, row, before, district, agencies)
    if (after["latitude"] is None) != (after["longitude"] is None):
        reasons["longitude"] = _("Isi lintang dan bujur bersama-sama.")
    owner = agencies.get(after["agency"] or "")
    wanted = Place(district_id=district, agency=owner)
    if not all(may(actor, Permission.PLACE_EDIT, each) for each in (wanted, place or wanted)):
        reasons["district"] = _("Tempat ini di luar wewenang jabatan Anda.")
    if reasons:
        return refused(reasons)
    return compared(before, after, str(place.pk) if place else "")


def _after(
    actor: Actor,
    row: Values,
    before: Values | None,
    district: str,
    agencies: dict[str, Agency],
) -> Values:
    """What the row makes of the place; an empty cell leaves what is there."""
    named = agencies[row["agency"].casefold()].slug if row["agency"] else None
    given = row | {"district": district, "agency": named}
    empty = before or {column.name: None for column in COLUMNS} | {
        "agency": actor.agency_slug or None,
        "is_active": True,
        "quality": Quality.REPORTED.value,
    }
    after = {
        column.name: empty[column.name] if given[column.name] is None else given[column.name]
        for column in COLUMNS
    }
    return after | ({"name": before["name"]} if before else {})


def shown(place: Place) -> Values:
    """A place by column."""
    values = digest(place)
    district, kind, name = key_of(place)
    return {
        "name": name,
        "kind": kind,
        "district": district,
        "agency": place.agency.slug if place.agency else None,
        **{each: values[each] for each in FIELDS if each not in ("agency_id", "illustrative")},
    }


def _key(values: Values) -> Key:
    return (values["district"], values["kind"], values["name"])


def _fields(values: Values) -> dict[str, Any]:
    agency = Agency.objects.get(slug=values["agency"]) if values["agency"] else None
    kept = ("latitude", "longitude", "is_active", "source", "quality")
    return {
        "agency_id": agency.pk if agency else None,
        "as_of": date.fromisoformat(values["as_of"]),
        **{name: values[name] for name in kept},
    }


def apply(actor: Actor, rows: Sequence[Entry], at: datetime) -> list[str]:
    given = {_key(row.after): _fields(row.after) for row in rows}
    written = actions.keep_places(running(at), given, by=actor, at=at)
    return [str(written[_key(row.after)]) for row in rows]


def undo(actor: Actor, rows: Sequence[Entry], at: datetime) -> None:
    places = Place.objects.select_related("operation", "agency").in_bulk(
        [int(row.object_id) for row in rows]
    )
    given: dict[Key, dict[str, Any] | None] = {}
    for row in rows:
        place = places.get(int(row.object_id))
        if place is None:
            raise Refused(_("Tempat ini sudah tidak ada."))
        if not may(actor, Permission.PLACE_EDIT, place):
            raise Refused(_("Tempat ini di luar wewenang jabatan Anda."))
        if shown(place) != row.after:
            raise Refused(_("Tempat ini sudah diubah sesudah impor, jadi tetap."))
        new = row.verdict == RowVerdict.NEW
        given[key_of(place)] = None if new else _fields(row.before)
    operation = next(iter(places.values())).operation
    actions.restore_places(operation, given, by=actor, at=at)


PLACES = Kind(
    name="tempat",
    permission=Permission.PLACE_EDIT,
    title=pgettext_lazy("impor", "Tempat"),
    about=gettext_lazy(
        "Posko, kelompok TPS, gudang, dan kantor di bawah kecamatan, tempat personel ditempatkan. "
        "Sel yang kosong membiarkan isi yang ada."
    ),
    columns=COLUMNS,
    key=key,
    check=check,
    apply=apply,
    undo=undo,
    page="registry:place_list",
    bulk=True,
    limit=5_000,
)
