"""Units (satuan) of an agency's tree, by their codes."""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.imports.enums import CellType, RowVerdict
from portal.imports.kinds import Column, Entry, Kind, Values, Verdict, compared, refused
from portal.registry import actions
from portal.registry.enums import Quality, UnitKind
from portal.registry.imports.codes import known_codes, region_code, region_codes
from portal.registry.models import Unit

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

COLUMNS = (
    Column(
        "slug",
        gettext_lazy("Kode satuan"),
        CellType.CODE,
        required=True,
        most=80,
        example="polsek-gambut",
        help=gettext_lazy("Huruf kecil, angka, dan tanda hubung; mengenali satuan."),
    ),
    Column(
        "parent",
        gettext_lazy("Kode satuan induk"),
        CellType.CODE,
        required=True,
        example="polres-banjar",
        help=gettext_lazy("Menentukan instansi; boleh satuan yang ditambahkan baris di atasnya."),
    ),
    Column("name", gettext_lazy("Nama"), required=True, most=160, example="Polsek Gambut"),
    Column("short_name", gettext_lazy("Nama pendek"), required=True, most=60, example="Gambut"),
    Column(
        "kind",
        gettext_lazy("Jenis"),
        CellType.CHOICE,
        required=True,
        choices=UnitKind.choices,
        example="Polsek",
    ),
    Column(
        "seat",
        gettext_lazy("Kode wilayah kedudukan"),
        CellType.CODE,
        required=True,
        example="63.03.02",
    ),
    Column(
        "districts",
        gettext_lazy("Kode kecamatan wilayah kerja"),
        CellType.CODE,
        most=2000,
        example="63.03.02; 63.03.03",
        help=gettext_lazy("Beberapa kode dipisahkan titik koma; kosong membiarkan yang ada."),
    ),
    Column("is_active", gettext_lazy("Aktif"), CellType.YES_NO, example="Ya"),
    Column("source", gettext_lazy("Sumber"), required=True, most=200, example="Sprin/12/VIII/2024"),
    Column("quality", gettext_lazy("Mutu"), CellType.CHOICE, choices=Quality.choices),
)


def key(values: Values) -> str:
    return str(values["slug"])


def check(
    actor: Actor,
    rows: Sequence[Values],
    at: datetime,
    brought: Callable[[Set[str]], Set[str]],
) -> list[Verdict]:
    wanted = {row[name] for row in rows for name in ("slug", "parent")}
    found = Unit.objects.filter(slug__in=wanted).select_related("agency", "parent")
    units = {unit.slug: unit for unit in found.prefetch_related("coverage")}
    codes = {region_code(row["seat"]) for row in rows}
    for row in rows:
        codes.update(region_codes(row["districts"] or ""))
    seats = known_codes(codes, "province", "regency", "district")
    districts = known_codes(codes, "district")
    coming = brought({row["parent"] for row in rows} - units.keys())
    return [_judge(actor, row, units, seats, districts, coming) for row in rows]


def _judge(
    actor: Actor,
    row: Values,
    units: Mapping[str, Unit],
    seats: set[str],
    districts: set[str],
    coming: Set[str],
) -> Verdict:
    unit, parent = units.get(row["slug"]), units.get(row["parent"])
    reasons = _place(actor, row, unit, parent, coming)
    seat = region_code(row["seat"])
    if seat not in seats:
        reasons["seat"] = _("Wilayah %(code)s tidak dikenal.") % {"code": seat}
    covered = region_codes(row["districts"] or "")
    strange = [code for code in covered if code not in districts]
    if strange:
        reasons["districts"] = _("Kecamatan %(code)s tidak dikenal.") % {"code": strange[0]}
    if reasons:
        return refused(reasons)
    before = shown(unit) if unit else None
    given = row | {"seat": seat, "districts": "; ".join(covered) or None}
    empty = before or {
        "is_active": True,
        "quality": Quality.REPORTED.value,
        "districts": "",
    }
    after = {
        column.name: given[column.name]
        if given[column.name] is not None
        else empty.get(column.name)
        for column in COLUMNS
    }
    return compared(before, after, str(unit.pk) if unit else "")


def _place(
    actor: Actor, row: Values, unit: Unit | None, parent: Unit | None, coming: Set[str]
) -> dict[str, str]:
    """What speaks against the unit's place in the tree."""
    if not SLUG.fullmatch(row["slug"]):
        return {"slug": _("Kode hanya huruf kecil, angka, dan tanda hubung.")}
    if row["slug"] == row["parent"]:
        return {"parent": _("Satuan tidak dapat menjadi induk dirinya.")}
    if parent is None and row["parent"] not in coming:
        return {"parent": _("Satuan induk “%(code)s” tidak dikenal.") % {"code": row["parent"]}}
    owner = unit or parent
    if owner is not None and not may(actor, Permission.UNIT_EDIT, owner.agency):
        return {
            "slug" if unit else "parent": _("Satuan instansi lain: di luar wewenang jabatan Anda.")
        }
    if unit is not None and (unit.parent is None or unit.parent.slug != row["parent"]):
        return {"parent": _("Induk satuan yang sudah terdaftar tidak diubah lewat impor.")}
    return {}


def shown(unit: Unit) -> Values:
    """A unit by column."""
    covered = sorted(cover.district_id for cover in unit.coverage.all())
    return {
        "slug": unit.slug,
        "parent": unit.parent.slug if unit.parent else None,
        "name": unit.name,
        "short_name": unit.short_name,
        "kind": unit.kind,
        "seat": unit.seat_id,
        "districts": "; ".join(covered),
        "is_active": unit.is_active,
        "source": unit.source,
        "quality": unit.quality,
    }


def _fields(values: Values) -> dict[str, Any]:
    same = ("name", "short_name", "kind", "source", "quality", "is_active")
    return {name: values[name] for name in same} | {
        "seat_id": values["seat"],
        "districts": region_codes(values["districts"] or ""),
    }


def apply(actor: Actor, rows: Sequence[Entry], at: datetime) -> list[str]:
    written = []
    for row in rows:
        if row.verdict == RowVerdict.NEW:
            parents = Unit.objects.select_related("agency").filter(slug=row.after["parent"])
            parent = parents.first()
            if parent is None:
                raise Refused(_("Satuan induk belum terdaftar; barisnya ditolak."), "parent")
            values = _fields(row.after) | {"slug": row.after["slug"]}
            unit = actions.register_unit(parent, values, by=actor, at=at)
        else:
            unit = actions.change_unit(_unit(row), _fields(row.after), by=actor, at=at)
        written.append(str(unit.pk))
    return written


def undo(actor: Actor, rows: Sequence[Entry], at: datetime) -> None:
    for row in rows:
        unit = _unit(row)
        if shown(unit) != row.after:
            raise Refused(_("Satuan ini sudah diubah sesudah impor, jadi tetap."))
        if row.verdict == RowVerdict.NEW:
            actions.withdraw_unit(unit, by=actor, at=at)
        else:
            actions.change_unit(unit, _fields(row.before), by=actor, at=at)


def _unit(row: Entry) -> Unit:
    unit = Unit.objects.select_related("agency", "parent").filter(pk=row.object_id).first()
    if unit is None:
        raise Refused(_("Satuan ini sudah tidak ada."))
    return unit


UNITS = Kind(
    name="satuan",
    permission=Permission.UNIT_EDIT,
    title=gettext_lazy("Satuan"),
    about=gettext_lazy(
        "Satuan di bawah instansi sendiri, menurut kodenya: yang sudah ada diperbarui, yang belum "
        "ditambahkan di bawah induknya."
    ),
    columns=COLUMNS,
    key=key,
    check=check,
    apply=apply,
    undo=undo,
    page="registry:agency_list",
    limit=5_000,
)
