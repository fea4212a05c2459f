"""What people write for units, regions, places and agencies, and what they mean by it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deployments.queries.places import units_of
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.imports.enums import CellType
from portal.imports.kinds import Column, Values
from portal.registry.imports.codes import region_code
from portal.registry.models import Agency, Operation, Place, Region, Stage, Unit
from portal.registry.queries import current_operation

UNIT = Column(
    "unit",
    gettext_lazy("Satuan"),
    CellType.CODE,
    required=True,
    example="polres-banjar",
    help=gettext_lazy("Kode satuan, atau namanya persis."),
)
REGION = Column(
    "region",
    gettext_lazy("Kode wilayah"),
    CellType.CODE,
    required=True,
    example="63.03",
    help=gettext_lazy("Provinsi, kabupaten/kota, atau kecamatan; dengan atau tanpa titik."),
)
PLACE = Column(
    "place",
    gettext_lazy("Tempat"),
    example="Posko Kecamatan Aluh-Aluh",
    help=gettext_lazy("Nama tempat yang terdaftar di wilayah itu; kosong bila tidak ada."),
)
CONTROLLER = Column(
    "controller",
    gettext_lazy("Pengendali (BKO)"),
    CellType.CODE,
    example="polda-kalsel",
    help=gettext_lazy("Kode instansi pengendali; kosong bila kendali tetap pada pemilik."),
)


def running(at: datetime) -> Operation:
    operation = current_operation(at)
    if operation is None:
        raise Refused(_("Tidak ada operasi yang berjalan."))
    return operation


@dataclass
class Lookup:
    """Everything that the rows of one step name, read once. Each finder notes in `reasons` what it
    does not find, by column."""

    actor: Actor
    operation: Operation
    units: dict[str, list[Unit]]
    """By code and by name: a name may belong to several."""
    own: set[int]
    regions: dict[str, Region]
    places: list[Place]
    agencies: dict[str, Agency]
    stages: dict[str, Stage]
    reasons: dict[str, str] = field(default_factory=dict)
    seen: set[tuple[Any, ...]] = field(default_factory=set)

    @classmethod
    def of(cls, actor: Actor, operation: Operation, rows: Iterable[Values]) -> "Lookup":
        units: dict[str, list[Unit]] = {}
        for unit in Unit.objects.filter(is_active=True).select_related("agency"):
            for word in {unit.slug, unit.name.casefold(), unit.short_name.casefold()}:
                units.setdefault(word, []).append(unit)
        codes = {region_code(row["region"]) for row in rows if row["region"]}
        shared = Region.objects.exclude(level=Region.Level.VILLAGE).filter(code__in=codes)
        agencies: dict[str, Agency] = {}
        for agency in Agency.objects.order_by("position"):
            for word in (agency.slug, agency.name, agency.short_name):
                agencies.setdefault(word.casefold(), agency)
        stages: dict[str, Stage] = {}
        for stage in Stage.objects.filter(operation=operation):
            for word in (stage.key, stage.name, stage.name_en):
                stages.setdefault(word.casefold(), stage)
        return cls(
            actor,
            operation,
            units,
            set(units_of(actor).values_list("pk", flat=True)),
            {region.code: region for region in shared},
            list(Place.objects.of(operation)),
            agencies,
            stages,
        )

    def begin(self) -> None:
        """The next row."""
        self.reasons = {}

    def once(self, *identity: Any) -> None:
        """Two rows that name the same thing in different words are still the same."""
        if identity in self.seen:
            self.reasons["unit"] = _("Baris lain dalam berkas ini sudah menyebut hal yang sama.")
        self.seen.add(identity)

    def faults(self, row: Values) -> dict[str, str]:
        """What a row names that is not there, also where other cells of it could not be read."""
        self.begin()
        self.unit(row)
        self.region(row)
        self.place(row)
        self.controller(row)
        self.stage(row)
        return self.reasons

    def unit(self, row: Values) -> Unit | None:
        if not row["unit"]:
            return None
        word = row["unit"].casefold()
        found = self.units.get(word, [])
        coded = [unit for unit in found if unit.slug == word]
        unit = next(iter(coded or found), None)
        if unit is None:
            self.reasons["unit"] = _("Satuan “%(name)s” tidak dikenal.") % {"name": row["unit"]}
        elif len(found) > 1 and not coded:
            self.reasons["unit"] = _(
                "Nama “%(name)s” dipakai lebih dari satu satuan; tulis kodenya."
            ) % {"name": row["unit"]}
        elif unit.pk not in self.own or not may(
            self.actor, Permission.DEPLOYMENT_EDIT, unit.agency
        ):
            self.reasons["unit"] = _("Satuan %(unit)s di luar wewenang jabatan Anda.") % {
                "unit": unit.short_name
            }
        return unit

    def region(self, row: Values) -> Region | None:
        if not row["region"]:
            return None
        code = region_code(row["region"])
        if code not in self.regions:
            self.reasons["region"] = _("Wilayah %(code)s tidak dikenal.") % {"code": code}
        return self.regions.get(code)

    def place(self, row: Values) -> Place | None:
        """The place of that name in the row's region."""
        if not row["place"] or not row["region"]:
            return None
        code, name = region_code(row["region"]), row["place"].casefold()
        found = [
            place
            for place in self.places
            if place.name.casefold() == name
            and (place.district_id == code or place.district_id.startswith(f"{code}."))
        ]
        if len(found) == 1:
            return found[0]
        sentence = (
            _("Tempat “%(name)s” ada lebih dari satu di wilayah itu.")
            if found
            else _("Tempat “%(name)s” tidak terdaftar di wilayah itu.")
        )
        self.reasons["place"] = sentence % {"name": row["place"]}
        return None

    def controller(self, row: Values) -> Agency | None:
        if not row["controller"]:
            return None
        agency = self.agencies.get(row["controller"].casefold())
        if agency is None:
            self.reasons["controller"] = _("Instansi “%(name)s” tidak dikenal.") % {
                "name": row["controller"]
            }
        return agency

    def stage(self, row: Values) -> Stage | None:
        if not row.get("stage"):
            return None
        stage = self.stages.get(row["stage"].casefold())
        if stage is None:
            self.reasons["stage"] = _("Tahapan “%(name)s” tidak dikenal.") % {"name": row["stage"]}
        return stage


def faults(actor: Actor, rows: Sequence[Values], at: datetime) -> list[dict[str, str]]:
    """By row and column what is named and not there."""
    lookup = Lookup.of(actor, running(at), rows)
    return [lookup.faults(row) for row in rows]


def named(values: dict[str, Any]) -> Values:
    """What was found, by column, as the file would say it."""
    unit, region = values["unit"], values["region"]
    place, controller = values["place"], values["controller"]
    return {
        "unit": unit.slug,
        "region": region.code,
        "place": place.name if place else "",
        "controller": controller.slug if controller else "",
    }
