"""The calendar of working days: loaded from a kept package, corrected by administrators."""

from datetime import date, datetime
from importlib.metadata import version
from typing import Any

import holidays
from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.registry.enums import HolidayKind
from portal.registry.models import Holiday, Operation

EDITABLE = ("name", "kind", "is_working", "source")
CATEGORIES = {"public": HolidayKind.NATIONAL, "government": HolidayKind.JOINT_LEAVE}


def load_holidays() -> int:
    """National holidays and joint leave of the operations' years and of the year after; returns how
    many the package names. What an administrator wrote or took out is left as it is."""
    span = Operation.objects.aggregate(first=Min("starts_on"), last=Max("ends_on"))
    if span["first"] is None:
        return 0
    years = range(span["first"].year, span["last"].year + 2)
    source = f"python-holidays {version('holidays')}"
    rows: dict[date, Holiday] = {}
    for category, kind in CATEGORIES.items():
        found = holidays.Indonesia(years=years, categories=(category,), language="id")
        for day, name in found.items():
            rows.setdefault(day, Holiday(date=day, name=name[:120], kind=kind, source=source))
    kept = set(Holiday.objects.filter(by_hand=True).values_list("date", flat=True))
    Holiday.objects.bulk_create(
        [row for day, row in rows.items() if day not in kept],
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["name", "kind", "source"],
    )
    return len(rows)


def add_holiday(
    *,
    by: Actor,
    at: datetime,
    date: date,
    name: str,
    kind: str,
    source: str,
    is_working: bool = False,
) -> Holiday:
    """Write a day into the calendar; one that was taken out comes back with the new words."""
    policy.require(by, Permission.REGISTRY_EDIT)
    values = _checked(name=name, kind=kind, source=source, is_working=is_working)
    with transaction.atomic():
        taken_out = Holiday.objects.select_for_update().filter(date=date).first()
        if taken_out is not None and not taken_out.removal_reason:
            raise Refused(
                _("Tanggal ini sudah ada di kalender: %(name)s.") % {"name": taken_out.name}, "date"
            )
        row = taken_out or Holiday(date=date)
        _write(row, values | {"removal_reason": ""})
        record("holiday.add", row, by=by, at=at, after=values | {"date": date})
    return row


def edit_holiday(
    holiday: Holiday, *, by: Actor, at: datetime, version: int | None = None, **values: Any
) -> Holiday:
    """Correct an entry but for its date; loading leaves it alone from now on."""
    policy.require(by, Permission.REGISTRY_EDIT)
    with transaction.atomic():
        row = _lock(holiday, version)
        if row.removal_reason:
            raise Refused(_("Hari ini sudah dihapus dari kalender. Tambahkan kembali."))
        wanted = _checked(**{name: getattr(row, name) for name in EDITABLE} | values)
        changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
        if not changed:
            return row
        before = {name: getattr(row, name) for name in changed}
        _write(row, changed)
        record("holiday.edit", row, by=by, at=at, before=before, after=changed)
    return row


def remove_holiday(
    holiday: Holiday, *, by: Actor, at: datetime, reason: str, version: int | None = None
) -> Holiday:
    """Take a day out of the calendar; loading does not bring it back. A second call is the same."""
    policy.require(by, Permission.REGISTRY_EDIT)
    with transaction.atomic():
        row = _lock(holiday)
        if row.removal_reason:
            return row
        if version is not None and row.version != version:
            _lock(holiday, version)
        if not reason.strip():
            raise Refused(_("Tulis alasan menghapus hari ini dari kalender."), "reason")
        _write(row, {"removal_reason": reason.strip()})
        before = {"date": row.date, "name": row.name}
        record("holiday.remove", row, by=by, at=at, before=before, note=reason)
    return row


def _lock(holiday: Holiday, version: int | None = None) -> Holiday:
    row = Holiday.objects.select_for_update().get(pk=holiday.pk)
    if version is not None and row.version != version:
        raise Stale(
            _("Data ini sudah diubah orang lain sejak Anda membukanya. Periksa perubahannya."),
            current=row,
        )
    return row


def _checked(**values: Any) -> dict[str, Any]:
    for name in ("name", "source"):
        values[name] = values[name].strip()
    if not values["name"]:
        raise Refused(_("Beri nama hari ini."), "name")
    if not values["source"]:
        raise Refused(_("Sebutkan dasarnya, misalnya nomor keputusan."), "source")
    if values["kind"] not in HolidayKind.values:
        raise Refused(_("Jenis hari libur ini tidak dikenal."), "kind")
    return values


def _write(row: Holiday, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.by_hand = True
    row.version = row.version + 1 if row.pk else 1
    row.save()
