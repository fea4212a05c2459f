"""At what hour which units report: set and changed by who keeps the forms."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from deployments.models import ReportSchedule
from portal import clock
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.audit.record import record
from portal.registry.models import Agency, Operation, Unit

WHO = ("unit_kind", "local_time")
TERMS = ("opens_before", "grace", "valid_from", "valid_to", "source")
LONGEST_WAIT = 24 * 60
"""Minutes. Who may send for longer than a day would answer two cut-offs at once."""


def add_schedule(
    operation: Operation, agency: Agency, values: Mapping[str, Any], *, by: Actor, at: datetime
) -> ReportSchedule:
    """Let every unit of a kind report daily at an hour (WITA). `values` holds WHO and TERMS. The
    same again changes nothing; Refused where that hour has other terms already."""
    _check(values)
    _to_come(values["valid_from"], values["local_time"], at)
    units = Unit.objects.filter(agency=agency, kind=values["unit_kind"], is_active=True)
    if not units.exists():
        raise Refused(_("Instansi itu tidak punya satuan jenis ini."), "unit_kind")
    terms = {name: values[name] for name in TERMS}
    with transaction.atomic():
        schedule, created = ReportSchedule.objects.get_or_create(
            operation=operation,
            agency=agency,
            **{name: values[name] for name in WHO},
            defaults=terms,
        )
        if created:
            after = terms | {name: values[name] for name in WHO} | {"agency": agency.slug}
            record("schedule.create", schedule, by=by, at=at, after=after)
        elif model_to_dict(schedule, fields=TERMS) != terms:
            raise Refused(_("Jam lapor itu sudah ada. Ubah yang ada."), "local_time")
    return schedule


def change_schedule(
    schedule: ReportSchedule,
    values: Mapping[str, Any],
    *,
    version: int,
    by: Actor,
    at: datetime,
) -> ReportSchedule:
    """Set when the reports open, how long they may come late, and from which day to which. What is
    expected already stays expected. `values` holds TERMS."""
    _check(values)
    with transaction.atomic():
        current = ReportSchedule.objects.select_for_update().get(pk=schedule.pk)
        if current.version != version:
            raise Stale(_("Jadwal ini sudah berubah sejak Anda membukanya."), current)
        if values["valid_from"] < current.valid_from:
            _to_come(values["valid_from"], current.local_time, at)
        before = model_to_dict(current, fields=TERMS)
        after = {name: values[name] for name in TERMS}
        if before == after:
            return current
        for name, value in after.items():
            setattr(current, name, value)
        current.illustrative = False
        current.version += 1
        current.save()
        record("schedule.change", current, by=by, at=at, before=before, after=after)
    return current


def _to_come(day: date, hour: time, at: datetime) -> None:
    """Nobody is late for what was not asked of him, and a past moment gets no new cut-off."""
    if datetime.combine(day, hour, clock.WITA) <= at:
        raise Refused(_("Jam itu sudah lewat pada hari pertama. Mulai hari lain."), "valid_from")


def _check(values: Mapping[str, Any]) -> None:
    if values["valid_to"] < values["valid_from"]:
        raise Refused(_("Hari terakhir mendahului hari pertama."), "valid_to")
    if not 1 <= values["opens_before"] <= LONGEST_WAIT:
        raise Refused(_("Isi antara 1 dan %(top)d menit.") % {"top": LONGEST_WAIT}, "opens_before")
    if not 0 <= values["grace"] <= LONGEST_WAIT:
        raise Refused(_("Isi antara 0 dan %(top)d menit.") % {"top": LONGEST_WAIT}, "grace")
    if not values["source"].strip():
        raise Refused(_("Sebutkan sumbernya."), "source")
