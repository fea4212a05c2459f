"""Units of an agency's tree, besides those of the registry's files."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.audit.record import record
from portal.registry.models import Region, Unit, UnitDistrict

EDITABLE = ("name", "short_name", "kind", "seat_id", "source", "quality", "is_active")


def register_unit(parent: Unit, values: dict[str, Any], *, by: Actor, at: datetime) -> Unit:
    """A new unit below another of the same agency. `values`: slug, EDITABLE and `districts`
    (codes)."""
    _refuse_others(parent, by)
    districts = values.pop("districts")
    with transaction.atomic():
        if Unit.objects.filter(slug=values["slug"]).exists():
            raise Refused(_("Kode satuan %(code)s sudah dipakai.") % {"code": values["slug"]})
        unit = Unit.objects.create(
            agency_id=parent.agency_id,
            parent=parent,
            path=f"{parent.path}/{values['slug']}",
            **values,
        )
        _cover(unit, districts)
        record("unit.register", unit, by=by, at=at, after=digest(unit))
    return unit


def change_unit(unit: Unit, values: dict[str, Any], *, by: Actor, at: datetime) -> Unit:
    """Bring a unit to what is given (of EDITABLE and `districts`); its place in the tree stays. The
    same again changes nothing."""
    _refuse_others(unit, by)
    with transaction.atomic():
        rows = Unit.objects.select_for_update(of=("self",)).select_related("agency")
        current = rows.get(pk=unit.pk)
        before = digest(current)
        for name in EDITABLE:
            setattr(current, name, values.get(name, getattr(current, name)))
        if "districts" in values:
            _cover(current, values["districts"])
        if digest(current) == before:
            return current
        current.save()
        record("unit.change", current, by=by, at=at, before=before, after=digest(current))
    return current


def withdraw_unit(unit: Unit, *, by: Actor, at: datetime) -> None:
    """Take out a unit that was entered by mistake, as long as nothing refers to it."""
    _refuse_others(unit, by)
    with transaction.atomic():
        current = Unit.objects.select_for_update().get(pk=unit.pk)
        if in_use([current], besides=(UnitDistrict,)):
            raise Refused(_("Satuan ini sudah dipakai data lain, jadi tetap terdaftar."))
        record("unit.withdraw", current, by=by, at=at, before=digest(current))
        current.delete()


def in_use(rows: Sequence[Any], besides: tuple[type, ...] = ()) -> Any:
    """The first of these rows of one model to which a row of any app refers; None if none."""
    if not rows:
        return None
    known = {row.pk: row for row in rows}
    for relation in rows[0]._meta.get_fields(include_hidden=True):
        referring = (relation.one_to_many or relation.one_to_one) and relation.auto_created
        if not referring or relation.related_model in besides:
            continue
        field = relation.field.attname
        others = relation.related_model._base_manager.filter(**{f"{field}__in": list(known)})
        if (found := others.values_list(field, flat=True).first()) is not None:
            return known[found]
    return None


def digest(unit: Unit) -> dict[str, Any]:
    """A unit as the trail and an import compare it."""
    covered = unit.coverage.order_by("district_id").values_list("district_id", flat=True)
    values = {name: getattr(unit, name) for name in EDITABLE}
    return {"slug": unit.slug, "parent": unit.parent_id, "districts": list(covered)} | values


def _refuse_others(unit: Unit, by: Actor) -> None:
    if not may(by, Permission.UNIT_EDIT, unit.agency):
        raise Refused(
            _("Satuan %(unit)s milik instansi lain: di luar wewenang jabatan Anda.")
            % {"unit": unit.short_name}
        )


def _cover(unit: Unit, districts: list[str]) -> None:
    """Make the unit's districts exactly these; the share of those that stay is kept."""
    wanted = set(
        Region.objects.districts().filter(code__in=districts).values_list("code", flat=True)
    )
    unit.coverage.exclude(district_id__in=wanted).delete()
    present = set(unit.coverage.values_list("district_id", flat=True))
    UnitDistrict.objects.bulk_create(
        UnitDistrict(unit=unit, district_id=code) for code in sorted(wanted - present)
    )
